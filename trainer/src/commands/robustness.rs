//! `trainer robustness`: what noise, rooms, codecs and browsers do to the answers.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, ensure};
use clap::Args;
use sha2::{Digest, Sha256};

use crate::{
    corpora::Clip,
    experiment::{self, Experiment},
    protocol::{Protocol, Track, Training},
    report,
    results::revision,
    robustness::{NoiseKinds, Robustness, Settings, measure},
};

/// Measure weights on a training's validation clips under noise, in rooms, through telephones, codecs and browsers, and
/// recorded otherwise; `trainer report` shows it. Weights that did not hear those clips in training, please.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The weights.
    #[arg(long, default_value = "src/model/speech_emotion.weights")]
    pub weights: PathBuf,
    /// A protocol whose training's validation part is heard [default: that of the training that ships].
    #[arg(long, conflicts_with_all = ["development", "crema_d"])]
    pub protocol: Option<Protocol>,
    /// Which of the protocol's trainings, counted from 1.
    #[arg(long, default_value_t = 1)]
    pub fold: usize,
    /// The validation part of the training that settings are chosen by.
    #[arg(long, conflicts_with = "crema_d")]
    pub development: bool,
    /// The validation part of the training on CREMA-D alone.
    #[arg(long)]
    pub crema_d: bool,
    /// The seed of the split, the noises and the rooms.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// At most so many clips, evenly taken.
    #[arg(long)]
    pub limit: Option<usize>,
    /// How many clips are answered at once.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: u16,
    /// Where robustness.json goes.
    #[arg(long, default_value = "results")]
    pub results: PathBuf,
    /// Where the data are.
    #[command(flatten)]
    pub data: experiment::Arguments,
}

/// Runs the command.
///
/// # Errors
/// When the weights, the corpora or the noise can't be read, or the record not be written.
pub fn run(arguments: &Arguments) -> Result<()> {
    let bytes = fs::read(&arguments.weights)
        .with_context(|| format!("cannot read the weights {}", arguments.weights.display()))?;
    let training = training(arguments)?;
    let experiment = Experiment::new(&arguments.data, training, arguments.seed)?;
    let clips = evenly(experiment.valid_clips().collect(), arguments.limit);
    ensure!(!clips.is_empty(), "expected clips that validate in {}, got none", training.key());
    let noises = NoiseKinds::load(experiment.noise_files(), arguments.seed)?;
    let settings = Settings { seed: arguments.seed, jobs: usize::from(arguments.jobs) };
    let robustness = Robustness {
        weights: Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect(),
        training: training.key(),
        seed: arguments.seed,
        revision: revision(),
        rows: measure(&bytes, &clips, &noises, &settings)?,
    };
    robustness.save(&arguments.results)?;
    println!("{}", report::robustness_markdown(&robustness));
    Ok(())
}

fn training(arguments: &Arguments) -> Result<Training> {
    let Some(protocol) = arguments.protocol else {
        return Ok(match arguments {
            Arguments { development: true, .. } => Training::Development,
            Arguments { crema_d: true, .. } => Training::CremaD,
            _ => Training::Everything,
        });
    };
    let trainings = protocol.trainings(Track::Pooled);
    let index = arguments.fold.checked_sub(1);
    index
        .and_then(|index| trainings.get(index))
        .copied()
        .with_context(|| format!("expected a fold from 1 to {}, got {}", trainings.len(), arguments.fold))
}

/// At most `limit` of the clips, from all over: they are sorted by speaker.
fn evenly(clips: Vec<&Clip>, limit: Option<usize>) -> Vec<&Clip> {
    let count = limit.unwrap_or(clips.len()).min(clips.len());
    (0..count).map(|n| clips[n * clips.len() / count]).collect()
}
