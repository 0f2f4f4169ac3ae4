//! `trainer baseline`: how much the average neutral voice varies, towards which a calibrated speaker is brought.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use rayon::prelude::*;
use speech_emotion::{
    Emotion, audio,
    features::{InputStack, STACK_CHANNELS},
};

use crate::{
    corpora::{self, Clip},
    decode::decode,
};

/// Clips of each speaker: as many neutral ones as every speaker has.
const CLIPS: usize = 4;

/// Average the deviations of neutral clips' features, and write src/baseline/neutral.rs.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The folder with the corpora.
    #[arg(long)]
    pub data: PathBuf,
    /// The file that is written.
    #[arg(long, default_value = "src/baseline/neutral.rs")]
    pub out: PathBuf,
}

/// Runs the command.
///
/// # Errors
/// When the data can't be read or the file not be written.
pub fn run(arguments: &Arguments) -> Result<()> {
    let mut speakers: BTreeMap<String, Vec<Clip>> = BTreeMap::new();
    for clip in corpora::scan(&arguments.data)?.clips {
        if clip.emotion == Emotion::Neutral {
            speakers.entry(clip.speaker_id()).or_default().push(clip);
        }
    }
    let clips: Vec<Clip> = speakers.into_values().flat_map(|clips| clips.into_iter().take(CLIPS)).collect();
    let deviations: Vec<Vec<f64>> = clips.par_iter().map(deviations).collect::<Result<_>>()?;
    let count = deviations.len() as f64;
    let mean =
        (0..STACK_CHANNELS).map(|row| deviations.iter().map(|of_clip| of_clip[row]).sum::<f64>() / count);
    fs::write(&arguments.out, source(&mean.collect::<Vec<_>>()))
        .with_context(|| format!("cannot write {}", arguments.out.display()))?;
    println!("wrote the mean of {} clips to {}", clips.len(), arguments.out.display());
    Ok(())
}

/// The standard deviation of every row of a clip's features.
fn deviations(clip: &Clip) -> Result<Vec<f64>> {
    let decoded = decode(&clip.path)?;
    let channels: Vec<&[f32]> = decoded.channels.iter().map(Vec::as_slice).collect();
    let samples = audio::prepare(&channels, decoded.sample_rate)?;
    let features = InputStack::new().compute(&audio::clip::condition(&samples))?;
    Ok((0..STACK_CHANNELS).map(|row| deviation(features.row(row))).collect())
}

fn deviation(values: &[f32]) -> f64 {
    let count = values.len().max(1) as f64;
    let mean = values.iter().map(|&value| f64::from(value)).sum::<f64>() / count;
    (values.iter().map(|&value| (f64::from(value) - mean).powi(2)).sum::<f64>() / count).sqrt()
}

/// The deviations as the library's source.
fn source(deviations: &[f64]) -> String {
    let mut text = format!(
        "//! How much the average neutral voice varies, written by `trainer baseline`: {CLIPS} neutral clips of every speaker.\n\n\
         use crate::features::STACK_CHANNELS;\n\n/// The standard deviation within a clip of every row of the network's input.\n#[rustfmt::skip]\n\
         pub const NEUTRAL: [f32; STACK_CHANNELS] = [\n"
    );
    for line in deviations.chunks(8) {
        let values: Vec<String> = line.iter().map(|value| format!("{value:.3}")).collect();
        // Writing to a String can't fail.
        let _ = writeln!(text, "    {},", values.join(", "));
    }
    text + "];\n"
}
