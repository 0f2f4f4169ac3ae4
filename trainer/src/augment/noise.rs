//! Noise at a signal-to-noise ratio.

use rand::{Rng, RngExt};

/// A noise that is generated instead of recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoiseKind {
    /// Equal power at every frequency.
    White,
    /// Power falling by 3 dB an octave.
    Pink,
}

/// `length` samples of noise with an RMS in the order of 1.
pub fn generate(kind: NoiseKind, length: usize, rng: &mut impl Rng) -> Vec<f32> {
    let white = |rng: &mut _| gaussian(rng);
    match kind {
        NoiseKind::White => (0..length).map(|_| white(rng)).collect(),
        NoiseKind::Pink => {
            // Paul Kellet's economy filter: three one-pole sections, within half a dB of -3 dB an octave.
            let mut state = [0.0_f32; 3];
            (0..length)
                .map(|_| {
                    let input = white(rng);
                    state[0] = 0.99765 * state[0] + input * 0.099_046;
                    state[1] = 0.96300 * state[1] + input * 0.296_516_4;
                    state[2] = 0.57000 * state[2] + input * 1.052_691_3;
                    state[0] + state[1] + state[2] + input * 0.1848
                })
                .collect()
        }
    }
}

/// A stretch of `length` samples of a recording, from a drawn start, repeated where the recording is shorter.
pub fn excerpt(recording: &[f32], length: usize, rng: &mut impl Rng) -> Vec<f32> {
    if recording.is_empty() {
        return Vec::new();
    }
    let start = rng.random_range(0..recording.len());
    recording.iter().copied().cycle().skip(start).take(length).collect()
}

/// Adds `noise` (as long as `samples`, any level) to `samples` so that the mean power of the one stands
/// `snr_db` over the other, both over the whole clip.
///
/// White noise takes the place of a noise that is silent or too short, as parts of some recordings are. A
/// silent clip stays as it is: no ratio to silence exists.
pub fn add_noise(samples: &[f32], noise: &[f32], snr_db: f32, rng: &mut impl Rng) -> Vec<f32> {
    let signal = mean_power(samples);
    let mut noise = noise.to_vec();
    if noise.len() != samples.len() || mean_power(&noise) < 1e-12 {
        noise = generate(NoiseKind::White, samples.len(), rng);
    }
    let gain = (signal / mean_power(&noise) / 10_f64.powf(f64::from(snr_db) / 10.0)).sqrt();
    if !gain.is_finite() {
        return samples.to_vec();
    }
    samples.iter().zip(&noise).map(|(&s, &n)| (f64::from(s) + gain * f64::from(n)) as f32).collect()
}

/// A standard normal value, by Box and Muller (1958).
fn gaussian(rng: &mut impl Rng) -> f32 {
    // 1 - u lies in (0, 1]: its logarithm is finite.
    let radius = (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
    (radius * (std::f64::consts::TAU * rng.random::<f64>()).cos()) as f32
}

/// The mean of the squares; NaN when there are none.
fn mean_power(samples: &[f32]) -> f64 {
    samples.iter().map(|&s| f64::from(s).powi(2)).sum::<f64>() / samples.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn the_measured_ratio_is_the_one_asked_for() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let clip: Vec<f32> = (0..20_000).map(|n| 0.3 * (n as f32 * 0.1).sin()).collect();
        let recording: Vec<f32> =
            generate(NoiseKind::Pink, 7_000, &mut rng).iter().map(|s| s * 1e-3).collect();
        for snr_db in [-5.0_f32, 0.0, 5.0, 20.0, 40.0] {
            for noise in [
                generate(NoiseKind::White, clip.len(), &mut rng),
                excerpt(&recording, clip.len(), &mut rng),
                vec![0.0; clip.len()],
                vec![0.5; 3],
            ] {
                let noisy = add_noise(&clip, &noise, snr_db, &mut rng);
                let added: Vec<f32> = noisy.iter().zip(&clip).map(|(a, b)| a - b).collect();
                let measured = 10.0 * (mean_power(&clip) / mean_power(&added)).log10();
                assert!((measured - f64::from(snr_db)).abs() < 0.1, "{measured} dB for {snr_db}");
            }
        }
    }

    #[test]
    fn silence_stays_silent() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        assert_eq!(add_noise(&[0.0; 50], &[1.0; 50], 5.0, &mut rng), [0.0; 50]);
        assert!(add_noise(&[], &[], 5.0, &mut rng).is_empty());
    }

    #[test]
    fn pink_falls_by_three_decibels_an_octave() {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        let pink = generate(NoiseKind::Pink, 1 << 18, &mut rng);
        // The power at one frequency, averaged over many short spans (a DFT term each, Hann windowed).
        let power = |hz: f64| {
            let spans = pink.chunks_exact(1024);
            let count = spans.len() as f64;
            spans
                .map(|span| {
                    let (mut re, mut im) = (0.0, 0.0);
                    for (n, &sample) in span.iter().enumerate() {
                        let window = (std::f64::consts::PI * n as f64 / 1024.0).sin().powi(2);
                        let phase = std::f64::consts::TAU * hz * n as f64 / 16_000.0;
                        re += f64::from(sample) * window * phase.cos();
                        im += f64::from(sample) * window * phase.sin();
                    }
                    re * re + im * im
                })
                .sum::<f64>()
                / count
        };
        let octaves = (3200.0_f64 / 200.0).log2();
        let slope = 10.0 * (power(3200.0) / power(200.0)).log10() / octaves;
        assert!((slope + 3.0).abs() < 0.5, "{slope} dB an octave");
    }
}
