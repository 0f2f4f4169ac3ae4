//! Augmentation of the training side: noise, time stretching, pitch shifting, and what happens to a voice on its way:
//! rooms, telephones, hum, codecs. Also babble and what browsers do, for measuring.
//!
//! Everything here takes mono samples at 16 kHz and any length, down to none.

mod babble;
mod band;
mod browser;
mod channel;
mod codec;
mod fourier;
mod interpolate;
mod noise;
mod pitch;
mod room;
mod stretch;

use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

pub use babble::babble;
pub use band::{PHONE_BAND, band_pass, phone_band};
pub use browser::{GAIN_TARGET_DB, control_gain, suppress_noise};
pub use channel::Channel;
pub use codec::{mp3, opus};
pub use fourier::resample_exactly;
pub use noise::{NoiseKind, add_noise, excerpt, generate as generate_noise};
pub use pitch::shift_pitch;
pub use room::{ROOMS, Room, reverberate};
pub use stretch::stretch;

use crate::Result;

/// The signal-to-noise ratios drawn, dB.
pub const SNR_DB: std::ops::Range<f32> = 5.0..25.0;
/// The rates of time stretching drawn: above 1 is faster.
pub const STRETCH_RATE: std::ops::Range<f64> = 0.85..1.18;
/// The pitch shifts drawn, semitones.
pub const PITCH_SEMITONES: std::ops::Range<f64> = -2.5..2.5;

/// The kinds of augmented copies, by their names in a recipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Noise at a signal-to-noise ratio.
    Noise,
    /// Another tempo at the same pitch.
    Stretch,
    /// Another pitch at the same tempo.
    Pitch,
    /// Another way from the mouth to the network.
    Way,
}

impl Kind {
    /// The kind of a copy, by its number from 0 on: noise, stretching, pitch, another way and so on round.
    pub fn of(copy: u8) -> Self {
        match copy % Augmentation::KINDS {
            0 => Self::Noise,
            1 => Self::Stretch,
            2 => Self::Pitch,
            _ => Self::Way,
        }
    }
}

/// What is done to one copy of a clip.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Augmentation {
    /// Noise at a signal-to-noise ratio.
    Noise {
        /// Over the whole clip, dB.
        snr_db: f32,
    },
    /// Another tempo at the same pitch.
    Stretch {
        /// Above 1 is faster.
        rate: f64,
    },
    /// Another pitch at the same tempo.
    Pitch {
        /// Up is positive.
        semitones: f64,
    },
    /// Another way from the mouth to the network.
    Way(Channel),
}

impl Augmentation {
    /// How many kinds there are.
    pub const KINDS: u8 = 4;

    /// Draws the augmentation of a copy, of the [`Kind::of`] its number.
    ///
    /// A change smaller than can be heard is no augmentation: rates within 3 % of 1 and shifts under half a
    /// semitone are moved out to these bounds.
    pub fn draw(copy: u8, rng: &mut impl Rng) -> Self {
        match Kind::of(copy) {
            Kind::Noise => Self::Noise { snr_db: rng.random_range(SNR_DB) },
            Kind::Stretch => {
                let rate = rng.random_range(STRETCH_RATE);
                Self::Stretch { rate: if rate < 1.0 { rate.min(0.97) } else { rate.max(1.03) } }
            }
            Kind::Pitch => {
                let semitones: f64 = rng.random_range(PITCH_SEMITONES);
                Self::Pitch { semitones: semitones.abs().max(0.5).copysign(semitones) }
            }
            Kind::Way => Self::Way(Channel::draw(rng)),
        }
    }

    /// Applies it to `samples` (mono, 16 kHz). Noise comes from one of `noises`, or is generated when there are
    /// none and in one copy of four.
    ///
    /// # Errors
    /// What a codec refuses.
    pub fn apply(&self, samples: &[f32], noises: &[Vec<f32>], rng: &mut impl Rng) -> Result<Vec<f32>> {
        Ok(match *self {
            Self::Noise { snr_db } => {
                let recorded = !noises.is_empty() && rng.random_bool(0.75);
                let source = if recorded {
                    let index = rng.random_range(0..noises.len());
                    noise::excerpt(&noises[index], samples.len(), rng)
                } else {
                    let kind = if rng.random_bool(0.5) { NoiseKind::White } else { NoiseKind::Pink };
                    generate_noise(kind, samples.len(), rng)
                };
                add_noise(samples, &source, snr_db, rng)
            }
            Self::Stretch { rate } => stretch(samples, rate),
            Self::Pitch { semitones } => shift_pitch(samples, semitones),
            Self::Way(channel) => channel.apply(samples, rng)?,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    fn speechlike(length: usize) -> Vec<f32> {
        (0..length)
            .map(|n| {
                let t = n as f32 / 16_000.0;
                let envelope = (t * 9.0).sin().max(0.0);
                (1..8).map(|h| (t * 140.0 * h as f32 * std::f32::consts::TAU).sin() / h as f32).sum::<f32>()
                    * envelope
                    * 0.2
            })
            .collect()
    }

    #[test]
    fn the_same_seed_gives_the_same_copy_and_another_seed_another() {
        let clip = speechlike(12_000);
        let noises = vec![generate_noise(NoiseKind::Pink, 5_000, &mut ChaCha8Rng::seed_from_u64(9))];
        for copy in 0..2 * Augmentation::KINDS {
            let run = |seed| {
                let mut rng = ChaCha8Rng::seed_from_u64(seed);
                let augmentation = Augmentation::draw(copy, &mut rng);
                augmentation.apply(&clip, &noises, &mut rng).unwrap()
            };
            assert_eq!(run(1), run(1), "copy {copy}");
            assert_ne!(run(1), run(2), "copy {copy}");
        }
    }

    #[test]
    fn draws_stay_in_their_ranges_and_are_never_nothing() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        for _ in 0..500 {
            for copy in 0..Augmentation::KINDS {
                match Augmentation::draw(copy, &mut rng) {
                    Augmentation::Noise { snr_db } => assert!(copy == 0 && SNR_DB.contains(&snr_db)),
                    Augmentation::Stretch { rate } => {
                        assert!(copy == 1 && STRETCH_RATE.contains(&rate) && (rate - 1.0).abs() > 0.029);
                    }
                    Augmentation::Pitch { semitones } => {
                        assert!(copy == 2 && PITCH_SEMITONES.contains(&semitones) && semitones.abs() >= 0.5);
                    }
                    Augmentation::Way(_) => assert!(copy == 3),
                }
            }
        }
    }

    #[test]
    fn short_silent_and_loud_clips_stay_finite() {
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        for length in (0..400).step_by(7).chain([1, 2, 3, 399, 400, 801, 16_000]) {
            for amplitude in [0.0, 1.0, 1e-30, 1e18] {
                let clip: Vec<f32> = (0..length).map(|n| amplitude * (n as f32 * 0.2).sin()).collect();
                for copy in 0..Augmentation::KINDS {
                    let augmentation = Augmentation::draw(copy, &mut rng);
                    let out = augmentation.apply(&clip, &[vec![], vec![0.0; 9]], &mut rng).unwrap();
                    assert!(
                        out.iter().all(|s| s.is_finite()),
                        "{length} samples of {amplitude}, copy {copy}"
                    );
                    if copy != 1 {
                        assert_eq!(out.len(), length);
                    }
                }
            }
        }
    }
}
