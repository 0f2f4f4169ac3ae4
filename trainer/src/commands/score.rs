//! `trainer score`: a weights file's figures on one training's test side.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use speech_emotion::{
    Emotion,
    model::{
        self,
        window::{FrameSource, WINDOW_FRAMES},
    },
};

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
    /// Answer each clip by one window in its middle, not by the mean over all of its windows.
    #[arg(long)]
    pub one_window: bool,
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
    let rows = if arguments.one_window {
        trial::probabilities(&network, &items.iter().map(Middle::of).collect::<Vec<_>>())
    } else {
        trial::probabilities(&network, &items)
    };
    let scores = Scores::new(&rows, &labels)?;
    println!("{}", report::classification_report(&scores));
    println!("WA {:.1} %  UA {:.1} %  n {}", 100.0 * scores.wa, 100.0 * scores.ua, scores.n);
    Ok(())
}

/// What one window in a clip's middle sees of it.
struct Middle<'a, S> {
    clip: &'a S,
    start: usize,
}

impl<'a, S: FrameSource> Middle<'a, S> {
    fn of(clip: &'a S) -> Self {
        Self { clip, start: clip.frames().saturating_sub(WINDOW_FRAMES) / 2 }
    }
}

impl<S: FrameSource> FrameSource for Middle<'_, S> {
    fn frames(&self) -> usize {
        self.clip.frames().min(WINDOW_FRAMES)
    }

    fn read(&self, channel: usize, start: usize, out: &mut [f32]) {
        self.clip.read(channel, self.start + start, out);
    }
}

#[cfg(test)]
mod tests {
    use speech_emotion::features::{FrameMatrix, STACK_CHANNELS};

    use super::*;

    /// Frames with their numbers in every channel.
    fn clip(frames: usize) -> FrameMatrix {
        let row = || (0..frames).map(|frame| frame as f32);
        let data = (0..STACK_CHANNELS).flat_map(|_| row()).collect();
        FrameMatrix::from_data(STACK_CHANNELS, frames, data).expect("a matrix")
    }

    #[test]
    fn the_middle_is_a_window_of_it_or_all_of_a_short_clip() {
        for (frames, first, seen) in [(WINDOW_FRAMES + 21, 10.0, WINDOW_FRAMES), (50, 0.0, 50)] {
            let clip = clip(frames);
            let middle = Middle::of(&clip);
            assert_eq!(middle.frames(), seen);
            let mut out = vec![0.0; seen - 1];
            middle.read(7, 1, &mut out);
            assert_eq!([out[0], out[seen - 2]], [first + 1.0, first + seen as f32 - 1.0]);
        }
    }
}
