//! A line through the spectrum.

use crate::dsp::lanes::sum_and_moment;

/// The values of a frame: slope and intercept.
pub(super) const POLY_BANDS: usize = 2;

/// `librosa.feature.poly_features` of order 1: the line through the magnitude over the frequency that is nearest
/// by least squares, `[slope a Hz, magnitude at 0 Hz]`, highest power first as in `numpy.polyfit`.
///
/// Bins are evenly spaced, `0..n`: their mean is `(n - 1) / 2`, their squared deviations add up to
/// `n (n^2 - 1) / 12`, and the normal equations need nothing more than the sum and the first moment. At least
/// two bins.
pub(super) fn poly_features(magnitude: &[f32], bin_hz: f64) -> [f32; POLY_BANDS] {
    let (sum, moment) = sum_and_moment(magnitude);
    let n = magnitude.len() as f64;
    let mean_bin = (n - 1.0) / 2.0;
    let slope = (moment - mean_bin * sum) / (n * (n * n - 1.0) / 12.0);
    [(slope / bin_hz) as f32, (sum / n - slope * mean_bin) as f32]
}

#[cfg(test)]
mod tests {
    use super::poly_features;

    #[test]
    fn a_line_is_found_again() {
        let line: Vec<f32> = (0..17).map(|bin| 40.0 - 2.0 * bin as f32).collect();
        assert_eq!(poly_features(&line, 500.0), [-2.0 / 500.0, 40.0]);
        assert_eq!(poly_features(&[3.0; 33], 500.0), [0.0, 3.0]);
    }
}
