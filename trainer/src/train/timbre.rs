//! Other voices and microphones from the same clip: the mel spectrogram of a window warped along its bands and
//! coloured, with the MFCC that follow from it.
//!
//! Vocal tract length perturbation (Jaitly and Hinton 2013, "Vocal Tract Length Perturbation improves speech
//! recognition") and a random equaliser, drawn for every window anew: endless variants, where copies made
//! beforehand are few.

use std::f64::consts::PI;

use anyhow::Result;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use speech_emotion::{
    audio::SAMPLE_RATE,
    dsp::{Dct, hz_to_mel, mel_to_hz},
    model::window::{Normalization, WINDOW_FRAMES, Windows},
};

/// Mel bands are the first rows of the input stack.
pub const MEL_BANDS: usize = 64;

/// The rows of the MFCC come next.
const N_MFCC: usize = 20;

/// Waves that the equaliser's curve is a sum of.
const WAVES: usize = 3;

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimbreOptions {
    /// The share of windows that are changed.
    pub share: f64,
    /// Frequencies are multiplied by `exp(x)`, `x` between this and its negative.
    pub warp: f64,
    /// The most that the curve's first wave raises or lowers a band, dB; the others do less.
    pub equaliser_db: f64,
}

/// The plan of both changes.
pub struct Timbre {
    dct: Dct,
    /// The bands' centres, Hz.
    centres: [f64; MEL_BANDS],
}

impl Timbre {
    /// The plan.
    ///
    /// # Errors
    /// None in practice: the transform's size is fixed.
    pub fn new() -> Result<Self> {
        let most = hz_to_mel(f64::from(SAMPLE_RATE) / 2.0);
        let centres =
            std::array::from_fn(|band| mel_to_hz(most * (band + 1) as f64 / (MEL_BANDS + 1) as f64));
        Ok(Self { dct: Dct::new(MEL_BANDS, N_MFCC)?, centres })
    }

    /// Changes a window's mel bands and MFCC in the frames of `covered`.
    pub fn apply(
        &self,
        windows: &mut Windows,
        window: usize,
        covered: std::ops::Range<usize>,
        normalization: &Normalization,
        options: TimbreOptions,
        rng: &mut ChaCha8Rng,
    ) {
        // Drawn whether it is used or not: what follows is the same either way.
        let TimbreOptions { share, warp, equaliser_db } = options;
        let factor = (rng.random_range(-1.0..=1.0) * warp).exp();
        let curve = equaliser(equaliser_db, rng);
        if !rng.random_bool(share) {
            return;
        }
        let sources: [(usize, f32); MEL_BANDS] = std::array::from_fn(|band| self.source(band, factor));
        let mut frames = vec![[0.0_f32; MEL_BANDS]; covered.len()];
        for band in 0..MEL_BANDS {
            let row = &windows.row_mut(window, band)[covered.clone()];
            for (frame, value) in frames.iter_mut().zip(row) {
                frame[band] = normalization.undo(band, *value);
            }
        }
        let mut columns = vec![[0.0_f32; MEL_BANDS + N_MFCC]; covered.len()];
        for (column, frame) in columns.iter_mut().zip(&frames) {
            let (mel, cepstrum) = column.split_at_mut(MEL_BANDS);
            for ((value, (below, part)), gain) in mel.iter_mut().zip(sources).zip(curve) {
                let above = (below + 1).min(MEL_BANDS - 1);
                *value = frame[below] + part * (frame[above] - frame[below]) + gain;
            }
            self.dct.process(mel, cepstrum);
        }
        for channel in 0..MEL_BANDS + N_MFCC {
            let row = &mut windows.row_mut(window, channel)[covered.clone()];
            for (value, column) in row.iter_mut().zip(&columns) {
                *value = normalization.apply(channel, column[channel]);
            }
        }
        debug_assert!(covered.end <= WINDOW_FRAMES);
    }

    /// Where a band's new value is read: a band and the way to the next one, 0 to 1.
    fn source(&self, band: usize, factor: f64) -> (usize, f32) {
        let most = hz_to_mel(f64::from(SAMPLE_RATE) / 2.0);
        let mel = hz_to_mel(self.centres[band] * factor);
        let place = (mel / most * (MEL_BANDS + 1) as f64 - 1.0).clamp(0.0, (MEL_BANDS - 1) as f64);
        (place as usize, place.fract() as f32)
    }
}

/// A smooth curve over the bands, dB.
fn equaliser(most_db: f64, rng: &mut ChaCha8Rng) -> [f32; MEL_BANDS] {
    let mut curve = [0.0; MEL_BANDS];
    for wave in 1..=WAVES {
        let height = rng.random_range(-1.0..=1.0) * most_db / wave as f64;
        let phase = rng.random_range(0.0..2.0 * PI);
        for (band, value) in curve.iter_mut().enumerate() {
            let x = PI * wave as f64 * (band as f64 + 0.5) / MEL_BANDS as f64;
            *value += (height * (x + phase).cos()) as f32;
        }
    }
    curve
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use speech_emotion::features::{FrameMatrix, InputStack, STACK_CHANNELS};

    use super::*;

    fn identity() -> Normalization {
        Normalization::new(vec![0.0; STACK_CHANNELS], &[1.0; STACK_CHANNELS])
    }

    fn tone(frequency: f32) -> FrameMatrix {
        let samples: Vec<f32> = (0..8_000)
            .map(|n| 0.3 * (n as f32 * frequency * std::f32::consts::TAU / 16_000.0).sin())
            .collect();
        InputStack::new().compute(&samples).expect("a tone")
    }

    fn changed(frequency: f32, options: TimbreOptions, seed: u64) -> Windows {
        let features = tone(frequency);
        let mut windows = Windows::new(1);
        windows.fill(0, &features, &identity(), 0, 0);
        let timbre = Timbre::new().expect("a plan");
        timbre.apply(
            &mut windows,
            0,
            0..features.frames(),
            &identity(),
            options,
            &mut ChaCha8Rng::seed_from_u64(seed),
        );
        windows
    }

    fn loudest(windows: &mut Windows) -> usize {
        let column: Vec<f32> = (0..MEL_BANDS).map(|band| windows.row_mut(0, band)[10]).collect();
        crate::metrics::argmax(&column)
    }

    #[test]
    fn nothing_asked_changes_nothing() {
        let mut same = changed(1000.0, TimbreOptions { share: 1.0, warp: 0.0, equaliser_db: 0.0 }, 1);
        let features = tone(1000.0);
        for channel in 0..MEL_BANDS + N_MFCC {
            for (frame, value) in features.row(channel).iter().enumerate() {
                let got = same.row_mut(0, channel)[frame];
                assert!((got - value).abs() < 2e-3, "channel {channel}: {got} for {value}");
            }
        }
    }

    #[test]
    fn a_warp_moves_a_tone_and_the_rest_is_left_alone() {
        let options = TimbreOptions { share: 1.0, warp: 0.3, equaliser_db: 0.0 };
        let before = loudest(&mut changed(1500.0, TimbreOptions { share: 0.0, ..options }, 1));
        let moved: Vec<usize> = (0..8).map(|seed| loudest(&mut changed(1500.0, options, seed))).collect();
        assert!(moved.iter().any(|&band| band > before + 2) && moved.iter().any(|&band| band + 2 < before));
        let mut windows = changed(1500.0, options, 3);
        assert_eq!(windows.row_mut(0, STACK_CHANNELS - 1)[5], tone(1500.0).row(STACK_CHANNELS - 1)[5]);
        assert!(windows.row_mut(0, 0)[100..].iter().all(|&value| value == 0.0), "past the clip");
    }

    #[test]
    fn the_equaliser_stays_within_what_was_asked() {
        for seed in 0..20 {
            let curve = equaliser(6.0, &mut ChaCha8Rng::seed_from_u64(seed));
            assert!(curve.iter().all(|gain| gain.abs() <= 6.0 * (1.0 + 0.5 + 1.0 / 3.0)));
            assert!(curve.iter().any(|gain| gain.abs() > 0.01));
        }
    }
}
