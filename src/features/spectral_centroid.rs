//! Spectral centroid.

use crate::dsp::lanes::sum_and_moment;

/// `librosa.feature.spectral_centroid`: the mean frequency, weighted by magnitude, Hz; 0 in silence.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(super) fn spectral_centroid(magnitude: &[f32], bin_hz: f64) -> f32 {
    let (sum, moment) = sum_and_moment(magnitude);
    // As librosa's normalize: what sums up to less than the least normal f32 is left alone.
    let sum = if sum < f64::from(f32::MIN_POSITIVE) { 1.0 } else { sum };
    (moment / sum * bin_hz) as f32
}
