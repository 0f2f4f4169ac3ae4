//! Spectral bandwidth.

use crate::dsp::lanes::{second_moment, sum_and_moment};

/// `librosa.feature.spectral_bandwidth` with its defaults (p = 2, normalised): the standard deviation of the
/// frequency about the centroid, weighted by magnitude, Hz; 0 in silence. Klapuri and Davy, "Signal processing
/// methods for music transcription", 2007, chapter 5.
///
/// In two passes: the mean square less the squared mean would cancel out for tones.
pub(super) fn spectral_bandwidth(magnitude: &[f32], bin_hz: f64) -> f32 {
    let (sum, moment) = sum_and_moment(magnitude);
    // As librosa's normalize: what sums up to less than the least normal f32 is left alone.
    let sum = if sum < f64::from(f32::MIN_POSITIVE) { 1.0 } else { sum };
    let variance = second_moment(magnitude, moment / sum) / sum;
    (variance.sqrt() * bin_hz) as f32
}
