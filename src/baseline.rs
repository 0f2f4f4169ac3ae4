//! A speaker's own neutral voice, against which later speech is heard.

mod neutral;

use serde::Serialize;

use self::neutral::NEUTRAL;
use crate::{
    audio::clip,
    features::{FrameMatrix, STACK_CHANNELS},
    model::window::FrameSource,
};

/// What is this far below the speaker's own level is somebody else in the background, dB.
const BACKGROUND_DB: f32 = 25.0;

/// How much of the way from the speaker's neutral voice to the average one the features are moved. All of the way
/// takes what the network knows of voices with it.
const STRENGTH: f32 = 0.5;

/// Rows of the input that say which notes sound: they do not move.
const CHROMA: std::ops::Range<usize> = 84..96;

/// What a neutral sample told of a speaker and a microphone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Baseline {
    /// The level of the sample without its pauses at both ends, dB of full scale.
    pub level: f32,
    /// How much of the sample is speech, 0 to 1.
    pub speech: f32,
    /// Added to every row of the network's input.
    #[serde(skip)]
    shift: Vec<f32>,
}

impl Baseline {
    /// Of a neutral sample at 16 kHz, the share of speech in it, and the features of the conditioned sample.
    pub(crate) fn new(samples: &[f32], speech: f32, features: &FrameMatrix) -> Self {
        let shift = (0..STACK_CHANNELS)
            .map(|row| {
                let mean = features.row(row).iter().sum::<f32>() / features.frames().max(1) as f32;
                if CHROMA.contains(&row) { 0.0 } else { STRENGTH * (NEUTRAL[row] - mean) }
            })
            .collect();
        Self { level: level_db(samples), speech, shift }
    }

    /// Whether a window is too far below the speaker's own level to be the speaker.
    pub(crate) fn is_background(&self, samples: &[f32]) -> bool {
        level_db(samples) < self.level - BACKGROUND_DB
    }

    /// Features as the speaker's would be if their neutral voice were nearer to the average one.
    pub(crate) fn heard<'a>(&'a self, features: &'a FrameMatrix) -> impl FrameSource + 'a {
        Shifted { features, shift: &self.shift }
    }
}

/// The level of what sounds in a clip, dB of full scale, not below -100.
fn level_db(samples: &[f32]) -> f32 {
    let power: f64 = clip::trim_silence(samples).iter().map(|&sample| f64::from(sample).powi(2)).sum();
    (10.0 * (power / samples.len().max(1) as f64).max(1e-10).log10()) as f32
}

struct Shifted<'a> {
    features: &'a FrameMatrix,
    shift: &'a [f32],
}

impl FrameSource for Shifted<'_> {
    fn frames(&self) -> usize {
        self.features.frames()
    }

    fn read(&self, channel: usize, start: usize, out: &mut [f32]) {
        self.features.read(channel, start, out);
        for value in out {
            *value += self.shift[channel];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn constant(value: f32) -> FrameMatrix {
        FrameMatrix::from_data(STACK_CHANNELS, 4, vec![value; STACK_CHANNELS * 4]).expect("the right size")
    }

    #[test]
    fn moves_the_features_half_of_the_way_and_leaves_the_notes() {
        let neutral = constant(3.0);
        let baseline = Baseline::new(&[0.1; 16_000], 1.0, &neutral);
        let heard = baseline.heard(&neutral);
        let mut out = [0.0; 2];
        heard.read(0, 1, &mut out);
        assert_eq!(out, [(3.0 + NEUTRAL[0]) / 2.0; 2]);
        heard.read(90, 0, &mut out);
        assert_eq!(out, [3.0; 2]);
    }

    #[test]
    fn what_is_far_below_the_speaker_is_background() {
        let baseline = Baseline::new(&[0.1; 16_000], 1.0, &constant(0.0));
        assert!((baseline.level + 20.0).abs() < 0.01, "{}", baseline.level);
        assert!(!baseline.is_background(&[0.01; 16_000]));
        assert!(baseline.is_background(&[0.001; 16_000]));
    }
}
