//! `trainer calibrated`: what a speaker's own neutral sample gains, on speakers that a training held out.

use std::{collections::BTreeMap, fs, path::PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use rayon::prelude::*;
use speech_emotion::{Emotion, Recognizer, audio::SAMPLE_RATE, model::WEIGHTS_FILE};

use crate::{
    corpora::Clip,
    decode::decode,
    experiment::{self, Experiment},
    metrics::Scores,
    protocol::{Protocol, Track},
    trial::{self, NetworkName},
};

/// Neutral clips that a speaker calibrates with; they are not scored.
const CLIPS: usize = 4;

/// Score the test speakers of a joint fold twice, without and with four of their neutral clips as calibration. A track
/// of its own: it knows something of the speakers, which no other figure does.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The joint fold, 1 to 5: its weights must have been trained.
    #[arg(long, default_value_t = 1)]
    pub fold: usize,
    /// The most clips that are scored of one speaker.
    #[arg(long, default_value_t = 100)]
    pub most: usize,
    /// Where the weights are.
    #[arg(long, default_value = "runs")]
    pub runs: PathBuf,
    /// The seed of the training.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Where the data are.
    #[command(flatten)]
    pub data: experiment::Arguments,
}

/// A clip's answers, without calibration and with it.
type Answers = ([f32; Emotion::COUNT], [f32; Emotion::COUNT], Emotion);

/// Runs the command.
///
/// # Errors
/// When weights or corpora can't be read.
pub fn run(arguments: &Arguments) -> Result<()> {
    let trainings = Protocol::CombinedSpeaker.trainings(Track::Pooled);
    let training =
        *arguments.fold.checked_sub(1).and_then(|index| trainings.get(index)).with_context(|| {
            format!("expected a fold from 1 to {}, got {}", trainings.len(), arguments.fold)
        })?;
    let folder = trial::folder(&arguments.runs, training, NetworkName::Compact, arguments.seed);
    let path = folder.join(WEIGHTS_FILE);
    let weights = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let experiment = Experiment::new(&arguments.data, training, arguments.seed)?;
    let mut speakers: BTreeMap<String, Vec<&Clip>> = BTreeMap::new();
    for clip in experiment.test_clips() {
        speakers.entry(clip.speaker_id()).or_default().push(clip);
    }
    let scored: Vec<(&str, Vec<Answers>)> = speakers
        .par_iter()
        .map(|(speaker, clips)| Ok((speaker.as_str(), of_speaker(&weights, clips, arguments.most)?)))
        .collect::<Result<_>>()?;
    let corpora = ["", "RAVDESS", "CREMA-D", "TESS", "SAVEE"];
    for corpus in corpora {
        let answers: Vec<Answers> = scored
            .iter()
            .filter(|(speaker, _)| speaker.starts_with(corpus))
            .flat_map(|(_, answers)| answers.iter().copied())
            .collect();
        if answers.is_empty() {
            continue;
        }
        let labels: Vec<Emotion> = answers.iter().map(|answer| answer.2).collect();
        let before = Scores::new(&answers.iter().map(|answer| answer.0).collect::<Vec<_>>(), &labels)?;
        let after = Scores::new(&answers.iter().map(|answer| answer.1).collect::<Vec<_>>(), &labels)?;
        println!(
            "{:<8} n {:>5}  WA {:.1} %, calibrated {:.1} %  UA {:.1} %, calibrated {:.1} %",
            if corpus.is_empty() { "all" } else { corpus },
            before.n,
            100.0 * before.wa,
            100.0 * after.wa,
            100.0 * before.ua,
            100.0 * after.ua
        );
    }
    Ok(())
}

/// The answers of a speaker's clips that did not calibrate; none where the neutral ones are too few or too short.
fn of_speaker(weights: &[u8], clips: &[&Clip], most: usize) -> Result<Vec<Answers>> {
    let samples = |clip: &Clip| -> Result<Vec<f32>> {
        let decoded = decode(&clip.path)?;
        let channels: Vec<&[f32]> = decoded.channels.iter().map(Vec::as_slice).collect();
        Ok(speech_emotion::audio::prepare(&channels, decoded.sample_rate)?)
    };
    let (neutral, others): (Vec<&Clip>, Vec<&Clip>) =
        clips.iter().copied().partition(|clip| clip.emotion == Emotion::Neutral);
    if neutral.len() < CLIPS {
        return Ok(Vec::new());
    }
    let (own, rest) = neutral.split_at(CLIPS);
    let own: Vec<Vec<f32>> = own.iter().map(|clip| samples(clip)).collect::<Result<_>>()?;
    let mut plain = Recognizer::with_weights(weights)?;
    let mut calibrated = Recognizer::with_weights(weights)?;
    if calibrated.calibrate(&[&own.concat()], SAMPLE_RATE).is_err() {
        return Ok(Vec::new());
    }
    // Evenly from all of them: clips come in the order of their names, and those tell the emotion.
    let scored: Vec<&Clip> = rest.iter().chain(&others).copied().collect();
    let step = scored.len().div_ceil(most.max(1)).max(1);
    let mut answers = Vec::new();
    for clip in scored.into_iter().step_by(step) {
        let samples = samples(clip)?;
        let before = plain.analyze(&[&samples], SAMPLE_RATE)?.probabilities;
        let after = calibrated.analyze(&[&samples], SAMPLE_RATE)?.probabilities;
        answers.extend(before.zip(after).map(|(before, after)| (before, after, clip.emotion)));
    }
    Ok(answers)
}
