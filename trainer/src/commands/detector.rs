//! `trainer detector`: teaches the speech detector and writes its weights.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, ensure};
use clap::Args;
use speech_emotion::speech::{THRESHOLD, network};

use crate::{
    backend,
    gate::{FOLDS, Lesson, Settings, lessons, teach},
};

/// Teach the speech detector on the corpora and `noise/` what earshot hears in clean clips, and write its weights. `gate`
/// is to be run after it.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The folder with the corpora and `noise/`.
    #[arg(long)]
    pub data: PathBuf,
    /// Clips drawn from each corpus.
    #[arg(long, default_value_t = 1400)]
    pub clips: usize,
    /// Passes over their frames.
    #[arg(long, default_value_t = 12)]
    pub epochs: usize,
    /// The seed of every draw.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// The file that is written.
    #[arg(long, default_value = "src/speech/detector.weights")]
    pub out: PathBuf,
}

/// Runs the command. The last fold is heard by nothing that ends in the weights: its figures are printed last.
///
/// # Errors
/// When the data can't be read or the weights not be written.
pub fn run(arguments: &Arguments) -> Result<()> {
    backend::check()?;
    let all = lessons(&arguments.data, &Settings { clips: arguments.clips, seed: arguments.seed })?;
    ensure!(all.iter().any(|lesson| !lesson.speech), "expected noise below {}", arguments.data.display());
    let (test, training): (Vec<Lesson>, Vec<Lesson>) = all.into_iter().partition(|l| l.fold == FOLDS - 1);
    println!("{} frames of four folds, {} of the fifth", training.len(), test.len());
    let bytes = teach(&training, arguments.epochs, arguments.seed, &backend::device())?;
    ensure!(bytes.len() == network::BYTES, "expected {} bytes, made {}", network::BYTES, bytes.len());
    let network = network::Network::read(&bytes.as_slice().try_into()?);
    let says = |lesson: &Lesson| network.score(&lesson.inputs) > THRESHOLD;
    let share = |of: &dyn Fn(&Lesson) -> bool, right: &dyn Fn(&Lesson) -> bool| {
        let lessons: Vec<&Lesson> = test.iter().filter(|lesson| of(lesson)).collect();
        let right = lessons.iter().filter(|lesson| right(lesson)).count();
        100.0 * right as f64 / lessons.len().max(1) as f64
    };
    println!("on the fifth, of the frames, by what the teacher says of the clean clip:");
    println!("  speech found      {:6.2} %", share(&|l| l.target > THRESHOLD, &says));
    println!("  pauses found      {:6.2} %", share(&|l| l.speech && l.target <= THRESHOLD, &|l| !says(l)));
    println!("  noise not speech  {:6.2} %", share(&|l| !l.speech, &|l| !says(l)));
    fs::write(&arguments.out, bytes).with_context(|| format!("cannot write {}", arguments.out.display()))?;
    println!("wrote {}", arguments.out.display());
    Ok(())
}
