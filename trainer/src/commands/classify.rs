//! `trainer classify`: any audio files through the shipped recognizer, a JSON line each.

use std::{
    io::{self, BufRead},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use rayon::prelude::*;
use serde::Serialize;
use serde_json::json;
use speech_emotion::{Prediction, Recognizer};

use crate::decode::decode;

/// Files that are answered before their lines are printed, for each thread.
const FILES_AT_A_TIME: usize = 16;

/// Print a JSON line for each audio file (wav, flac, ogg, mp3, aiff), in their order.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The files; none to read a list of them from standard input, one a line.
    pub files: Vec<PathBuf>,
    /// How many files are answered at once [default: the processors].
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
}

/// Runs the command. A file that can't be answered gets a line with `error`, and the others are answered.
///
/// # Errors
/// At the end, when a file could not be answered.
pub fn run(arguments: &Arguments) -> Result<()> {
    let jobs = arguments
        .jobs
        .map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build()?;
    let mut counts = Counts::default();
    let mut answer = |files: &[PathBuf]| -> Result<()> {
        let lines: Vec<(bool, String)> = pool.install(|| {
            files
                .par_iter()
                .map_init(Recognizer::new, |recognizer, file| line(recognizer.as_mut(), file))
                .collect()
        });
        for (answered, line) in lines {
            counts.files += 1;
            counts.failed += usize::from(!answered);
            println!("{line}");
        }
        Ok(())
    };
    if arguments.files.is_empty() {
        let mut listed = Vec::new();
        for line in io::stdin().lock().lines() {
            let line = line.context("cannot read the list of files from standard input")?;
            if !line.trim().is_empty() {
                listed.push(PathBuf::from(line.trim()));
            }
            if listed.len() == jobs * FILES_AT_A_TIME {
                answer(&listed)?;
                listed.clear();
            }
        }
        answer(&listed)?;
    } else {
        for files in arguments.files.chunks(jobs * FILES_AT_A_TIME) {
            answer(files)?;
        }
    }
    ensure!(counts.files > 0, "expected files as arguments or on standard input, got none");
    if counts.failed > 0 {
        bail!("{} of {} files could not be answered", counts.failed, counts.files);
    }
    Ok(())
}

#[derive(Default)]
struct Counts {
    files: usize,
    failed: usize,
}

#[derive(Serialize)]
struct Line<'a> {
    file: &'a Path,
    #[serde(flatten)]
    prediction: Prediction,
}

/// A file's line, and whether it holds an answer.
fn line(
    recognizer: std::result::Result<&mut Recognizer, &mut speech_emotion::Error>,
    file: &Path,
) -> (bool, String) {
    let answer = match recognizer {
        Ok(recognizer) => classify(recognizer, file),
        Err(error) => Err(anyhow::anyhow!("{error}")),
    };
    match answer {
        Ok(line) => (true, line),
        Err(error) => (false, json!({ "file": file, "error": format!("{error:#}") }).to_string()),
    }
}

fn classify(recognizer: &mut Recognizer, file: &Path) -> Result<String> {
    let audio = decode(file)?;
    let channels: Vec<&[f32]> = audio.channels.iter().map(Vec::as_slice).collect();
    let prediction = recognizer
        .analyze(&channels, audio.sample_rate)
        .with_context(|| format!("cannot analyse {}", file.display()))?;
    Ok(serde_json::to_string(&Line { file, prediction })?)
}
