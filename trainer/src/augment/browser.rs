//! What browsers do to a microphone unless they are told not to: noise suppression and automatic gain control.
//!
//! Neither is any one browser's code; both do what the literature says of theirs.

use rustfft::{FftPlanner, num_complex::Complex};
use speech_emotion::audio::SAMPLE_RATE;

/// Samples in a frame of the suppression, 32 ms, every half of it.
const FRAME: usize = 512;
const HOP: usize = FRAME / 2;
/// Frames over which the least power is taken for the noise: 1 s.
const NOISE_FRAMES: usize = SAMPLE_RATE as usize / HOP;
/// How much lower the least of a smoothed noise's power is than its mean.
const NOISE_BIAS: f64 = 2.5;
/// The most that a frequency is turned down: 15 dB.
const LEAST_GAIN: f64 = 0.178;

/// Turns down what is steady in `samples` (mono, 16 kHz): a Wiener filter whose noise is the least power of each
/// frequency within a second (Martin 2001), with the a priori ratio of Ephraim and Malah (1984). As a microphone that
/// has been on for a while, it knows the first second's noise from the start.
pub fn suppress_noise(samples: &[f32]) -> Vec<f32> {
    let frames = frames(samples);
    let noise = noise(&frames);
    let inverse = FftPlanner::new().plan_fft_inverse(FRAME);
    let window = window();
    let mut out = vec![0.0; samples.len() + 2 * FRAME];
    // The last frame's gain and its a posteriori ratio, by frequency.
    let mut last = vec![(1.0_f64, 1.0_f64); FRAME / 2 + 1];
    for (number, (mut frame, noise)) in frames.into_iter().zip(noise).enumerate() {
        for bin in 0..=FRAME / 2 {
            let after = frame[bin].norm_sqr() / (NOISE_BIAS * noise[bin]).max(1e-20);
            let (gain, before) = last[bin];
            let prior = (0.98 * gain * gain * before + 0.02 * (after - 1.0).max(0.0)).max(1e-3);
            let gain = (prior / (1.0 + prior)).max(LEAST_GAIN);
            last[bin] = (gain, after);
            frame[bin] *= gain;
            if bin > 0 && bin < FRAME / 2 {
                frame[FRAME - bin] *= gain;
            }
        }
        inverse.process(&mut frame);
        let place = &mut out[number * HOP..number * HOP + FRAME];
        for ((sum, value), weight) in place.iter_mut().zip(&frame).zip(&window) {
            *sum += value.re * weight / FRAME as f64;
        }
    }
    out[HOP..HOP + samples.len()].iter().map(|&sample| sample as f32).collect()
}

/// The spectra of all frames; the first one begins half a frame before the clip.
fn frames(samples: &[f32]) -> Vec<Vec<Complex<f64>>> {
    let forward = FftPlanner::new().plan_fft_forward(FRAME);
    let window = window();
    (0..=samples.len().div_ceil(HOP))
        .map(|number| {
            let at = |n: usize| (number * HOP + n).checked_sub(HOP).and_then(|n| samples.get(n));
            let value = |n: usize| f64::from(at(n).copied().unwrap_or(0.0)) * window[n];
            let mut frame: Vec<Complex<f64>> = (0..FRAME).map(|n| Complex::new(value(n), 0.0)).collect();
            forward.process(&mut frame);
            frame
        })
        .collect()
}

/// Each frame's noise by frequency: the least smoothed power within the last second, or within the first.
fn noise(frames: &[Vec<Complex<f64>>]) -> Vec<Vec<f64>> {
    let mut smoothed: Vec<Vec<f64>> = Vec::with_capacity(frames.len());
    for frame in frames {
        let power = frame[..=FRAME / 2].iter().map(Complex::norm_sqr);
        let next = match smoothed.last() {
            Some(last) => power.zip(last).map(|(now, last)| 0.7 * last + 0.3 * now).collect(),
            None => power.collect(),
        };
        smoothed.push(next);
    }
    (0..frames.len())
        .map(|number| {
            let end = (number + 1).max(NOISE_FRAMES).min(frames.len());
            let recent = &smoothed[end.saturating_sub(NOISE_FRAMES)..end];
            let least = |bin: usize| recent.iter().map(|power| power[bin]).fold(f64::INFINITY, f64::min);
            (0..=FRAME / 2).map(least).collect()
        })
        .collect()
}

/// The square root of a periodic Hann window: applied twice and added up at half a frame's hop, it is 1.
fn window() -> Vec<f64> {
    (0..FRAME).map(|n| (std::f64::consts::PI * n as f64 / FRAME as f64).sin()).collect()
}

/// Samples in a frame of the gain control, 10 ms.
const GAIN_FRAME: usize = SAMPLE_RATE as usize / 100;
/// The level that voices are brought to, RMS relative to full scale, dB.
pub const GAIN_TARGET_DB: f64 = -18.0;
/// The most that is turned up and down, dB.
const MOST_GAIN_DB: [f64; 2] = [-20.0, 40.0];
/// What is quieter than this below the level so far is a pause and changes nothing, dB.
const PAUSE_DB: f64 = 20.0;
/// How fast the level is followed where it rises and where it falls, seconds.
const FOLLOW_SECONDS: [f64; 2] = [0.05, 0.5];
/// Peaks are held below full scale by this factor.
const MOST_PEAK: f32 = 0.9;

/// Brings `samples` (mono, 16 kHz) to a steady level, as an automatic gain control does while somebody speaks: the
/// level is followed at once where it rises and within half a second where it falls, pauses left out.
pub fn control_gain(samples: &[f32]) -> Vec<f32> {
    let level = |frame: &[f32]| {
        let power = frame.iter().map(|&s| f64::from(s).powi(2)).sum::<f64>() / frame.len().max(1) as f64;
        10.0 * power.max(1e-10).log10()
    };
    // It has been on for a while: the first second's loudest frame tells the level.
    let first = samples.chunks(GAIN_FRAME).take(100).map(level).fold(-100.0, f64::max);
    let gain_of = |level: f64| (GAIN_TARGET_DB - level).clamp(MOST_GAIN_DB[0], MOST_GAIN_DB[1]);
    let mut followed = first;
    let mut gain = 10_f64.powf(gain_of(followed) / 20.0);
    let mut out = Vec::with_capacity(samples.len());
    for frame in samples.chunks(GAIN_FRAME) {
        let now = level(frame);
        if now > followed - PAUSE_DB {
            let seconds = FOLLOW_SECONDS[usize::from(now < followed)];
            followed += (now - followed) * (1.0 - (-0.01 / seconds).exp());
        }
        let next = 10_f64.powf(gain_of(followed) / 20.0);
        for (n, &sample) in frame.iter().enumerate() {
            let gain = gain + (next - gain) * n as f64 / GAIN_FRAME as f64;
            out.push(((f64::from(sample) * gain) as f32).clamp(-MOST_PEAK, MOST_PEAK));
        }
        gain = next;
    }
    out
}

#[cfg(test)]
mod tests {
    use std::f32::consts::TAU;

    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::augment::{NoiseKind, generate_noise};

    fn tone(seconds: f32, amplitude: f32) -> Vec<f32> {
        (0..(seconds * 16_000.0) as usize)
            .map(|n| amplitude * (TAU * 440.0 * n as f32 / 16_000.0).sin())
            .collect()
    }

    fn level_db(samples: &[f32]) -> f32 {
        10.0 * (samples.iter().map(|s| s * s).sum::<f32>() / samples.len() as f32).log10()
    }

    #[test]
    fn steady_noise_is_turned_down_to_the_floor_and_a_voice_in_it_stays() {
        let noise: Vec<f32> = generate_noise(NoiseKind::White, 48_000, &mut ChaCha8Rng::seed_from_u64(1))
            .iter()
            .map(|sample| 0.01 * sample)
            .collect();
        // A second of noise alone, half a second of voice every second after it.
        let voice: Vec<f32> = tone(3.0, 0.3)
            .into_iter()
            .enumerate()
            .map(|(n, sample)| if n % 16_000 < 8_000 { 0.0 } else { sample })
            .collect();
        let noisy: Vec<f32> = voice.iter().zip(&noise).map(|(voice, noise)| voice + noise).collect();
        let out = suppress_noise(&noisy);
        assert_eq!(out.len(), noisy.len());
        let pause = 17_600..22_400;
        let lowered = level_db(&noisy[pause.clone()]) - level_db(&out[pause]);
        assert!((8.0..15.5).contains(&lowered), "{lowered} dB");
        let spoken = 25_600..30_400;
        let kept = level_db(&out[spoken.clone()]) - level_db(&voice[spoken]);
        assert!(kept.abs() < 1.0, "{kept} dB");
    }

    #[test]
    fn what_is_clean_passes() {
        let bursts: Vec<f32> = tone(2.0, 0.3)
            .into_iter()
            .enumerate()
            .map(|(n, sample)| if n % 8_000 < 4_000 { 0.0 } else { sample })
            .collect();
        let out = suppress_noise(&bursts);
        let error: Vec<f32> = out.iter().zip(&bursts).map(|(a, b)| a - b).collect();
        assert!(level_db(&error) < level_db(&bursts) - 20.0, "{}", level_db(&error));
    }

    #[test]
    fn voices_end_at_the_target_whatever_their_level() {
        for amplitude in [0.003, 0.03, 0.3] {
            let out = control_gain(&tone(1.0, amplitude));
            let level = level_db(&out[8_000..]);
            assert!((f64::from(level) - GAIN_TARGET_DB).abs() < 0.5, "{amplitude}: {level} dB");
        }
        // 20 dB louder, then 14 dB quieter: both are flattened within seconds, and nothing passes full scale.
        let steps = [tone(1.0, 0.05), tone(1.0, 0.5), tone(3.0, 0.1)].concat();
        let out = control_gain(&steps);
        for part in [8_000..16_000, 24_000..32_000, 72_000..80_000] {
            let level = f64::from(level_db(&out[part.clone()]));
            assert!((level - GAIN_TARGET_DB).abs() < 0.6, "{part:?}: {level} dB");
        }
        assert!(out.iter().all(|sample| sample.abs() <= MOST_PEAK));
    }

    #[test]
    fn short_and_silent_clips_stay_what_they_are() {
        for length in [0, 1, 255, 256, 257, 511, 5_000] {
            assert_eq!(suppress_noise(&vec![0.0; length]), vec![0.0; length]);
            assert_eq!(control_gain(&vec![0.0; length]), vec![0.0; length]);
        }
    }
}
