//! `trainer classify`: any audio files through the shipped recognizer, a JSON line each.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use serde::Serialize;
use serde_json::json;
use speech_emotion::{Prediction, Recognizer};

use crate::decode::decode;

/// Print a JSON line for each audio file (wav, flac, ogg, mp3, aiff).
#[derive(Debug, Args)]
pub struct Arguments {
    /// The files.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
}

/// Runs the command. A file that can't be answered gets a line with `error`, and the others are answered.
///
/// # Errors
/// At the end, when a file could not be answered.
pub fn run(arguments: &Arguments) -> Result<()> {
    let mut recognizer = Recognizer::new()?;
    let mut failed = 0;
    for file in &arguments.files {
        match classify(&mut recognizer, file) {
            Ok(line) => println!("{line}"),
            Err(error) => {
                failed += 1;
                println!("{}", json!({ "file": file, "error": format!("{error:#}") }));
            }
        }
    }
    if failed > 0 {
        bail!("{failed} of {} files could not be answered", arguments.files.len());
    }
    Ok(())
}

#[derive(Serialize)]
struct Line<'a> {
    file: &'a Path,
    #[serde(flatten)]
    prediction: Prediction,
}

fn classify(recognizer: &mut Recognizer, file: &Path) -> Result<String> {
    let audio = decode(file)?;
    let channels: Vec<&[f32]> = audio.channels.iter().map(Vec::as_slice).collect();
    let prediction = recognizer
        .analyze(&channels, audio.sample_rate)
        .with_context(|| format!("cannot analyse {}", file.display()))?;
    Ok(serde_json::to_string(&Line { file, prediction })?)
}
