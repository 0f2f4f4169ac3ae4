//! Mel-frequency cepstral coefficients.

use std::f64::consts::PI;

use crate::dsp::{Filters, math, wide::WIDTH};

/// The factors of `librosa.feature.mfcc`'s `lifter`, one a coefficient: `1 + lifter / 2 * sin(pi n / lifter)`, after
/// Juang, Rabiner and Wilpon, "On the use of bandpass liftering in speech recognition", 1987. None for a lifter of
/// 0.
pub(super) fn lifter_factors(lifter: f64, n_mfcc: usize) -> Vec<f32> {
    if lifter <= 0.0 {
        return Vec::new();
    }
    let factor = |n: usize| {
        let angle = PI * n as f64 / lifter;
        // A lifter so small that the angle has no number adds nothing, whatever its sine.
        let sine = if angle.is_finite() { math::sin(angle) } else { 0.0 };
        (1.0 + lifter / 2.0 * sine) as f32
    };
    (1..=n_mfcc).map(factor).collect()
}

/// Multiplies the coefficients `[frames, n_mfcc]` by a lifter's `factors`, if there are any.
pub(super) fn lift(coefficients: &mut [f32], factors: &[f32]) {
    for coefficients in coefficients.chunks_exact_mut(factors.len().max(1)) {
        for (coefficient, factor) in coefficients.iter_mut().zip(factors) {
            *coefficient *= factor;
        }
    }
}

/// `librosa.feature.mfcc`: the first coefficients of the DCT-II of each frame's log-mel spectrum, several frames at once, by a
/// `dct` that gives as many coefficients as there are.
///
/// `log_mel` `[frames, n_mels]`, `coefficients` `[frames, n_mfcc]`.
pub(super) fn mfcc_columns(log_mel: &[f32], n_mels: usize, dct: &Filters, coefficients: &mut [f32]) {
    let columns = coefficients.chunks_mut(WIDTH * dct.len());
    for (log_mel, columns) in log_mel.chunks(WIDTH * n_mels).zip(columns) {
        // Beyond the last frame, itself once more.
        let last = log_mel.len() - n_mels;
        let frames = std::array::from_fn(|lane| &log_mel[(lane * n_mels).min(last)..][..n_mels]);
        dct.process(frames, columns);
    }
}

#[cfg(test)]
mod tests {
    use super::lifter_factors;

    /// Found by the fuzz target `frames`: a lifter of 3e-322 made every factor NaN.
    #[test]
    fn any_lifter_gives_finite_factors() {
        for lifter in [f64::from_bits(1), 3e-322, 1e-300, 1e-9, 22.0, 1e9, f64::MAX] {
            let factors = lifter_factors(lifter, 128);
            assert!(factors.len() == 128 && factors.iter().all(|factor| factor.is_finite()), "{lifter:e}");
        }
        assert_eq!(lifter_factors(3e-322, 2), [1.0, 1.0]);
    }
}
