//! Fourier transforms of whole clips: convolution, and another rate without any loss.

use rustfft::{FftPlanner, num_complex::Complex};

/// Lengths are rounded up to multiples of this many steps, which keeps the transform's factors small.
const STEPS: usize = 64;

/// `samples` through a filter with this impulse response, as long as `samples`.
pub(super) fn convolve(samples: &[f32], response: &[f32]) -> Vec<f32> {
    let length = (samples.len() + response.len()).next_power_of_two();
    let mut planner = FftPlanner::new();
    let forward = planner.plan_fft_forward(length);
    let [mut spectrum, mut filter] = [samples, response].map(|signal| {
        let mut buffer = padded(signal, length);
        forward.process(&mut buffer);
        buffer
    });
    for (bin, factor) in spectrum.iter_mut().zip(&filter) {
        *bin *= factor / length as f64;
    }
    filter.clear();
    planner.plan_fft_inverse(length).process(&mut spectrum);
    spectrum[..samples.len()].iter().map(|value| value.re as f32).collect()
}

/// `samples` at `from` Hz as they would be at `to` Hz: everything below both Nyquist frequencies is kept as it is,
/// everything above the lower one is gone. Holds `ceil(samples * to / from)` samples.
///
/// The library's resampler is what is under test where this is used, so it can't be used here.
pub fn resample_exactly(samples: &[f32], from: u32, to: u32) -> Vec<f32> {
    let common = gcd(from, to).max(1);
    let (step, step_out) = ((from / common) as usize * STEPS, (to / common) as usize * STEPS);
    // A step of silence at least, so that the transform's end does not ring into its beginning.
    let steps = samples.len() / step.max(1) + 2;
    let (length, length_out) = (steps * step, steps * step_out);
    if samples.is_empty() || length == 0 || length_out == 0 {
        return Vec::new();
    }
    let mut planner = FftPlanner::new();
    let mut spectrum = padded(samples, length);
    planner.plan_fft_forward(length).process(&mut spectrum);
    let mut out = vec![Complex::default(); length_out];
    out[0] = spectrum[0];
    for bin in 1..length.min(length_out).div_ceil(2) {
        out[bin] = spectrum[bin];
        out[length_out - bin] = spectrum[length - bin];
    }
    planner.plan_fft_inverse(length_out).process(&mut out);
    let count = (samples.len() as u64 * u64::from(to)).div_ceil(u64::from(from)) as usize;
    out.iter().take(count).map(|value| (value.re / length as f64) as f32).collect()
}

fn padded(samples: &[f32], length: usize) -> Vec<Complex<f64>> {
    let values = samples.iter().map(|&sample| Complex::new(f64::from(sample), 0.0));
    values.chain(std::iter::repeat(Complex::default())).take(length).collect()
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    #[test]
    fn convolution_is_the_sum_that_defines_it() {
        let samples: Vec<f32> = (0..50).map(|n| (n as f32 * 0.7).sin()).collect();
        let response = [0.5, -0.25, 0.0, 1.0, 0.125];
        let out = convolve(&samples, &response);
        for (n, value) in out.iter().enumerate() {
            let taps = response.iter().enumerate().filter(|(delay, _)| *delay <= n);
            let sum: f32 = taps.map(|(delay, tap)| tap * samples[n - delay]).sum();
            assert!((value - sum).abs() < 1e-6, "{n}: {value} for {sum}");
        }
        assert!(convolve(&[], &response).is_empty());
    }

    #[test]
    fn a_tone_is_the_same_tone_at_every_rate() {
        let tone = |rate: u32, hz: f64, count: usize| -> Vec<f32> {
            // Faded in and out: what the clip's ends cut is not the tone.
            let fade = |t: f64| (t * TAU / 2.0 / 0.5).sin().max(0.0).powi(2);
            (0..count)
                .map(|n| n as f64 / f64::from(rate))
                .map(|t| (fade(t) * (TAU * hz * t).sin()) as f32)
                .collect()
        };
        for rate in [8_000, 11_025, 12_000, 22_050, 44_100, 48_000, 192_000] {
            for hz in [100.0, 0.45 * f64::from(rate.min(16_000))] {
                let there = resample_exactly(&tone(16_000, hz, 8_000), 16_000, rate);
                assert_eq!(there.len(), rate.div_ceil(2) as usize);
                let expected = tone(rate, hz, there.len());
                let error = there.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                assert!(error < 1e-3, "{hz} Hz at {rate} Hz: {error}");
            }
        }
        assert!(resample_exactly(&[], 16_000, 48_000).is_empty());
    }
}
