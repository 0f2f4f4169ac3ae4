//! A speaker's own neutral voice, against which later speech is heard.

mod neutral;

use serde::Serialize;

use self::neutral::NEUTRAL;
use crate::{
    Error, Result,
    audio::clip,
    features::{FrameMatrix, STACK_CHANNELS},
    model::window::FrameSource,
};

/// What is this far below the speaker's own level is somebody else in the background, dB.
const BACKGROUND_DB: f32 = 25.0;

/// How much of the way the features' swing is brought from the speaker's neutral voice to the average one, as a power.
const STRENGTH: f32 = 0.5;

/// The most that a swing is made larger or smaller.
const MOST: f32 = 2.0;

/// What a neutral sample told of a speaker and a microphone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Baseline {
    /// The level of the sample without its pauses at both ends, dB of full scale.
    pub level: f32,
    /// How much of the sample is speech, 0 to 1.
    pub speech: f32,
    /// What the way from a row's mean is multiplied by, for every row of the network's input: see
    /// [`Baseline::restore`].
    scale: Vec<f32>,
}

impl Baseline {
    /// Of a neutral sample at 16 kHz, the share of speech in it, and the features of the conditioned sample.
    pub(crate) fn new(samples: &[f32], speech: f32, features: &FrameMatrix) -> Self {
        let scale = |row: usize| {
            let own = deviation(features.row(row));
            let ratio = if own > 0.0 { NEUTRAL[row] / own } else { 1.0 };
            ratio.powf(STRENGTH).clamp(1.0 / MOST, MOST)
        };
        Self { level: level_db(samples), speech, scale: (0..STACK_CHANNELS).map(scale).collect() }
    }

    /// A baseline that was kept: its level in dB, its share of speech, and what it multiplies the way from the mean by
    /// in each of the [`STACK_CHANNELS`] rows of the network's input, 0.5 to 2. No audio can be made of these.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a number out of its bounds or not finite, or another number of rows.
    pub fn restore(level: f32, speech: f32, scale: Vec<f32>) -> Result<Self> {
        let refused =
            |name, expected: &str, got: String| Error::Parameter { name, expected: expected.into(), got };
        if !(-100.0..=100.0).contains(&level) {
            return Err(refused("level", "-100 to 100 dB", level.to_string()));
        }
        if !(0.0..=1.0).contains(&speech) {
            return Err(refused("speech", "0 to 1", speech.to_string()));
        }
        if scale.len() != STACK_CHANNELS {
            return Err(refused("scale", &format!("{STACK_CHANNELS} numbers"), scale.len().to_string()));
        }
        if let Some(value) = scale.iter().find(|value| !(1.0 / MOST..=MOST).contains(*value)) {
            return Err(refused("scale", "numbers of 0.5 to 2", value.to_string()));
        }
        Ok(Self { level, speech, scale })
    }

    /// What the way from a row's mean is multiplied by, for every row of the network's input.
    pub fn scale(&self) -> &[f32] {
        &self.scale
    }

    /// Whether a window is too far below the speaker's own level to be the speaker.
    pub(crate) fn is_background(&self, samples: &[f32]) -> bool {
        level_db(samples) < self.level - BACKGROUND_DB
    }

    /// Features as the speaker's would be if their neutral voice moved as much as the average one does. How it
    /// stands on average the network doesn't hear: see [`Normalization::centred`](crate::model::window::Normalization).
    pub(crate) fn heard<'a>(&'a self, features: &'a FrameMatrix) -> impl FrameSource + 'a {
        let means = (0..STACK_CHANNELS).map(|row| mean(features.row(row))).collect();
        Scaled { features, scale: &self.scale, means }
    }
}

/// The level of what sounds in a clip, dB of full scale, not below -100.
fn level_db(samples: &[f32]) -> f32 {
    let power: f64 = clip::trim_silence(samples).iter().map(|&sample| f64::from(sample).powi(2)).sum();
    (10.0 * (power / samples.len().max(1) as f64).max(1e-10).log10()) as f32
}

/// The mean; 0 of none.
fn mean(values: &[f32]) -> f32 {
    values.iter().sum::<f32>() / values.len().max(1) as f32
}

/// The standard deviation; 0 of none.
fn deviation(values: &[f32]) -> f32 {
    let mean = mean(values);
    let variance =
        values.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / values.len().max(1) as f32;
    variance.sqrt()
}

struct Scaled<'a> {
    features: &'a FrameMatrix,
    scale: &'a [f32],
    /// Of every row, over the whole clip.
    means: Vec<f32>,
}

impl FrameSource for Scaled<'_> {
    fn frames(&self) -> usize {
        self.features.frames()
    }

    fn read(&self, channel: usize, start: usize, out: &mut [f32]) {
        self.features.read(channel, start, out);
        let (mean, scale) = (self.means[channel], self.scale[channel]);
        for value in out {
            *value = (*value - mean) * scale + mean;
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
    fn brings_the_swing_towards_the_average_ones_and_leaves_the_mean() {
        let near = |got: [f32; 2], expected: [f32; 2]| {
            got.iter().zip(expected).all(|(got, expected)| (got - expected).abs() < 1e-3)
        };
        for (factor, share) in [(1.0, 1.0), (1.0 / 2.25, 1.5), (2.25, 1.0 / 1.5), (100.0, 0.5), (0.01, 2.0)] {
            // Every row swings by `factor` times the average around 3.
            let swing = |n: usize| NEUTRAL[n / 4] * factor * if n.is_multiple_of(2) { 1.0 } else { -1.0 };
            let values = (0..STACK_CHANNELS * 4).map(|n| 3.0 + swing(n)).collect();
            let neutral = FrameMatrix::from_data(STACK_CHANNELS, 4, values).expect("the right size");
            let baseline = Baseline::new(&[0.1; 16_000], 1.0, &neutral);
            for row in [0, 70, 90, 100] {
                let mut out = [0.0; 2];
                baseline.heard(&neutral).read(row, 1, &mut out);
                let swing = NEUTRAL[row] * factor * share;
                assert!(near(out, [3.0 - swing, 3.0 + swing]), "row {row}: {out:?} for {factor}");
            }
        }
    }

    #[test]
    fn what_never_moves_stays_where_it_is() {
        let mut out = [0.0; 4];
        Baseline::new(&[0.1; 16_000], 1.0, &constant(3.0)).heard(&constant(3.0)).read(5, 0, &mut out);
        assert_eq!(out, [3.0; 4]);
    }

    #[test]
    fn what_was_kept_comes_back_and_nothing_else() -> Result<()> {
        let baseline = Baseline::new(&[0.1; 16_000], 0.8, &constant(3.0));
        let (level, scale) = (baseline.level, baseline.scale().to_vec());
        assert_eq!(Baseline::restore(level, 0.8, scale.clone())?, baseline);
        let code =
            |level, speech, scale| Baseline::restore(level, speech, scale).err().map(|error| error.code());
        assert_eq!(code(f32::NAN, 0.8, scale.clone()), Some("parameter"));
        assert_eq!(code(level, 1.1, scale.clone()), Some("parameter"));
        assert_eq!(code(level, 0.8, scale[1..].to_vec()), Some("parameter"));
        for wrong in [f32::NAN, f32::INFINITY, 0.4, 2.1, -1.0] {
            assert_eq!(code(level, 0.8, [&scale[1..], &[wrong]].concat()), Some("parameter"), "{wrong}");
        }
        Ok(())
    }

    #[test]
    fn what_is_far_below_the_speaker_is_background() {
        let baseline = Baseline::new(&[0.1; 16_000], 1.0, &constant(0.0));
        assert!((baseline.level + 20.0).abs() < 0.01, "{}", baseline.level);
        assert!(!baseline.is_background(&[0.01; 16_000]));
        assert!(baseline.is_background(&[0.001; 16_000]));
    }
}
