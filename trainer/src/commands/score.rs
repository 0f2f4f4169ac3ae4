//! `trainer score`: a weights file's figures on one training's test side.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use speech_emotion::{Emotion, model};

use crate::{
    experiment::{self, Experiment},
    metrics::Scores,
    protocol::{Protocol, Track},
    report, trial,
};

/// Score a weights file of the shipped layout on the test side of one of a protocol's trainings. Nothing is masked.
/// Say the seed that it was trained with: a file that heard the test side in training scores too well.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The weights to score.
    #[arg(long, default_value = "src/model/speech_emotion.weights")]
    pub weights: PathBuf,
    /// The protocol.
    #[arg(long, default_value = "combined-random")]
    pub protocol: Protocol,
    /// Which of its trainings, counted from 1.
    #[arg(long, default_value_t = 1)]
    pub fold: usize,
    /// The seed of the split.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Score on the training's validation part instead: what a choice may be made by.
    #[arg(long)]
    pub validation: bool,
    /// Where the data are.
    #[command(flatten)]
    pub data: experiment::Arguments,
}

/// Runs the command.
///
/// # Errors
/// When the weights or the corpora can't be read.
pub fn run(arguments: &Arguments) -> Result<()> {
    let bytes = fs::read(&arguments.weights)
        .with_context(|| format!("cannot read the weights {}", arguments.weights.display()))?;
    let network = model::weights::decode(&bytes, &model::device())?;
    let trainings = arguments.protocol.trainings(Track::Pooled);
    let training =
        arguments.fold.checked_sub(1).and_then(|index| trainings.get(index)).with_context(|| {
            format!("expected a fold from 1 to {}, got {}", trainings.len(), arguments.fold)
        })?;
    let experiment = Experiment::new(&arguments.data, *training, arguments.seed)?;
    let items =
        if arguments.validation { experiment.valid_features()? } else { experiment.test_features()? };
    let labels: Vec<Emotion> = items.iter().map(|item| experiment.clips[item.clip].emotion).collect();
    let scores = Scores::new(&trial::probabilities(&network, &items), &labels)?;
    println!("{}", report::classification_report(&scores));
    println!("WA {:.1} %  UA {:.1} %  n {}", 100.0 * scores.wa, 100.0 * scores.ua, scores.n);
    Ok(())
}
