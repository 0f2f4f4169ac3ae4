//! Spectral bandwidth.

use crate::dsp::{
    lanes::{second_moment, sum_and_moment},
    math,
};

/// `librosa.feature.spectral_bandwidth`: of `p` 2 the standard deviation of the
/// frequency about the centroid, weighted by magnitude, Hz; 0 in silence. Klapuri and Davy, "Signal processing
/// methods for music transcription", 2007, chapter 5.
///
/// In two passes: the mean square less the squared mean would cancel out for tones. Of another `p` than 2 it is the
/// `p`th root of the mean deviation to the power of `p`. Without `norm` it is the root of the sum of deviations, weighted
/// by the magnitude as it is.
pub(super) fn spectral_bandwidth(magnitude: &[f32], bin_hz: f64, p: f64, norm: bool) -> f32 {
    let (sum, moment) = sum_and_moment(magnitude);
    // As librosa's normalize: what sums up to less than the least normal f32 is left alone.
    let sum = if sum < f64::from(f32::MIN_POSITIVE) { 1.0 } else { sum };
    let centre = moment / sum;
    let weight = if norm { sum } else { 1.0 };
    if p != 2.0 || !norm {
        let deviation =
            |(bin, &value): (usize, &f32)| f64::from(value) * math::powf((bin as f64 - centre).abs(), p);
        let mean = magnitude.iter().enumerate().map(deviation).sum::<f64>() / weight;
        // Only without a norm past f32's range.
        return (math::powf(mean, 1.0 / p) * bin_hz).min(f64::from(f32::MAX)) as f32;
    }
    let variance = second_moment(magnitude, centre) / sum;
    (variance.sqrt() * bin_hz) as f32
}
