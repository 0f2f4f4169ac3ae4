//! The band of a telephone.

use biquad::{Biquad, Coefficients, DirectForm2Transposed, Errors, Hertz, Type};
use speech_emotion::audio::SAMPLE_RATE;

/// What a narrow-band telephone lets through, Hz, 3 dB down at both ends.
pub const PHONE_BAND: [f64; 2] = [300.0, 3_400.0];

/// Orders of the filters at the lower and the upper end.
const ORDERS: [usize; 2] = [4, 10];

/// `samples` (mono, 16 kHz) as through a telephone: 300 to 3400 Hz, Butterworth filters of order 4 below and 10 above.
pub fn phone_band(samples: &[f32]) -> Vec<f32> {
    band_pass(samples, PHONE_BAND)
}

/// The same between any two frequencies, Hz. What is not below the Nyquist frequency, 8 kHz, counts as just below it.
///
/// # Panics
/// Never: both ends are below the Nyquist frequency.
pub fn band_pass(samples: &[f32], band: [f64; 2]) -> Vec<f32> {
    let [low, high] = band.map(|hz| hz.clamp(1.0, 0.499 * f64::from(SAMPLE_RATE)));
    let below = butterworth(Type::HighPass, low, ORDERS[0]);
    let above = butterworth(Type::LowPass, high, ORDERS[1]);
    let mut sections = below.and_then(|below| Ok([below, above?].concat())).expect("ends below Nyquist");
    let through = |&sample: &f32| {
        let run = |value, section: &mut DirectForm2Transposed<f64>| section.run(value);
        sections.iter_mut().fold(f64::from(sample), run) as f32
    };
    samples.iter().map(through).collect()
}

/// A Butterworth filter of even order as a chain of second-order sections.
fn butterworth(kind: Type<f64>, hz: f64, order: usize) -> Result<Vec<DirectForm2Transposed<f64>>, Errors> {
    let (rate, edge) = (Hertz::from_hz(f64::from(SAMPLE_RATE))?, Hertz::from_hz(hz)?);
    (0..order / 2)
        .map(|section| {
            let angle = std::f64::consts::PI * (2 * section + 1) as f64 / (2 * order) as f64;
            let q = 0.5 / angle.cos();
            Ok(DirectForm2Transposed::new(Coefficients::from_params(kind, rate, edge, q)?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    fn gain_db(hz: f64) -> f64 {
        let tone: Vec<f32> = (0..16_000).map(|n| (TAU * hz * f64::from(n) / 16_000.0).sin() as f32).collect();
        let power = |samples: &[f32]| samples.iter().map(|&s| f64::from(s).powi(2)).sum::<f64>();
        10.0 * (power(&phone_band(&tone)[8_000..]) / power(&tone[8_000..])).log10()
    }

    #[test]
    fn the_band_passes_and_what_is_outside_does_not() {
        for hz in [500.0, 1_000.0, 2_000.0, 2_800.0] {
            assert!(gain_db(hz).abs() < 0.6, "{hz} Hz: {} dB", gain_db(hz));
        }
        for hz in PHONE_BAND {
            assert!((gain_db(hz) + 3.0).abs() < 0.1, "{hz} Hz: {} dB", gain_db(hz));
        }
        // An octave and more below, 6 dB an octave for each order: 10 log(1 + 3^8) = 38 dB at 100 Hz.
        assert!((gain_db(100.0) + 38.0).abs() < 1.0, "{} dB", gain_db(100.0));
        for hz in [5_000.0, 6_800.0, 7_900.0] {
            assert!(gain_db(hz) < -35.0, "{hz} Hz: {} dB", gain_db(hz));
        }
    }

    #[test]
    fn the_length_stays() {
        for length in [0, 1, 777] {
            assert_eq!(phone_band(&vec![0.0; length]), vec![0.0; length]);
        }
    }
}
