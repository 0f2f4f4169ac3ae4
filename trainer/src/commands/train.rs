//! `trainer train`: the weights that ship.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::evaluate::recorded;
use crate::{protocol::Training, trial};

/// Train the weights that ship, on all the data less a validation part, resuming where an earlier call stopped.
#[derive(Debug, Args)]
pub struct Arguments {
    /// On CREMA-D alone, whose licence permits more: six emotions.
    #[arg(long)]
    pub crema_d: bool,
    /// For choosing settings: the last joint fold's speakers stand aside, a quarter of the others validates.
    #[arg(long, conflicts_with = "crema_d")]
    pub development: bool,
    /// The seed of everything drawn.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Where the record goes.
    #[arg(long, default_value = "results")]
    pub results: PathBuf,
    /// How to train.
    #[command(flatten)]
    pub trial: trial::Arguments,
}

/// Runs the command.
///
/// # Errors
/// With what is missing, before the long part begins where that can be known.
pub fn run(arguments: &Arguments) -> Result<()> {
    let training = match arguments {
        Arguments { crema_d: true, .. } => Training::CremaD,
        Arguments { development: true, .. } => Training::Development,
        _ => Training::Everything,
    };
    let record = recorded(&arguments.trial, &arguments.results, training, arguments.seed)?;
    let best = record.history.iter().find(|figures| figures.epoch == record.best_epoch);
    if let Some(best) = best {
        println!(
            "epoch {}: validation WA {:.1} %, UA {:.1} %; temperature {:.2}",
            best.epoch,
            100.0 * best.valid_wa,
            100.0 * best.valid_ua,
            record.temperature
        );
    }
    let folder = trial::folder(&arguments.trial.runs, training, arguments.trial.network, arguments.seed);
    println!("{} parameters in {} bytes: {}", record.parameters, record.weights_bytes, folder.display());
    Ok(())
}
