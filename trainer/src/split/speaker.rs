//! `combined-speaker`: five joint folds over the four corpora, no speaker on both sides.

use std::collections::{BTreeMap, BTreeSet};

use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

use super::{Split, random};
use crate::corpora::{Clip, Corpus};

/// How many joint folds there are.
pub const FOLDS: usize = 5;

/// RAVDESS by actor: the folds of Luna-Jimenez et al. (2021).
const RAVDESS: [&[u16]; FOLDS] =
    [&[2, 5, 14, 15, 16], &[3, 6, 7, 13, 18], &[10, 11, 12, 19, 20], &[8, 17, 21, 23, 24], &[1, 4, 9, 22]];
/// The last CREMA-D actor of each fold; each begins where the one before ends.
const CREMA_D_LAST: [u16; FOLDS] = [1018, 1036, 1054, 1072, 1091];
/// SAVEE's speakers; the fifth fold has none.
const SAVEE: [&str; FOLDS] = ["JE", "KL", "DC", "JK", ""];
/// TESS's actresses; the last three folds have none.
const TESS: [&str; FOLDS] = ["YAF", "OAF", "", "", ""];
/// One in so many training speakers of a corpus and sex validates.
const SPEAKERS_PER_VALID: usize = 10;
/// The same for the choice of settings.
const SPEAKERS_PER_DEVELOPMENT_VALID: usize = 4;
/// Who validates there of the corpora with few speakers.
const DEVELOPMENT_VALID: [&str; 2] = ["SAVEE/JK", "TESS/OAF"];

/// Whether a speaker of a corpus is tested in a fold, counted from 0.
fn is_tested(corpus: Corpus, speaker: &str, fold: usize) -> bool {
    let number = speaker.parse::<u16>().unwrap_or(0);
    match corpus {
        Corpus::Ravdess => RAVDESS[fold].contains(&number),
        Corpus::CremaD => CREMA_D_LAST.iter().position(|&last| number <= last) == Some(fold),
        Corpus::Savee => speaker == SAVEE[fold],
        Corpus::Tess => speaker == TESS[fold],
    }
}

/// The speakers (`CORPUS/speaker`) among `clips` that a fold tests, in order; none for a fold from [`FOLDS`] on.
pub fn test_speakers(clips: &[Clip], fold: usize) -> BTreeSet<String> {
    let tested = |clip: &&Clip| fold < FOLDS && is_tested(clip.corpus, &clip.speaker, fold);
    clips.iter().filter(tested).map(Clip::speaker_id).collect()
}

/// The split of a joint fold, `fold` counted from 0 to 4; from [`FOLDS`] on nothing is tested.
///
/// The validation part is whole training speakers of RAVDESS and CREMA-D, a tenth of each sex (at least one);
/// the seed draws them. SAVEE and TESS have too few speakers to give one up.
pub fn combined_speaker(clips: &[Clip], fold: usize, seed: u64) -> Split {
    split(clips, &test_speakers(clips, fold), seed)
}

/// The split that tests the speakers of `tested`, with validating speakers as in [`combined_speaker`].
pub(super) fn split(clips: &[Clip], tested: &BTreeSet<String>, seed: u64) -> Split {
    divide(clips, tested, &drawn_speakers(clips, tested, SPEAKERS_PER_VALID, seed))
}

/// A joint fold of one corpus alone. SAVEE and TESS, whose speakers are too few to validate, give a tenth of their
/// training clips to it.
pub fn own_speaker(clips: &[Clip], corpus: Corpus, fold: usize, seed: u64) -> Split {
    let mut split = combined_speaker(clips, fold, seed).restricted(|index| clips[index].corpus == corpus);
    if split.valid.is_empty() {
        (split.valid, split.train) = random::validation(clips, &split.train, seed);
    }
    split
}

/// Three corpora train and validate, the fourth is tested whole.
pub fn without(clips: &[Clip], corpus: Corpus, seed: u64) -> Split {
    let tested = clips.iter().filter(|clip| clip.corpus == corpus).map(Clip::speaker_id).collect();
    split(clips, &tested, seed)
}

/// Nothing is tested; a tenth of the speakers of RAVDESS and CREMA-D validates.
pub fn everything(clips: &[Clip], seed: u64) -> Split {
    split(clips, &BTreeSet::new(), seed)
}

/// The split by which settings are chosen: the last fold's test speakers stand aside, a quarter of the other
/// speakers of RAVDESS and CREMA-D, one of SAVEE and one of TESS validate. Nothing is tested, so the last fold
/// scores what was chosen on speakers that had no part in the choice.
pub fn development(clips: &[Clip], seed: u64) -> Split {
    let aside = test_speakers(clips, FOLDS - 1);
    let mut validating = drawn_speakers(clips, &aside, SPEAKERS_PER_DEVELOPMENT_VALID, seed);
    validating.extend(DEVELOPMENT_VALID.map(str::to_owned));
    let mut split = divide(clips, &aside, &validating);
    split.test.clear();
    split
}

/// One in `per` speakers of RAVDESS and CREMA-D, by sex, of those that are not in `without`; at least one each.
fn drawn_speakers(clips: &[Clip], without: &BTreeSet<String>, per: usize, seed: u64) -> BTreeSet<String> {
    let mut candidates: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
    for clip in clips.iter().filter(|clip| matches!(clip.corpus, Corpus::Ravdess | Corpus::CremaD)) {
        let speaker = clip.speaker_id();
        if !without.contains(&speaker) {
            candidates.entry((clip.corpus, clip.sex)).or_default().insert(speaker);
        }
    }
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut validating = BTreeSet::new();
    for speakers in candidates.into_values() {
        let mut speakers: Vec<String> = speakers.into_iter().collect();
        speakers.shuffle(&mut rng);
        let count = (speakers.len() / per).max(1);
        validating.extend(speakers.into_iter().take(count));
    }
    validating
}

/// Every clip to the side that its speaker stands on.
pub(super) fn divide(clips: &[Clip], tested: &BTreeSet<String>, validating: &BTreeSet<String>) -> Split {
    let mut split = Split::default();
    for (index, clip) in clips.iter().enumerate() {
        let speaker = clip.speaker_id();
        if tested.contains(&speaker) {
            split.test.push(index);
        } else if validating.contains(&speaker) {
            split.valid.push(index);
        } else {
            split.train.push(index);
        }
    }
    split
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::split::tests::{assert_partition, clips, speakers};

    #[test]
    fn own_tracks_stay_within_their_corpus() {
        let clips = clips();
        for corpus in Corpus::ALL {
            for fold in 0..FOLDS {
                let split = own_speaker(&clips, corpus, fold, 1);
                let joint = combined_speaker(&clips, fold, 1);
                let own = |index: &&usize| clips[**index].corpus == corpus;
                assert_eq!(split.test, joint.test.iter().filter(own).copied().collect::<Vec<_>>());
                let whole = clips.iter().filter(|clip| clip.corpus == corpus).count();
                assert_eq!(split.train.len() + split.valid.len() + split.test.len(), whole);
                assert!(!split.valid.is_empty() && split.valid.len() * 4 < split.train.len());
                let [train, test] = [&split.train, &split.test].map(|set| speakers(&clips, set));
                assert!(train.is_disjoint(&test));
            }
        }
    }

    #[test]
    fn a_corpus_that_is_left_out_is_tested_whole() {
        let clips = clips();
        for corpus in Corpus::ALL {
            let split = without(&clips, corpus, 1);
            assert_partition(&split, clips.len());
            assert!(split.test.iter().all(|&index| clips[index].corpus == corpus));
            assert!(split.train.iter().chain(&split.valid).all(|&index| clips[index].corpus != corpus));
            assert!(!split.valid.is_empty());
        }
        let split = everything(&clips, 1);
        assert_partition(&split, clips.len());
        assert!(split.test.is_empty() && !split.valid.is_empty());
    }

    #[test]
    fn no_speaker_stands_on_two_sides() {
        let clips = clips();
        for fold in 0..FOLDS {
            for seed in 0..5 {
                let split = combined_speaker(&clips, fold, seed);
                assert_partition(&split, clips.len());
                let [train, valid, test] =
                    [&split.train, &split.valid, &split.test].map(|set| speakers(&clips, set));
                assert!(train.is_disjoint(&valid) && train.is_disjoint(&test) && valid.is_disjoint(&test));
                assert!(!valid.is_empty() && valid.len() < train.len() / 5, "{} validate", valid.len());
            }
        }
    }

    #[test]
    fn the_folds_together_test_every_clip_once() {
        let clips = clips();
        let mut tested: Vec<usize> =
            (0..FOLDS).flat_map(|fold| combined_speaker(&clips, fold, 1).test).collect();
        tested.sort_unstable();
        assert_eq!(tested, (0..clips.len()).collect::<Vec<_>>());
        assert!(test_speakers(&clips, FOLDS).is_empty());
    }

    #[test]
    fn folds_are_the_published_ones() {
        let clips = clips();
        let first = test_speakers(&clips, 0);
        for speaker in ["RAVDESS/02", "RAVDESS/16", "CREMA-D/1001", "CREMA-D/1018", "SAVEE/JE", "TESS/YAF"] {
            assert!(first.contains(speaker), "{speaker}");
        }
        assert_eq!(first.len(), 5 + 18 + 1 + 1);
        let last = test_speakers(&clips, 4);
        assert_eq!(last.len(), 4 + 19);
        assert!(
            last.contains("CREMA-D/1073") && last.contains("CREMA-D/1091") && last.contains("RAVDESS/22")
        );
    }

    #[test]
    fn development_leaves_the_last_fold_aside() {
        let clips = clips();
        let split = development(&clips, 1);
        assert!(split.test.is_empty());
        let [train, valid] = [&split.train, &split.valid].map(|set| speakers(&clips, set));
        let last = test_speakers(&clips, FOLDS - 1);
        assert!(train.is_disjoint(&valid) && last.is_disjoint(&train) && last.is_disjoint(&valid));
        assert!(valid.contains("SAVEE/JK") && valid.contains("TESS/OAF"));
        assert_eq!(
            train.len() + valid.len() + last.len(),
            speakers(&clips, &(0..clips.len()).collect::<Vec<_>>()).len()
        );
    }

    #[test]
    fn the_seed_draws_the_validating_speakers() {
        let clips = clips();
        assert_eq!(combined_speaker(&clips, 2, 1), combined_speaker(&clips, 2, 1));
        assert_ne!(combined_speaker(&clips, 2, 1).valid, combined_speaker(&clips, 2, 2).valid);
    }
}
