//! Zero crossings.

use super::frame::Frame;

/// Samples down to this count as zero, and zero as positive.
const THRESHOLD: f32 = 1e-10;

/// `librosa.feature.zero_crossing_rate(y, frame_length, hop_length)`: sign changes between neighbours in the
/// frame, a share of the frame's length.
pub(super) fn zero_crossing_rate(frame: &Frame, n_fft: usize) -> f32 {
    let negative = |sample: f32| sample < -THRESHOLD;
    let next = frame.samples.get(1..).unwrap_or_default();
    let crossings: u32 =
        frame.samples.iter().zip(next).map(|(&a, &b)| u32::from(negative(a) != negative(b))).sum();
    (f64::from(crossings) / n_fft as f64) as f32
}
