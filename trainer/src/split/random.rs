//! `combined-random`: the four corpora, stratified by corpus and class, by clip.

use std::collections::BTreeMap;

use rand::{Rng, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

use super::Split;
use crate::corpora::Clip;

/// The part of each stratum that is scored.
pub const TEST_FRACTION: f64 = 0.2;
/// The part of the rest that chooses the epoch.
pub const VALID_FRACTION: f64 = 0.1;

/// Splits clips 80 to 20, alike in every corpus and class, and cuts a tenth of the larger part off for
/// validation. Clips of one recording stay together. The same seed gives the same split of the same clips,
/// whatever their order.
pub fn combined_random(clips: &[Clip], seed: u64) -> Split {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut strata: BTreeMap<_, BTreeMap<&str, Vec<usize>>> = BTreeMap::new();
    let mut stratum_of: BTreeMap<&str, _> = BTreeMap::new();
    let mut order: Vec<usize> = (0..clips.len()).collect();
    order.sort_by(|&a, &b| clips[a].id.cmp(&clips[b].id));
    for index in order {
        let clip = &clips[index];
        // A recording belongs where its first clip does, should its clips differ.
        let stratum = *stratum_of.entry(clip.group.as_str()).or_insert((clip.corpus, clip.emotion));
        strata.entry(stratum).or_default().entry(clip.group.as_str()).or_default().push(index);
    }
    let mut split = Split::default();
    for groups in strata.into_values() {
        let groups: Vec<Vec<usize>> = groups.into_values().collect();
        let (test, rest) = cut(groups, TEST_FRACTION, &mut rng);
        let (valid, train) = cut(rest, VALID_FRACTION, &mut rng);
        split.test.extend(test.into_iter().flatten());
        split.valid.extend(valid.into_iter().flatten());
        split.train.extend(train.into_iter().flatten());
    }
    split.sorted()
}

/// A tenth of `indices`, alike in every class, and the rest; both in ascending order.
pub(super) fn validation(clips: &[Clip], indices: &[usize], seed: u64) -> (Vec<usize>, Vec<usize>) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut strata: BTreeMap<_, BTreeMap<&str, Vec<usize>>> = BTreeMap::new();
    for &index in indices {
        let clip = &clips[index];
        strata.entry(clip.emotion).or_default().entry(clip.group.as_str()).or_default().push(index);
    }
    let (mut valid, mut train) = (Vec::new(), Vec::new());
    for groups in strata.into_values() {
        let (taken, rest) = cut(groups.into_values().collect(), VALID_FRACTION, &mut rng);
        valid.extend(taken.into_iter().flatten());
        train.extend(rest.into_iter().flatten());
    }
    valid.sort_unstable();
    train.sort_unstable();
    (valid, train)
}

/// Draws groups until they hold `fraction` of the clips, rounded; a group that would overshoot is passed over.
fn cut(mut groups: Vec<Vec<usize>>, fraction: f64, rng: &mut impl Rng) -> (Vec<Vec<usize>>, Vec<Vec<usize>>) {
    groups.shuffle(rng);
    let clips: usize = groups.iter().map(Vec::len).sum();
    let wanted = (clips as f64 * fraction).round() as usize;
    let mut taken = 0;
    groups.into_iter().partition(|group| {
        let fits = taken + group.len() <= wanted;
        taken += if fits { group.len() } else { 0 };
        fits
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::split::tests::{assert_partition, clips};
    use std::collections::HashMap;

    #[test]
    fn every_clip_once_and_every_recording_on_one_side() {
        let clips = clips();
        for seed in 0..20 {
            let split = combined_random(&clips, seed);
            assert_partition(&split, clips.len());
            let mut side: HashMap<&str, usize> = HashMap::new();
            for (number, set) in [&split.train, &split.valid, &split.test].into_iter().enumerate() {
                for &index in set {
                    assert_eq!(
                        *side.entry(&clips[index].group).or_insert(number),
                        number,
                        "{}",
                        clips[index].id
                    );
                }
            }
        }
    }

    #[test]
    fn the_pair_of_actor_seven_is_one_group() {
        let groups: HashMap<String, usize> = clips().iter().fold(HashMap::new(), |mut groups, clip| {
            *groups.entry(clip.group.clone()).or_default() += 1;
            groups
        });
        let pairs: Vec<_> = groups.iter().filter(|(_, count)| **count > 1).collect();
        assert_eq!(pairs, [(&"RAVDESS/03-01-03-01-02-01-07".to_owned(), &2)]);
    }

    #[test]
    fn every_corpus_and_class_has_its_share() {
        let clips = clips();
        let split = combined_random(&clips, 7);
        let mut strata: HashMap<_, [f64; 3]> = HashMap::new();
        for (number, set) in [&split.train, &split.valid, &split.test].into_iter().enumerate() {
            for &index in set {
                strata.entry((clips[index].corpus, clips[index].emotion)).or_default()[number] += 1.0;
            }
        }
        assert_eq!(strata.len(), 8 + 6 + 7 + 7);
        for (stratum, [train, valid, test]) in strata {
            let all = train + valid + test;
            assert!((test - TEST_FRACTION * all).abs() <= 1.0, "{stratum:?}: {test} of {all} tested");
            let expected = VALID_FRACTION * (train + valid);
            assert!((valid - expected).abs() <= 1.0, "{stratum:?}: {valid} of {} validate", train + valid);
        }
    }

    #[test]
    fn the_seed_alone_decides() {
        let mut clips = clips();
        let split = combined_random(&clips, 1);
        assert_eq!(split, combined_random(&clips, 1));
        assert_ne!(split, combined_random(&clips, 2));
        let tested: Vec<String> = split.test.iter().map(|&index| clips[index].id.clone()).collect();
        clips.reverse();
        let mut again: Vec<String> =
            combined_random(&clips, 1).test.iter().map(|&index| clips[index].id.clone()).collect();
        again.reverse();
        assert_eq!(tested, again);
    }

    #[test]
    fn few_clips_are_no_trouble() {
        assert_eq!(combined_random(&[], 1), Split::default());
        let few: Vec<Clip> = clips().into_iter().step_by(400).collect();
        assert_partition(&combined_random(&few, 1), few.len());
    }
}
