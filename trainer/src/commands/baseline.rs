//! `trainer baseline`: the average neutral voice that a calibrated speaker is moved towards.

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

/// Average the features of neutral clips, and write src/baseline/neutral.rs.
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
    let means: Vec<Vec<f64>> = clips.par_iter().map(mean).collect::<Result<_>>()?;
    let count = means.len() as f64;
    let mean = (0..STACK_CHANNELS).map(|row| means.iter().map(|mean| mean[row]).sum::<f64>() / count);
    fs::write(&arguments.out, source(&mean.collect::<Vec<_>>()))
        .with_context(|| format!("cannot write {}", arguments.out.display()))?;
    println!("wrote the mean of {} clips to {}", clips.len(), arguments.out.display());
    Ok(())
}

/// The mean of every row of a clip's features.
fn mean(clip: &Clip) -> Result<Vec<f64>> {
    let decoded = decode(&clip.path)?;
    let channels: Vec<&[f32]> = decoded.channels.iter().map(Vec::as_slice).collect();
    let samples = audio::prepare(&channels, decoded.sample_rate)?;
    let features = InputStack::new().compute(&audio::clip::condition(&samples))?;
    let of_row = |row: usize| features.row(row).iter().map(|&value| f64::from(value)).sum::<f64>();
    Ok((0..STACK_CHANNELS).map(|row| of_row(row) / features.frames() as f64).collect())
}

/// The means as the library's source.
fn source(means: &[f64]) -> String {
    let mut text = format!(
        "//! The average neutral voice, written by `trainer baseline`: {CLIPS} neutral clips of every speaker.\n\n\
         use crate::features::STACK_CHANNELS;\n\n/// The mean of every row of the network's input.\n#[rustfmt::skip]\n\
         pub const NEUTRAL: [f32; STACK_CHANNELS] = [\n"
    );
    for line in means.chunks(8) {
        let values: Vec<String> = line.iter().map(|value| format!("{value:.3}")).collect();
        // Writing to a String can't fail.
        let _ = writeln!(text, "    {},", values.join(", "));
    }
    text + "];\n"
}
