//! `trainer ship`: puts a run's weights and card where the library and its readers find them.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use speech_emotion::model;

use super::train::WEIGHTS_FILE;

/// Copy a run's weights and card into src/model.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The run's folder.
    #[arg(default_value = "runs/combined-random")]
    pub run: PathBuf,
    /// The library's model folder.
    #[arg(long, default_value = "src/model")]
    pub model: PathBuf,
}

/// Runs the command.
///
/// # Errors
/// When a file is missing, or the weights don't load.
pub fn run(arguments: &Arguments) -> Result<()> {
    let read = |name: &str| {
        let path = arguments.run.join(name);
        fs::read(&path).with_context(|| format!("cannot read {}: has the run ended?", path.display()))
    };
    model::weights::decode(&read(WEIGHTS_FILE)?, &model::device())?;
    for (from, to) in [
        (WEIGHTS_FILE, WEIGHTS_FILE),
        ("card.json", "card.json"),
        ("model-card.md", "MODEL_CARD.md"),
        ("confusion_matrix.svg", "confusion_matrix.svg"),
        ("confusion_matrix.csv", "confusion_matrix.csv"),
        ("classification_report.txt", "classification_report.txt"),
    ] {
        let path = arguments.model.join(to);
        fs::write(&path, read(from)?).with_context(|| format!("cannot write {}", path.display()))?;
        println!("{}", path.display());
    }
    Ok(())
}
