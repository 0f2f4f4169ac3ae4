//! Energy.

use crate::dsp::{decibels, lanes::sum_of_squares};

/// The mean square of a frame of `n_fft` samples, of which those within the clip are given and silence is around it:
/// the square of `librosa.feature.rms`.
fn mean_square(inside: &[f32], n_fft: usize) -> f64 {
    sum_of_squares(inside) / n_fft as f64
}

/// The mean square in dB, from -100 on and finite whatever the samples are.
pub(super) fn rms_db(inside: &[f32], n_fft: usize) -> f32 {
    decibels(mean_square(inside, n_fft).min(f64::from(f32::MAX)) as f32)
}

/// `librosa.feature.rms(y, frame_length, hop_length)`: the root of the mean square.
pub(super) fn rms(inside: &[f32], n_fft: usize) -> f32 {
    mean_square(inside, n_fft).sqrt() as f32
}
