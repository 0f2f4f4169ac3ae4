//! Zero crossings.

/// `librosa.feature.zero_crossing_rate(y, frame_length, hop_length)`: sign changes between neighbours in the
/// frame, a share of the frame's length.
///
/// `inside` are the samples within the clip: what lies around it repeats the outermost sample, and never crosses zero.
/// Samples down to `threshold` count as zero, and zero as positive, or with `zero_pos` false as a sign of its own.
pub(super) fn zero_crossing_rate(inside: &[f32], n_fft: usize, threshold: f32, zero_pos: bool) -> f32 {
    let next = inside.get(1..).unwrap_or_default();
    let pairs = inside.iter().zip(next);
    let crossings: u32 = if zero_pos {
        let negative = |sample: f32| sample < -threshold;
        pairs.map(|(&a, &b)| u32::from(negative(a) != negative(b))).sum()
    } else {
        let sign = |sample: f32| i32::from(sample > threshold) - i32::from(sample < -threshold);
        pairs.map(|(&a, &b)| u32::from(sign(a) != sign(b))).sum()
    };
    (f64::from(crossings) / n_fft as f64) as f32
}
