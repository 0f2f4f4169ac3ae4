//! `trainer train`: from corpora to weights, figures and model card.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use burn::{module::Module, tensor::Device};
use clap::Args;
use speech_emotion::model;

use super::evaluate::scored_on_test;
use crate::{
    experiment::{self, Experiment},
    train::{checkpoint::Checkpoints, export, run},
};

/// The file of the weights, in a run's folder and beside the library's model.
pub const WEIGHTS_FILE: &str = "speech_emotion.weights";

/// Train, resuming where an earlier call stopped, and score the test side once.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Which data.
    #[command(flatten)]
    pub data: experiment::Arguments,
    /// Where checkpoints, weights and reports go [default: runs/ and the protocol].
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Passes over the training clips.
    #[arg(long, default_value_t = 40)]
    pub epochs: usize,
    /// The highest learning rate.
    #[arg(long, default_value_t = 2e-3)]
    pub learning_rate: f64,
}

/// Runs the command.
///
/// # Errors
/// With what is missing, before the long part begins where that can be known.
pub fn run(arguments: &Arguments) -> Result<()> {
    let out = arguments.out.clone().unwrap_or_else(|| Path::new("runs").join(arguments.data.id()));
    let checkpoints = Checkpoints::new(&out.join("checkpoints"))?;
    let experiment = Experiment::new(&arguments.data)?;
    let train = experiment.features(&experiment.split.train, true)?;
    let valid = experiment.features(&experiment.split.valid, false)?;
    let data = experiment.training_data(&train, &valid);
    let recipe = run::Recipe {
        epochs: arguments.epochs,
        learning_rate: arguments.learning_rate,
        seed: experiment.seed,
        ..run::Recipe::default()
    };
    let (network, history) = run::train(&data, &recipe, &checkpoints, &Device::flex())?;
    fs::write(out.join("history.json"), serde_json::to_vec_pretty(&history)?)?;
    let bytes = export::weights_file(&network)?;
    let path = out.join(WEIGHTS_FILE);
    fs::write(&path, &bytes).with_context(|| format!("cannot write {}", path.display()))?;
    println!("{} parameters in {} bytes: {}", network.num_params(), bytes.len(), path.display());
    // What is scored is what ships: half precision, on the library's own backend.
    let shipped = model::weights::decode(&bytes, &model::device())?;
    scored_on_test(&shipped, &bytes, &experiment, &out)
}
