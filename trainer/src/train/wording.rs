//! What is said in training clips, for a network to tell apart beside the emotion.
//!
//! A corpus of few speakers is learnt speaker by speaker: what they all say is one thing that does not depend on the voice.
//! Telling the sentences apart is a second task on the same pooled features (Caruana 1997, "Multitask Learning"), by a layer
//! of its own that does not ship.

use std::collections::BTreeMap;

use crate::corpora::{Clip, Corpus};

/// A sentence: a corpus, and what it calls what is said.
type Sentence<'a> = (Corpus, &'a str);

/// The sentences of the corpora whose sentences are to be told apart, numbered.
#[derive(Debug, Default)]
pub struct Sentences<'a> {
    numbers: BTreeMap<Sentence<'a>, usize>,
    weights: BTreeMap<Corpus, f32>,
}

impl<'a> Sentences<'a> {
    /// Numbers the sentences said in `clips`, of the corpora that have a weight above 0.
    pub fn of(clips: impl Iterator<Item = &'a Clip>, weights: &BTreeMap<Corpus, f32>) -> Self {
        let weights: BTreeMap<Corpus, f32> =
            weights.iter().map(|(&corpus, &weight)| (corpus, weight)).filter(|pair| pair.1 > 0.0).collect();
        let mut numbers: BTreeMap<Sentence<'a>, usize> =
            clips.filter(|clip| weights.contains_key(&clip.corpus)).map(|clip| (sentence(clip), 0)).collect();
        for (number, slot) in numbers.values_mut().enumerate() {
            *slot = number;
        }
        Self { numbers, weights }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// What is said in a clip, and what it counts; none where that is not to be learnt.
    pub fn said(&self, clip: &'a Clip) -> Option<Said> {
        let number = *self.numbers.get(&sentence(clip))?;
        self.weights.get(&clip.corpus).map(|&weight| Said { number, weight })
    }
}

/// What is said in a clip.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Said {
    /// The sentence's number.
    pub number: usize,
    /// What the cross-entropy of telling it counts.
    pub weight: f32,
}

/// A clip's sentence. SAVEE numbers its sentences emotion by emotion, but the first three are the same in all of them.
fn sentence(clip: &Clip) -> Sentence<'_> {
    let said = clip.statement.as_str();
    let common = ["01", "02", "03"].into_iter().find(|number| said.ends_with(number));
    (clip.corpus, common.filter(|_| clip.corpus == Corpus::Savee).unwrap_or(said))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::corpora;

    fn clip(folder: &str, stem: &str) -> Clip {
        Clip::new(PathBuf::from(stem), corpora::parse(folder, stem).unwrap())
    }

    #[test]
    fn sentences_are_the_same_whoever_says_them_in_whichever_emotion() {
        let clips = [
            clip("DC", "a02"),
            clip("JK", "su02"),
            clip("DC", "a12"),
            clip("KL", "a12"),
            clip("KL", "f12"),
            clip("", "1001_DFA_ANG_XX"),
        ];
        let sentences = Sentences::of(clips.iter(), &BTreeMap::from([(Corpus::Savee, 2.0)]));
        let numbers: Vec<_> = clips.iter().map(|clip| sentences.said(clip).map(|said| said.number)).collect();
        assert_eq!(sentences.len(), 3, "the second of all emotions, the twelfth of two");
        assert_eq!(numbers[0], numbers[1]);
        assert_eq!(numbers[2], numbers[3]);
        assert!(numbers[2] != numbers[4] && numbers[0] != numbers[2]);
        assert_eq!(numbers[5], None, "no such corpus was asked for");
        assert_eq!(sentences.said(&clips[0]).unwrap().weight, 2.0);
    }

    #[test]
    fn what_no_training_clip_says_and_what_counts_nothing_has_no_number() {
        let (trains, chooses) = ([clip("DC", "a05")], clip("JK", "a06"));
        let sentences = Sentences::of(trains.iter(), &BTreeMap::from([(Corpus::Savee, 1.0)]));
        assert_eq!(sentences.said(&chooses), None);
        let none = Sentences::of(trains.iter(), &BTreeMap::from([(Corpus::Savee, 0.0)]));
        assert!(none.is_empty() && none.said(&trains[0]).is_none());
    }
}
