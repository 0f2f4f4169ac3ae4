//! Splits that others published, by actor.

use std::collections::BTreeSet;

use super::{Split, speaker};
use crate::corpora::{Clip, Corpus};

/// How many folds `ravdess-emobox` has.
pub const EMOBOX_FOLDS: usize = 6;

/// RAVDESS's test actors in each fold of EmoBox (Ma et al. 2024).
const EMOBOX: [&[u16]; EMOBOX_FOLDS] =
    [&[1, 11, 20, 21], &[4, 10, 12, 14], &[8, 9, 19, 23], &[3, 5, 7, 24], &[2, 15, 16, 18], &[6, 13, 17, 22]];
/// CREMA-D's validating actors in EVAR.
const EVAR_VALID: [u16; 9] = [1009, 1011, 1022, 1034, 1039, 1047, 1066, 1070, 1082];
/// CREMA-D's test actors in EVAR.
const EVAR_TEST: [u16; 19] = [
    1001, 1004, 1017, 1019, 1020, 1025, 1026, 1029, 1033, 1035, 1042, 1044, 1050, 1053, 1056, 1058, 1060,
    1069, 1083,
];

fn numbered(corpus: Corpus, numbers: &[u16]) -> BTreeSet<String> {
    let width = if corpus == Corpus::Ravdess { 2 } else { 4 };
    numbers.iter().map(|number| format!("{corpus}/{number:0width$}")).collect()
}

/// A fold of `ravdess-emobox`, counted from 0; the other corpora train whole but for the validating speakers.
pub fn ravdess_emobox(clips: &[Clip], fold: usize, seed: u64) -> Split {
    let tested = numbered(Corpus::Ravdess, EMOBOX.get(fold).copied().unwrap_or_default());
    speaker::split(clips, &tested, seed)
}

/// `crema-evar`: the published actors validate and are scored; the other corpora train whole.
pub fn crema_evar(clips: &[Clip]) -> Split {
    let [tested, validating] = [&EVAR_TEST[..], &EVAR_VALID].map(|numbers| numbered(Corpus::CremaD, numbers));
    speaker::divide(clips, &tested, &validating)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::split::tests::{assert_partition, clips, speakers};

    #[test]
    fn emobox_tests_every_actor_once() {
        let clips = clips();
        let mut all = BTreeSet::new();
        for fold in 0..EMOBOX_FOLDS {
            let split = ravdess_emobox(&clips, fold, 1);
            assert_partition(&split, clips.len());
            let [train, valid, test] =
                [&split.train, &split.valid, &split.test].map(|set| speakers(&clips, set));
            assert!(train.is_disjoint(&valid) && train.is_disjoint(&test) && valid.is_disjoint(&test));
            assert_eq!(test.len(), 4);
            assert!(
                test.iter().all(|speaker| speaker.starts_with("RAVDESS/") && all.insert(speaker.clone()))
            );
        }
        assert_eq!(all.len(), 24);
    }

    #[test]
    fn evar_has_its_published_actors() {
        let clips = clips();
        let split = crema_evar(&clips);
        assert_partition(&split, clips.len());
        let [train, valid, test] = [&split.train, &split.valid, &split.test].map(|set| speakers(&clips, set));
        assert_eq!((valid.len(), test.len()), (9, 19));
        assert_eq!(train.iter().filter(|speaker| speaker.starts_with("CREMA-D/")).count(), 63);
        assert!(test.contains("CREMA-D/1083") && valid.contains("CREMA-D/1009"));
    }
}
