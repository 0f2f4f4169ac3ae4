//! Every condition for every clip.

use std::{collections::HashMap, sync::Mutex};

use anyhow::{Context, Result};
use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use speech_emotion::{
    Emotion, audio,
    features::InputStack,
    model::{self, Inference, Scratch, weights},
    speech::{SpeechDetector, gate},
};

use super::{Condition, NoiseKinds, Row, conditions, record::Answer};
use crate::{corpora::Clip, decode::prepared, progress::Progress};

/// The most clips that babble is mixed from: a bound on memory.
const MOST_VOICES: usize = 240;

/// How it is measured.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// The seed of all that is drawn.
    pub seed: u64,
    /// How many clips are answered at once.
    pub jobs: usize,
}

/// The figures of a weights file in every condition on these clips. Each is decoded once; what can't be decoded is
/// named and left out.
///
/// # Errors
/// When the weights don't fit, or nothing is left to answer.
pub fn measure(bytes: &[u8], clips: &[&Clip], noises: &NoiseKinds, settings: &Settings) -> Result<Vec<Row>> {
    // Refuses what is no weights file before the long part.
    Worker::new(bytes)?;
    let conditions = conditions(noises);
    let voices = voices(clips, settings.seed);
    let progress = Mutex::new(Progress::new("robustness", clips.len()));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(settings.jobs).build()?;
    let answered: Vec<Option<Vec<Answer>>> = pool.install(|| {
        let of_clip = |worker: &mut Result<Worker>, clip: &&Clip| {
            let worker = worker.as_mut().map_err(|error| anyhow::anyhow!("{error:#}"))?;
            let answers = match prepared(&clip.path) {
                Ok(samples) => {
                    let others: Vec<&[f32]> = others(&voices, clip);
                    let answer = |condition: &Condition| -> Result<Answer> {
                        let (changed, rate) =
                            condition.apply(&samples, &clip.id, noises, &others, settings.seed)?;
                        worker.answer(&changed, rate)
                    };
                    let answers: Result<Vec<Answer>> = conditions.iter().map(answer).collect();
                    Some(answers.with_context(|| format!("cannot answer {}", clip.path.display()))?)
                }
                Err(error) => {
                    println!("left out: {error}");
                    None
                }
            };
            if let Ok(mut progress) = progress.lock() {
                progress.advance(1, "");
            }
            anyhow::Ok(answers)
        };
        clips.par_iter().map_init(|| Worker::new(bytes), of_clip).collect::<Result<_>>()
    })?;
    if let Ok(progress) = progress.into_inner() {
        progress.finish();
    }
    let kept = || answered.iter().zip(clips).filter_map(|(answers, clip)| Some((answers.as_ref()?, clip)));
    let labels: Vec<Emotion> = kept().map(|(_, clip)| clip.emotion).collect();
    let of = |number: usize| kept().map(|(answers, _)| answers[number]).collect::<Vec<Answer>>();
    let clean = of(0);
    conditions.iter().enumerate().map(|(n, condition)| Row::new(condition, &of(n), &clean, &labels)).collect()
}

/// Clips to mix babble from, by speaker; what can't be read is named where it is answered.
fn voices(clips: &[&Clip], seed: u64) -> HashMap<String, Vec<Vec<f32>>> {
    let mut drawn: Vec<&Clip> = clips.to_vec();
    drawn.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    let mut voices: HashMap<String, Vec<Vec<f32>>> = HashMap::new();
    for clip in drawn.into_iter().take(MOST_VOICES) {
        if let Ok(samples) = prepared(&clip.path) {
            voices.entry(clip.speaker_id()).or_default().push(samples);
        }
    }
    voices
}

/// The voices of the other speakers, in an order that depends on the clips alone.
fn others<'a>(voices: &'a HashMap<String, Vec<Vec<f32>>>, clip: &Clip) -> Vec<&'a [f32]> {
    let mut speakers: Vec<&String> = voices.keys().filter(|speaker| **speaker != clip.speaker_id()).collect();
    speakers.sort();
    speakers.iter().flat_map(|speaker| voices[*speaker].iter().map(Vec::as_slice)).collect()
}

/// Answers clips by the library's own parts, in the recognizer's order.
struct Worker {
    network: Inference,
    scratch: Scratch,
    detector: SpeechDetector,
    stack: InputStack,
}

impl Worker {
    fn new(bytes: &[u8]) -> Result<Self> {
        let network = weights::decode_inference(bytes, &model::device())?;
        let scratch = network.scratch();
        Ok(Self { network, scratch, detector: SpeechDetector::new(), stack: InputStack::new() })
    }

    /// The network's answer whatever the gate says, and what the gate says.
    fn answer(&mut self, samples: &[f32], sample_rate: u32) -> Result<Answer> {
        let samples = audio::prepare(&[samples], sample_rate)?;
        let activity = self.detector.detect(&samples);
        let features = self.stack.compute(&audio::clip::condition(&samples))?;
        let speech = activity.is_speech() && gate::is_speech(self.detector.scores(), &features);
        let probabilities = self.network.probabilities(&features, &mut self.scratch);
        Ok(Answer { probabilities, speech })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use speech_emotion::Recognizer;

    use super::*;

    #[test]
    fn answers_are_the_recognizers() {
        // Bursts of a buzz: the gate opens.
        let clip: Vec<f32> = (0..32_000)
            .map(|n| n as f32 / 16_000.0)
            .map(|t| {
                let pitch = 140.0 * t + 3.0 * (t * 5.0).sin();
                let buzz: f32 =
                    (1..20).map(|h| (std::f32::consts::TAU * pitch * h as f32).sin() / h as f32).sum();
                0.1 * buzz * (t * 9.0).sin().max(0.0)
            })
            .collect();
        let mut worker = Worker::new(weights::SHIPPED).unwrap();
        let mut recognizer = Recognizer::new().unwrap();
        for rate in [16_000, 48_000] {
            let answer = worker.answer(&clip, rate).unwrap();
            let prediction = recognizer.analyze(&[&clip], rate).unwrap();
            assert_eq!(prediction.label.is_some(), answer.speech, "{rate}");
            if let Some(probabilities) = prediction.probabilities {
                assert_eq!(probabilities, answer.probabilities);
            }
        }
    }
}
