//! `trainer evaluate`: a protocol's trainings and figures.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use crate::{
    figures::Figures,
    protocol::{Protocol, Track, Training},
    report,
    results::RunRecord,
    trial,
};

/// Train and score a protocol, resuming where an earlier call stopped; one JSON a training goes below the results.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The protocol.
    #[arg(long)]
    pub protocol: Protocol,
    /// What single-corpus protocols train on.
    #[arg(long, default_value = "pooled")]
    pub track: Track,
    /// How many seeds, from 1 on.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=100))]
    pub seeds: u64,
    /// Only these of its trainings, counted from 1, as `1,3` [default: all].
    #[arg(long, value_delimiter = ',')]
    pub folds: Vec<usize>,
    /// Where the records go.
    #[arg(long, default_value = "results")]
    pub results: PathBuf,
    /// How to train.
    #[command(flatten)]
    pub trial: trial::Arguments,
}

/// Runs the command.
///
/// # Errors
/// When data, checkpoints or records can't be read or written.
pub fn run(arguments: &Arguments) -> Result<()> {
    let trainings = arguments.protocol.trainings(arguments.track);
    if let Some(fold) = arguments.folds.iter().find(|fold| !(1..=trainings.len()).contains(*fold)) {
        anyhow::bail!("expected folds from 1 to {}, got {fold}", trainings.len());
    }
    let chosen = trainings
        .iter()
        .enumerate()
        .filter(|(n, _)| arguments.folds.is_empty() || arguments.folds.contains(&(n + 1)));
    let mut records = Vec::new();
    for (_, &training) in chosen {
        for seed in 1..=arguments.seeds {
            records.push(recorded(&arguments.trial, &arguments.results, training, seed)?);
        }
    }
    let figures = Figures::new(arguments.protocol, arguments.track, &records)?;
    println!("{}", report::classification_report(&figures.scores));
    println!("{}", report::lines(&figures));
    Ok(())
}

/// The record of a training: the one that is there, else of a training now.
///
/// # Errors
/// When data, checkpoints or records can't be read or written.
pub fn recorded(
    arguments: &trial::Arguments,
    results: &Path,
    training: Training,
    seed: u64,
) -> Result<RunRecord> {
    let path = RunRecord::path(results, &training.key(), arguments.network.id(), seed);
    if let Some(record) = RunRecord::load(&path)? {
        println!("{}: there already", path.display());
        return Ok(record);
    }
    let record = trial::run(arguments, training, seed)?;
    record.save(&path)?;
    println!("written: {}", path.display());
    Ok(record)
}
