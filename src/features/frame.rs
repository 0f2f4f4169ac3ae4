//! The spectra of frames.

use super::{Window, framing::Framing};
use crate::{
    Error, Result,
    dsp::{
        Complex, PowerFft, WideRealFft, rows,
        wide::{WIDTH, Wide},
    },
};

/// The most values that one feature of one clip may have, a gigabyte: a hop of a few samples reaches it.
const MAX_VALUES: usize = 1 << 28;

/// Refuses more frames of `bands` values than memory is planned for.
pub(super) fn check_values(frames: usize, bands: usize) -> Result<()> {
    if bands.checked_mul(frames).is_some_and(|values| values <= MAX_VALUES) {
        return Ok(());
    }
    Err(Error::Parameter {
        name: "hop_length",
        expected: format!("at most {MAX_VALUES} values of each feature"),
        got: format!("{frames} frames of {bands} values"),
    })
}

/// Which spectra are computed besides the power.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Power,
    PowerAndMagnitude,
}

/// The spectra of [`WIDTH`] frames at a time, with everything they need allocated once.
pub(super) struct Spectra<T> {
    fft: T,
    /// Scaled as the transform would have it.
    window: Vec<f64>,
    /// Frames that reach past the clip, with what is there.
    padded: [Vec<f32>; WIDTH],
    /// `|X|`, `[n_fft / 2 + 1]`, of each frame.
    pub magnitude: [Vec<f32>; WIDTH],
}

impl<T: PowerFft> Spectra<T> {
    /// For frames of `n_fft` samples, under a window of `win_length` of them in their middle.
    pub fn new(n_fft: usize, window: Window, win_length: usize) -> Self {
        let scratch = |length| std::array::from_fn(|_| vec![0.0; length]);
        let bins = n_fft / 2 + 1;
        let fft = T::with_len(n_fft);
        let scale = fft.scale();
        Self {
            fft,
            window: window.centred(win_length, n_fft).into_iter().map(|weight| weight * scale).collect(),
            padded: scratch(n_fft),
            magnitude: scratch(bins),
        }
    }

    /// Computes the power spectra of the frames from `first` to below `end`, [`WIDTH`] of them at most, into the first rows of
    /// `power` `[WIDTH, n_fft / 2 + 1]`, and their magnitudes if they are wanted.
    pub fn analyse(
        &mut self,
        clip: &[f32],
        framing: Framing,
        [first, end]: [usize; 2],
        wanted: Wanted,
        power: &mut [f32],
    ) {
        let frames = frames(clip, framing, first, end, &mut self.padded);
        self.fft.power(frames, end - first, &self.window, power);
        if wanted == Wanted::PowerAndMagnitude {
            for (magnitude, power) in self.magnitude.iter_mut().zip(rows(power)).take(end - first) {
                for (magnitude, power) in magnitude.iter_mut().zip(power) {
                    *magnitude = power.sqrt();
                }
            }
        }
    }
}

impl Spectra<WideRealFft> {
    /// Hands every bin of these frames to `take`, complex.
    pub fn transform(
        &mut self,
        clip: &[f32],
        framing: Framing,
        first: usize,
        end: usize,
        take: impl FnMut(usize, Complex<Wide>),
    ) {
        let frames = frames(clip, framing, first, end, &mut self.padded);
        self.fft.process_windowed(frames, &self.window, take);
    }
}

/// The frames from `first` to below `end`, whole, and the last of them in the place of those that are missing.
fn frames<'a>(
    clip: &'a [f32],
    framing: Framing,
    first: usize,
    end: usize,
    padded: &'a mut [Vec<f32>; WIDTH],
) -> [&'a [f32]; WIDTH] {
    let mut lane = 0;
    padded.each_mut().map(|padded| {
        let index = (first + lane).min(end.saturating_sub(1));
        lane += 1;
        framing.whole(clip, index, padded)
    })
}
