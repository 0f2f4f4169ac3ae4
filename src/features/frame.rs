//! Cutting a clip into frames, and a frame's spectrum.

use crate::{
    Error, Result,
    dsp::{RealFft, hann},
};

/// Power above this saturates, so that sums over it stay finite in f32. It takes samples of 1e10 and more to
/// get there.
const MAX_POWER: f64 = 1e30;

/// Frames of a clip: `1 + samples / hop_length`, centred, so that frame `t` is centred on sample
/// `t * hop_length` and reaches past both ends.
pub(super) fn frame_count(samples: usize, hop_length: usize) -> usize {
    1 + samples / hop_length
}

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

/// A frame: its samples within the clip, and how many samples before the clip's start it begins.
///
/// What lies outside of the clip is silence to the spectrum and to RMS, and a repetition of the outermost
/// sample (which never crosses zero) to the zero crossings: `samples` is all that either needs.
pub(super) struct Frame<'a> {
    pub samples: &'a [f32],
    before: usize,
}

impl<'a> Frame<'a> {
    pub fn new(clip: &'a [f32], index: usize, n_fft: usize, hop_length: usize) -> Self {
        let centre = (index * hop_length).min(clip.len());
        let start = centre.saturating_sub(n_fft / 2);
        let end = (centre + n_fft / 2).min(clip.len());
        Self { samples: &clip[start..end], before: (n_fft / 2).saturating_sub(centre) }
    }

    /// The whole frame under a `window` `[n_fft]`, with the silence around the clip, into `windowed` `[n_fft]`.
    pub fn windowed(&self, window: &[f64], windowed: &mut [f64]) {
        windowed.fill(0.0);
        let inside = windowed.iter_mut().zip(window).skip(self.before);
        for ((windowed, weight), &sample) in inside.zip(self.samples) {
            *windowed = weight * f64::from(sample);
        }
    }
}

/// The spectrum of one frame at a time, with everything it needs allocated once.
pub(super) struct Spectrum {
    fft: RealFft,
    window: Vec<f64>,
    /// A frame that reaches past the clip, with the silence there.
    padded: Vec<f32>,
    /// `|X|^2`, `[n_fft / 2 + 1]`
    pub power: Vec<f32>,
    /// `|X|`, `[n_fft / 2 + 1]`
    pub magnitude: Vec<f32>,
}

impl Spectrum {
    /// For frames of `2^exponent` samples.
    pub fn new(exponent: u32) -> Self {
        let fft = RealFft::with_exponent(exponent);
        Self {
            window: hann(fft.len()),
            padded: vec![0.0; fft.len()],
            power: vec![0.0; fft.bins()],
            magnitude: vec![0.0; fft.bins()],
            fft,
        }
    }

    /// Computes `power` and `magnitude` of a frame.
    pub fn analyse(&mut self, frame: &Frame) {
        let mut samples = frame.samples;
        if samples.len() < self.padded.len() {
            let inside = frame.before..frame.before + samples.len();
            self.padded.fill(0.0);
            self.padded[inside].copy_from_slice(samples);
            samples = &self.padded;
        }
        self.fft.power(samples, &self.window, &mut self.power, MAX_POWER);
        for (magnitude, power) in self.magnitude.iter_mut().zip(&self.power) {
            *magnitude = power.sqrt();
        }
    }
}
