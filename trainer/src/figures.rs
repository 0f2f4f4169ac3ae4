//! A protocol's figures from the answers of its trainings.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use speech_emotion::Emotion;

use crate::{
    corpora::Corpus,
    metrics::{Intervals, Scores, argmax, bootstrap},
    protocol::{Protocol, Track, Training},
    results::{Answer, RunRecord},
};

/// Seed of the intervals' resampling.
const SEED: u64 = 1;

/// How good the answers are that are not unsure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sure {
    /// Their share of all.
    pub share: f64,
    /// How many of them are right, a fraction.
    pub wa: f64,
    /// How many of the others are.
    pub wa_of_unsure: f64,
}

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
    /// By the threshold that each training's validation part gave.
    pub sure: Sure,
}

impl Figures {
    /// The figures of a protocol from the records of all its trainings.
    ///
    /// # Errors
    /// When nothing was scored.
    pub fn new(protocol: Protocol, track: Track, records: &[RunRecord]) -> Result<Self> {
        let trainings = protocol.trainings(track);
        let mut answers = Vec::new();
        let mut sure = Vec::new();
        for record in records {
            let Some(training) = trainings.iter().find(|training| training.key() == record.training) else {
                continue;
            };
            answers.extend(record.test.iter().filter_map(|answer| scored(protocol, *training, answer)));
            sure.resize(answers.len(), record.unsure_below);
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
            sure: sure_part(&answers, &sure),
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

/// `thresholds` has one for each answer.
fn sure_part(answers: &[(Answer, Emotion)], thresholds: &[f32]) -> Sure {
    // Unsure ones first: how many there are, and how many are right.
    let mut counts = [(0_usize, 0_usize); 2];
    for ((answer, label), threshold) in answers.iter().zip(thresholds) {
        let best = argmax(&answer.probabilities);
        let (all, right) = &mut counts[usize::from(answer.probabilities[best] >= *threshold)];
        *all += 1;
        *right += usize::from(best == label.index());
    }
    let ratio = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    let [(unsure, unsure_right), (all, right)] = counts;
    Sure { share: ratio(all, unsure + all), wa: ratio(right, all), wa_of_unsure: ratio(unsure_right, unsure) }
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
    fn unsure_answers_are_counted_apart() {
        let guess = [Emotion::Sad, Emotion::Happy];
        let of = |emotion| (answer(Corpus::Tess, emotion, None, guess), emotion);
        let answers = [of(Emotion::Sad), of(Emotion::Sad), of(Emotion::Happy), of(Emotion::Sad)];
        let sure = sure_part(&answers, &[0.5, 0.6, 0.5, 0.7]);
        assert_eq!(sure, Sure { share: 0.75, wa: 2.0 / 3.0, wa_of_unsure: 1.0 });
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
