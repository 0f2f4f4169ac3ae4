//! Energy.

use std::ops::Range;

use super::{PadMode, framing::Framing, hops::frame_sums};
use crate::dsp::{decibels, lanes::sum_of_squares};

/// The mean square of a frame of `n_fft` samples, of which those within the clip are given and silence is around it:
/// the square of `librosa.feature.rms`.
fn mean_square(inside: &[f32], n_fft: usize) -> f64 {
    sum_of_squares(inside) / n_fft as f64
}

/// The mean square in dB, from -100 on and finite whatever the samples are.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(super) fn rms_db(inside: &[f32], n_fft: usize) -> f32 {
    decibels(mean_square(inside, n_fft).min(f64::from(f32::MAX)) as f32)
}

/// `librosa.feature.rms(y, frame_length, hop_length)` of some frames: the root of the mean square. `padded` is scratch of a
/// frame's length.
pub(super) fn rms(
    clip: &[f32],
    framing: Framing,
    frames: Range<usize>,
    padded: &mut [f32],
    column: &mut [f32],
) {
    let root = |squares: f64| (squares / framing.frame_length as f64).sqrt() as f32;
    if framing.pad_mode == PadMode::Constant {
        frame_sums(framing, clip, frames, sum_of_squares, |_, _| 0.0, column, root);
        return;
    }
    for (frame, rms) in frames.zip(column) {
        *rms = root(sum_of_squares(framing.whole(clip, frame, padded)));
    }
}
