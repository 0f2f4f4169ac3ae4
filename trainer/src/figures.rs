//! A protocol's figures from the answers of its trainings.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use speech_emotion::Emotion;

use crate::{
    corpora::Corpus,
    metrics::{Intervals, Scores, bootstrap},
    protocol::{Protocol, Track, Training},
    results::{Answer, RunRecord},
};

/// Seed of the intervals' resampling.
const SEED: u64 = 1;

/// What a protocol gave.
#[derive(Debug, Clone)]
pub struct Figures {
    /// Which.
    pub protocol: Protocol,
    /// On which track.
    pub track: Track,
    /// The seeds of its trainings.
    pub seeds: Vec<u64>,
    /// The scored answers with their labels, masked as the protocol asks: of every seed, one after another.
    pub answers: Vec<(Answer, Emotion)>,
    /// Over all of them.
    pub scores: Scores,
    /// 95 %, by bootstrap over speakers, or over clips for the random protocols.
    pub intervals: Intervals,
    /// Of each corpus.
    pub per_corpus: BTreeMap<Corpus, Scores>,
}

impl Figures {
    /// The figures of a protocol from the records of all its trainings.
    ///
    /// # Errors
    /// When nothing was scored.
    pub fn new(protocol: Protocol, track: Track, records: &[RunRecord]) -> Result<Self> {
        let trainings = protocol.trainings(track);
        let mut answers = Vec::new();
        for record in records {
            let Some(training) = trainings.iter().find(|training| training.key() == record.training) else {
                continue;
            };
            answers.extend(record.test.iter().filter_map(|answer| scored(protocol, *training, answer)));
        }
        ensure!(!answers.is_empty(), "{protocol} has no scored clips yet");
        let mut seeds: Vec<u64> = records.iter().map(|record| record.seed).collect();
        seeds.sort_unstable();
        seeds.dedup();
        let parts = Corpus::ALL
            .into_iter()
            .map(|corpus| (corpus, select(&answers, |answer| answer.corpus == corpus)))
            .filter(|(_, answers)| !answers.is_empty());
        let per_corpus =
            parts.map(|(corpus, answers)| Ok((corpus, scores(&answers)?))).collect::<Result<_>>()?;
        let (probabilities, labels) = columns(&answers);
        let speakers: Vec<String> = answers.iter().map(|(answer, _)| answer.speaker.clone()).collect();
        let groups = protocol.by_speaker().then_some(speakers.as_slice());
        Ok(Self {
            protocol,
            track,
            seeds,
            scores: scores(&answers)?,
            intervals: bootstrap(&probabilities, &labels, groups, SEED)?,
            per_corpus,
            answers,
        })
    }

    /// The id that a card has the figures under.
    pub fn id(&self) -> String {
        let own = self.track == Track::Own && self.protocol.corpus().is_some();
        format!("{}{}", self.protocol, if own { "-own" } else { "" })
    }
}

/// An answer with its label as the protocol scores it; none if it doesn't.
fn scored(protocol: Protocol, training: Training, answer: &Answer) -> Option<(Answer, Emotion)> {
    if protocol.corpus().is_some_and(|corpus| corpus != answer.corpus) {
        return None;
    }
    let mut present = [true; Emotion::COUNT];
    if protocol.corpus().is_some() || protocol == Protocol::CrossCorpus {
        present = answer.corpus.emotions();
    }
    if protocol == Protocol::CrossCorpus {
        let trained = training.corpora();
        for (index, present) in present.iter_mut().enumerate() {
            *present &= trained.iter().any(|corpus| corpus.emotions()[index]);
        }
    }
    let label = if protocol == Protocol::CremaVotes { answer.heard? } else { answer.emotion };
    present[label.index()].then(|| (masked(answer, present), label))
}

/// The answer without the emotions that can't be right: their logits left out.
fn masked(answer: &Answer, present: [bool; Emotion::COUNT]) -> Answer {
    let mut masked = answer.clone();
    for (probability, present) in masked.probabilities.iter_mut().zip(present) {
        *probability *= if present { 1.0 } else { 0.0 };
    }
    let sum: f32 = masked.probabilities.iter().sum();
    if sum > 0.0 {
        masked.probabilities = masked.probabilities.map(|p| p / sum);
    }
    masked
}

/// The answers for which `keep` holds.
pub fn select(answers: &[(Answer, Emotion)], keep: impl Fn(&Answer) -> bool) -> Vec<(Answer, Emotion)> {
    answers.iter().filter(|(answer, _)| keep(answer)).cloned().collect()
}

/// The scores of some answers.
///
/// # Errors
/// For none.
pub fn scores(answers: &[(Answer, Emotion)]) -> Result<Scores> {
    let (probabilities, labels) = columns(answers);
    Ok(Scores::new(&probabilities, &labels)?)
}

fn columns(answers: &[(Answer, Emotion)]) -> (Vec<[f32; Emotion::COUNT]>, Vec<Emotion>) {
    answers.iter().map(|(answer, label)| (answer.probabilities, *label)).unzip()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpora::Sex;

    fn answer(corpus: Corpus, emotion: Emotion, heard: Option<Emotion>, guess: [Emotion; 2]) -> Answer {
        let mut probabilities = [0.0; Emotion::COUNT];
        probabilities[guess[0].index()] = 0.6;
        probabilities[guess[1].index()] = 0.4;
        let speaker = format!("{corpus}/1");
        Answer {
            clip: String::new(),
            corpus,
            speaker,
            sex: Sex::F,
            intensity: None,
            emotion,
            heard,
            probabilities,
        }
    }

    #[test]
    fn a_corpus_is_not_asked_for_what_it_lacks() {
        let answer = answer(Corpus::CremaD, Emotion::Sad, None, [Emotion::Calm, Emotion::Sad]);
        let (masked, label) =
            scored(Protocol::CremaEvar, Training::Evar(Track::Pooled), &answer).expect("scored");
        assert_eq!((label, masked.probabilities[Emotion::Sad.index()]), (Emotion::Sad, 1.0));
        let (whole, _) = scored(Protocol::CombinedSpeaker, Training::Joint(1), &answer).expect("scored");
        assert_eq!(whole.probabilities, answer.probabilities);
        assert!(scored(Protocol::SaveeLoso, Training::Joint(1), &answer).is_none(), "another corpus");
    }

    #[test]
    fn votes_take_the_labels_place_and_ties_are_left_out() {
        let guess = [Emotion::Neutral, Emotion::Sad];
        let heard = answer(Corpus::CremaD, Emotion::Sad, Some(Emotion::Neutral), guess);
        assert_eq!(
            scored(Protocol::CremaVotes, Training::Joint(1), &heard).map(|(_, label)| label),
            Some(Emotion::Neutral)
        );
        let tie = answer(Corpus::CremaD, Emotion::Sad, None, guess);
        assert!(scored(Protocol::CremaVotes, Training::Joint(1), &tie).is_none());
    }

    #[test]
    fn across_corpora_only_shared_emotions_count() {
        let guess = [Emotion::Calm, Emotion::Sad];
        let calm = answer(Corpus::Ravdess, Emotion::Calm, None, guess);
        assert!(scored(Protocol::CrossCorpus, Training::Without(Corpus::Ravdess), &calm).is_none());
        let sad = answer(Corpus::Ravdess, Emotion::Sad, None, guess);
        let (masked, _) =
            scored(Protocol::CrossCorpus, Training::Without(Corpus::Ravdess), &sad).expect("scored");
        assert_eq!(masked.probabilities[Emotion::Calm.index()], 0.0);
    }
}
