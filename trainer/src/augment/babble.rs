//! Babble: several people talking at once.

use rand::{Rng, RngExt};
use speech_emotion::audio::clip;

use super::noise::excerpt;

/// Mixes `count` voices to `length` samples: each is drawn from `voices` (mono, 16 kHz), brought to one level without
/// the silence at its ends, and read from a drawn start, again and again where it is shorter. Nothing without voices.
pub fn babble(voices: &[&[f32]], count: usize, length: usize, rng: &mut impl Rng) -> Vec<f32> {
    let mut mix = vec![0.0; length];
    if voices.is_empty() {
        return mix;
    }
    for _ in 0..count {
        let voice = clip::condition(voices[rng.random_range(0..voices.len())]);
        for (sum, sample) in mix.iter_mut().zip(excerpt(&voice, length, rng)) {
            *sum += sample;
        }
    }
    mix
}

#[cfg(test)]
mod tests {
    use std::f32::consts::TAU;

    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::augment::add_noise;

    fn tone(hz: f32, amplitude: f32, length: usize) -> Vec<f32> {
        (0..length).map(|n| amplitude * (TAU * hz * n as f32 / 16_000.0).sin()).collect()
    }

    /// How much of a signal's power is at a frequency that has whole periods in it.
    fn share(samples: &[f32], hz: f32) -> f32 {
        let project = |phase: f32| {
            let wave = |n: usize| (TAU * hz * n as f32 / 16_000.0 + phase).sin();
            samples.iter().enumerate().map(|(n, sample)| sample * wave(n)).sum::<f32>()
        };
        let power: f32 = samples.iter().map(|sample| sample * sample).sum();
        2.0 * (project(0.0).powi(2) + project(TAU / 4.0).powi(2)) / samples.len() as f32 / power
    }

    #[test]
    fn every_voice_is_as_loud_as_the_others_whatever_its_level_was() {
        let voices = [tone(250.0, 0.001, 16_000), tone(1_000.0, 0.9, 8_000)];
        let voices: Vec<&[f32]> = voices.iter().map(Vec::as_slice).collect();
        let mut rng = ChaCha8Rng::seed_from_u64(4);
        let mix = babble(&voices, 400, 16_000, &mut rng);
        assert!((share(&mix, 250.0) + share(&mix, 1_000.0) - 1.0).abs() < 0.01);
        // Each sums up with random phases: levels, not counts, have to agree, and those only about.
        assert!(share(&mix, 250.0) > 0.02 && share(&mix, 1_000.0) > 0.02);
        let one = babble(&voices[1..], 1, 16_000, &mut rng);
        let rms = (one.iter().map(|s| s * s).sum::<f32>() / 16_000.0).sqrt();
        assert!((20.0 * rms.log10() - clip::TARGET_LEVEL_DB).abs() < 0.05, "{rms}");
    }

    #[test]
    fn stands_under_speech_at_the_ratio_asked_for() {
        let voices = [tone(300.0, 0.1, 9_000), tone(700.0, 0.1, 5_000), tone(1_100.0, 0.1, 7_000)];
        let voices: Vec<&[f32]> = voices.iter().map(Vec::as_slice).collect();
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        let speech = tone(200.0, 0.2, 20_000);
        let mix = babble(&voices, 6, speech.len(), &mut rng);
        for snr_db in [20.0_f32, 0.0] {
            let noisy = add_noise(&speech, &mix, snr_db, &mut rng);
            let added: f32 = noisy.iter().zip(&speech).map(|(a, b)| (a - b).powi(2)).sum();
            let measured = 10.0 * (speech.iter().map(|s| s * s).sum::<f32>() / added).log10();
            assert!((measured - snr_db).abs() < 0.05, "{measured} dB for {snr_db}");
        }
    }

    #[test]
    fn without_voices_there_is_silence() {
        let mut rng = ChaCha8Rng::seed_from_u64(6);
        assert_eq!(babble(&[], 5, 3, &mut rng), [0.0; 3]);
        assert_eq!(babble(&[&[]], 5, 3, &mut rng), [0.0; 3]);
        assert!(babble(&[&[0.5; 40]], 5, 0, &mut rng).is_empty());
    }
}
