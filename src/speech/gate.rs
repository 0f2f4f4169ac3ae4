//! The gate: whether a clip is speech, by what the detector's scores and the network's input say together.
//!
//! The detector alone takes animals, babies, bells and engines for speech. A logistic regression on statistics of
//! features that are computed anyway tells them apart, for half a kilobyte. `trainer gate` makes its weights.

mod weights;

use crate::features::{FrameMatrix, STACK_CHANNELS};

/// Rows of the network's input that are looked at: MFCC, and RMS, zero crossings, centroid, rolloff, flatness.
const ROWS: usize = 20 + 5;
const FIRST_MFCC: usize = 64;

/// Frames between the two values of a difference: 16, 64 and 192 ms, a sound, a syllable and a stress.
const LAGS: [usize; 3] = [1, 4, 12];

/// Bounds of the detector's scores whose shares are looked at.
const SCORES: [f32; 4] = [0.2, 0.5, 0.8, 0.95];

/// How many values [`statistics`] gives.
pub const STATISTICS: usize = ROWS * (2 + LAGS.len()) + 1 + SCORES.len();

/// A clip's statistics, whatever its length: of every row the mean, the deviation and the mean absolute difference
/// over each lag; of the detector's `scores` the mean, and the shares above four bounds.
///
/// `features` are those of the conditioned clip, `[101, frames]`, as
/// [`InputStack`](crate::features::InputStack) gives them.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub fn statistics(scores: &[f32], features: &FrameMatrix) -> [f32; STATISTICS] {
    let mut statistics = [0.0; STATISTICS];
    let (of_rows, of_scores) = statistics.split_at_mut(ROWS * (2 + LAGS.len()));
    let rows = (FIRST_MFCC..FIRST_MFCC + 20).chain(STACK_CHANNELS - 5..STACK_CHANNELS);
    for (out, row) in of_rows.chunks_exact_mut(2 + LAGS.len()).zip(rows) {
        let row = features.row(row);
        out[0] = mean(row.iter().copied());
        out[1] = mean(row.iter().map(|value| (value - out[0]).powi(2))).sqrt();
        for (out, lag) in out[2..].iter_mut().zip(LAGS) {
            *out = mean(row.iter().zip(row.iter().skip(lag)).map(|(before, after)| (after - before).abs()));
        }
    }
    of_scores[0] = mean(scores.iter().copied());
    for (out, bound) in of_scores[1..].iter_mut().zip(SCORES) {
        *out = mean(scores.iter().map(|&score| f32::from(u8::from(score > bound))));
    }
    statistics
}

/// How sure the gate is that a clip is speech, as a log-odds: above 0 it is open.
pub fn score(scores: &[f32], features: &FrameMatrix) -> f32 {
    let statistics = statistics(scores, features);
    weights::BIAS
        + statistics.iter().zip(&weights::WEIGHTS).map(|(value, weight)| value * weight).sum::<f32>()
}

/// Whether a clip is speech.
pub fn is_speech(scores: &[f32], features: &FrameMatrix) -> bool {
    score(scores, features) > 0.0
}

/// The mean, 0 of nothing.
fn mean(values: impl Iterator<Item = f32>) -> f32 {
    let (sum, count) = values.fold((0.0, 0_u32), |(sum, count), value| (sum + value, count + 1));
    sum / count.max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_are_those_of_their_definition() {
        let frames = 13;
        // Every row is a ramp of its own slope.
        let values = (0..STACK_CHANNELS * frames).map(|n| ((n / frames) * (n % frames)) as f32).collect();
        let features = FrameMatrix::from_data(STACK_CHANNELS, frames, values).expect("the right size");
        let statistics = statistics(&[0.0, 0.6, 0.9, 1.0], &features);
        let slope = FIRST_MFCC as f32;
        // A ramp 0..=12 has the mean 6 and the variance 14.
        let expected = [6.0 * slope, 14.0_f32.sqrt() * slope, slope, 4.0 * slope, 12.0 * slope];
        for (value, expected) in statistics.iter().zip(expected) {
            assert!((value - expected).abs() < 1e-3 * expected, "{value} for {expected}");
        }
        assert_eq!(statistics[STATISTICS - 4..], [0.75, 0.75, 0.5, 0.25]);
        assert!((statistics[STATISTICS - 5] - 0.625).abs() < 1e-6);
    }

    #[test]
    fn one_frame_and_no_score_are_finite() {
        let features = FrameMatrix::from_data(STACK_CHANNELS, 1, vec![-100.0; STACK_CHANNELS]);
        assert!(score(&[], &features.expect("the right size")).is_finite());
    }
}
