//! The way from a mouth to the network, drawn: a narrow band, a room, mains hum, a codec.

use rand::{Rng, RngExt};
use speech_emotion::audio::SAMPLE_RATE;

use super::{PHONE_BAND, Room, add_noise, band_pass, mp3, opus, reverberate};
use crate::Result;

/// One way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Channel {
    /// What is outside of a band is gone: telephones, low sample rates, small loudspeakers.
    Band {
        /// Its ends, Hz.
        hz: [f64; 2],
    },
    /// A room.
    Room(Room),
    /// The mains' frequency and its overtones.
    Hum {
        /// The fundamental, Hz.
        hz: f64,
        /// The voice's level over it, over the whole clip, dB.
        snr_db: f32,
    },
    /// Opus at thousands of bits a second.
    Opus(u32),
    /// MP3 at thousands of bits a second.
    Mp3(u32),
}

impl Channel {
    /// Draws a way: narrow bands in four of ten, rooms in three, hum in one and a half, codecs in the rest.
    pub fn draw(rng: &mut impl Rng) -> Self {
        match rng.random_range(0.0..1.0) {
            share if share < 0.1 => Self::Band { hz: PHONE_BAND },
            share if share < 0.25 => {
                Self::Band { hz: [rng.random_range(80.0..400.0), rng.random_range(2_800.0..7_000.0)] }
            }
            // Low sample rates: nothing is missing below.
            share if share < 0.4 => Self::Band { hz: [1.0, rng.random_range(3_400.0..7_500.0)] },
            share if share < 0.7 => {
                let volume = rng.random_range(20.0..600.0);
                let (rt60, distance) = (rng.random_range(0.2..0.9), rng.random_range(0.3..1.5));
                Self::Room(Room { name: "drawn", volume, rt60, distance })
            }
            share if share < 0.85 => Self::Hum {
                hz: if rng.random_bool(0.5) { 50.0 } else { 60.0 },
                snr_db: rng.random_range(5.0..30.0),
            },
            share if share < 0.925 => Self::Opus(rng.random_range(10..32)),
            _ => Self::Mp3([24, 32, 48, 64][rng.random_range(0..4)]),
        }
    }

    /// `samples` (mono, 16 kHz) at its end, as many as there were.
    ///
    /// # Errors
    /// What a codec refuses.
    pub fn apply(&self, samples: &[f32], rng: &mut impl Rng) -> Result<Vec<f32>> {
        Ok(match *self {
            Self::Band { hz } => band_pass(samples, hz),
            Self::Room(room) => reverberate(samples, &room, rng),
            Self::Hum { hz, snr_db } => add_noise(samples, &hum(hz, samples.len(), rng), snr_db, rng),
            Self::Opus(kbps) => opus(samples, kbps)?,
            Self::Mp3(kbps) => mp3(samples, kbps)?,
        })
    }
}

/// A fundamental and overtones that fall off as drawn, with drawn phases.
fn hum(hz: f64, length: usize, rng: &mut impl Rng) -> Vec<f32> {
    let fall: f64 = rng.random_range(0.2..0.8);
    let tones: Vec<(f64, f64, f64)> = (1..=8)
        .map(|n| (f64::from(n) * hz, fall.powi(n), rng.random_range(0.0..std::f64::consts::TAU)))
        .collect();
    (0..length)
        .map(|n| {
            let turn = std::f64::consts::TAU * n as f64 / f64::from(SAMPLE_RATE);
            tones.iter().map(|(hz, gain, phase)| gain * (turn * hz + phase).sin()).sum::<f64>() as f32
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;

    #[test]
    fn every_way_is_drawn_and_keeps_the_length() {
        let clip: Vec<f32> = (0..9_000).map(|n| 0.1 * (n as f32 * 0.08).sin()).collect();
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut drawn = [0; 5];
        for _ in 0..60 {
            let channel = Channel::draw(&mut rng);
            drawn[match channel {
                Channel::Band { .. } => 0,
                Channel::Room(_) => 1,
                Channel::Hum { .. } => 2,
                Channel::Opus(_) => 3,
                Channel::Mp3(_) => 4,
            }] += 1;
            let out = channel.apply(&clip, &mut rng).unwrap();
            assert_eq!(out.len(), clip.len(), "{channel:?}");
            assert!(out.iter().all(|sample| sample.is_finite()), "{channel:?}");
            assert_ne!(out, clip, "{channel:?}");
        }
        assert!(drawn.iter().all(|&count| count > 0), "{drawn:?}");
    }

    #[test]
    fn hum_repeats_with_the_mains() {
        let hum = hum(50.0, 1_600, &mut ChaCha8Rng::seed_from_u64(2));
        for (now, later) in hum.iter().zip(&hum[320..]) {
            assert!((now - later).abs() < 1e-4, "{now} {later}");
        }
    }
}
