//! Who trains, who chooses the epoch, who is scored: the splits of the protocols.
//!
//! A split holds indices into the clips. It is made before any augmentation; only the training side gets
//! copies.

mod published;
mod random;
mod speaker;

pub use published::{EMOBOX_FOLDS, crema_evar, ravdess_emobox};
pub use random::{TEST_FRACTION, VALID_FRACTION, combined_random};
pub use speaker::{FOLDS, combined_speaker, development, everything, own_speaker, test_speakers, without};

/// Three disjoint sets of clips, as indices in ascending order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Split {
    /// The clips to learn from: the only ones that are augmented, and that statistics are taken from.
    pub train: Vec<usize>,
    /// The clips, cut from the training side, that choose the epoch and every other setting.
    pub valid: Vec<usize>,
    /// The clips that are scored once.
    pub test: Vec<usize>,
}

impl Split {
    /// The clips for which `keep` holds.
    #[must_use]
    pub fn restricted(mut self, keep: impl Fn(usize) -> bool) -> Self {
        for set in [&mut self.train, &mut self.valid, &mut self.test] {
            set.retain(|&index| keep(index));
        }
        self
    }

    /// Sorts the three sets.
    fn sorted(mut self) -> Self {
        self.train.sort_unstable();
        self.valid.sort_unstable();
        self.test.sort_unstable();
        self
    }
}

/// Clips made up for the tests of the splits.
#[cfg(test)]
pub(crate) mod tests {
    use std::{collections::BTreeSet, path::PathBuf};

    use crate::corpora::{Clip, Corpus, parse};

    /// Every clip that the corpora's naming schemes allow for a selection of speakers and sentences.
    pub(crate) fn clips() -> Vec<Clip> {
        let mut names = Vec::new();
        for actor in 1..=24 {
            for (emotion, intensity) in (1..=8).flat_map(|emotion| [(emotion, 1), (emotion, 2)]) {
                for statement in 1..=2 {
                    for repetition in 1..=2 {
                        if (emotion, intensity) != (1, 2) {
                            let code = format!(
                                "{emotion:02}-{intensity:02}-{statement:02}-{repetition:02}-{actor:02}"
                            );
                            names.push((String::new(), format!("03-01-{code}")));
                        }
                    }
                }
            }
        }
        for actor in 1001..=1091 {
            for sentence in ["DFA", "IOM", "TIE", "WSI"] {
                for emotion in ["ANG", "DIS", "FEA", "HAP", "NEU", "SAD"] {
                    names.push((String::new(), format!("{actor}_{sentence}_{emotion}_XX")));
                }
            }
        }
        for word in ["back", "bar", "base", "bath", "bean", "beg", "bite"] {
            for emotion in ["angry", "disgust", "fear", "happy", "neutral", "ps", "sad"] {
                names.extend(["OAF", "YAF"].map(|who| (String::new(), format!("{who}_{word}_{emotion}"))));
            }
        }
        for speaker in ["DC", "JE", "JK", "KL"] {
            for emotion in ["a", "d", "f", "h", "n", "sa", "su"] {
                names.extend((1..=15).map(|n| (speaker.to_owned(), format!("{emotion}{n:02}"))));
            }
        }
        let clip = |(folder, stem): (String, String)| {
            parse(&folder, &stem).map(|label| Clip::new(PathBuf::from(format!("{folder}/{stem}.wav")), label))
        };
        let clips: Vec<Clip> = names.into_iter().filter_map(clip).collect();
        assert!(Corpus::ALL.iter().all(|corpus| clips.iter().any(|clip| clip.corpus == *corpus)));
        clips
    }

    /// Who speaks in the clips at `indices`.
    pub(crate) fn speakers(clips: &[Clip], indices: &[usize]) -> BTreeSet<String> {
        indices.iter().map(|&index| clips[index].speaker_id()).collect()
    }

    /// Every clip stands in exactly one set.
    pub(crate) fn assert_partition(split: &super::Split, clips: usize) {
        let mut all: Vec<usize> =
            [&split.train, &split.valid, &split.test].into_iter().flatten().copied().collect();
        all.sort_unstable();
        assert_eq!(all, (0..clips).collect::<Vec<_>>());
    }
}
