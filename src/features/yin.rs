//! The fundamental frequency.

use super::{
    PadMode,
    framing::Framing,
    options::{check, check_samples},
};
use crate::{
    Result,
    audio::check_rate,
    dsp::{
        PowerFft, WideRealFft,
        wide::{WIDTH, Wide},
    },
    number::number,
};

/// The longest frame, samples.
const MAX_FRAME_LENGTH: usize = 1 << 15;

/// What librosa adds to a divisor, the least normal f32.
const TINY: f64 = f32::MIN_POSITIVE as f64;

/// Options of [`yin`], named and preset as librosa's.
#[derive(Debug, Clone, PartialEq)]
pub struct YinOptions {
    /// The lowest frequency to be found, Hz, above `sample_rate / (frame_length - 1)`, so that a period fits
    /// into a frame; two should. librosa has no preset and recommends C2, 65.406 Hz.
    pub fmin: f64,
    /// The highest frequency to be found, Hz, above `fmin` and at most half the sample rate. librosa has no
    /// preset and recommends C7, 2093.005 Hz.
    pub fmax: f64,
    /// Samples of a frame, 4 to 32768; 2048.
    pub frame_length: usize,
    /// Samples from a frame to the next, at least 1; `None` is a quarter of `frame_length`. `None`.
    pub hop_length: Option<usize>,
    /// The first trough of the difference that is lower is taken for the period, above 0; 0.1.
    pub trough_threshold: f64,
    /// Whether frame `t` is centred on sample `t * hop_length`, with `pad_mode` around the clip, or begins there;
    /// `true`.
    pub center: bool,
    /// What is around the clip; silence.
    pub pad_mode: PadMode,
}

impl Default for YinOptions {
    fn default() -> Self {
        Self {
            fmin: 65.406_391_325_149_66,
            fmax: 2_093.004_522_404_789,
            frame_length: 2048,
            hop_length: None,
            trough_threshold: 0.1,
            center: true,
            pad_mode: PadMode::Constant,
        }
    }
}

/// The fundamental frequency of a clip over time.
#[derive(Debug, Clone, PartialEq)]
pub struct F0 {
    /// The frequency, Hz, `[frames]`. As in librosa every frame has one, voiced or not.
    pub f0: Vec<f32>,
    /// How far a frame can be believed to be voiced, 0 to 1, `[frames]`: 1 less the cumulative mean normalised
    /// difference at the chosen period, YIN's measure of the power that is not periodic; 0 in silence. A steady
    /// tone has 0.9 to 1, less for a longer period, since librosa's difference counts what the frame cuts off.
    ///
    /// Unlike pYIN's this weighs neither several thresholds nor the frames before and after.
    pub voiced_prob: Vec<f32>,
}

/// Estimates the fundamental frequency by YIN (de Cheveigné and Kawahara, J. Acoust. Soc. Am. 111, 2002):
/// `librosa.yin(y, fmin, fmax, sr, frame_length, hop_length, trough_threshold, center,
/// pad_mode)`, and with it how far each frame is voiced.
///
/// Of a frame with the autocorrelation r, `d(k) = 2 (r(0) - r(k)) - sum of x(m)^2 over m < k` is divided by
/// its mean up to k; the period is the first trough below the threshold, or else the lowest value, between
/// `sample_rate / fmax` and `sample_rate / fmin`, refined by a parabola. librosa computes in f32 and this in
/// f64: where the difference is the same at every period, as of an impulse, each takes its own rounding for the
/// lowest.
///
/// Of a whole clip, though each frame depends on its own samples alone: a [`FeatureStream`](super::FeatureStream) has no pitch.
///
/// # Errors
/// [`Error::EmptyAudio`](crate::Error::EmptyAudio) without samples,
/// [`Error::NonFiniteSample`](crate::Error::NonFiniteSample) at the first NaN or infinity,
/// [`Error::SampleRate`](crate::Error::SampleRate) outside of 8 to 192 kHz,
/// [`Error::Parameter`](crate::Error::Parameter) if an option is out of its bounds, if `fmin` and `fmax` are the
/// same number of samples, and if a clip that is not centred is shorter than `frame_length`.
///
/// # Examples
/// ```
/// use speech_emotion::features::{YinOptions, yin};
///
/// // 200 Hz.
/// let tone: Vec<f32> = (0..16_000).map(|i| (std::f32::consts::TAU / 80.0 * i as f32).sin()).collect();
/// let pitch = yin(&tone, 16_000, &YinOptions::default())?;
/// assert_eq!(pitch.f0.len(), 32);
/// assert!((pitch.f0[16] - 200.0).abs() < 0.5 && pitch.voiced_prob[16] > 0.95);
/// # Ok::<(), speech_emotion::Error>(())
/// ```
pub fn yin(samples: &[f32], sample_rate: u32, options: &YinOptions) -> Result<F0> {
    check_rate(sample_rate)?;
    let (periods, framing) = options.validate(f64::from(sample_rate))?;
    check_samples(samples)?;
    let frames = framing.count("frame_length", samples.len())?;

    let (min_period, max_period) = (*periods.start(), *periods.end());
    let mut difference = Difference::new(framing.frame_length, max_period);
    let mut pitch = F0 { f0: Vec::with_capacity(frames), voiced_prob: Vec::with_capacity(frames) };
    for first in (0..frames).step_by(WIDTH) {
        difference.autocorrelate(samples, framing, first, frames - 1);
        for lane in 0..(frames - first).min(WIDTH) {
            difference.compute(lane);
            let candidates = &difference.normalised[min_period..=max_period];
            let chosen = choose(candidates, options.trough_threshold);
            let period = (min_period + chosen) as f64 + shift(candidates, chosen);
            pitch.f0.push((f64::from(sample_rate) / period) as f32);
            let sounds = difference.mean[min_period + chosen] > TINY;
            let voiced = if sounds { 1.0 - candidates[chosen] } else { 0.0 };
            pitch.voiced_prob.push(voiced.clamp(0.0, 1.0) as f32);
        }
    }
    Ok(pitch)
}

impl YinOptions {
    /// The shortest and the longest period in samples, and the framing.
    fn validate(&self, sample_rate: f64) -> Result<(std::ops::RangeInclusive<usize>, Framing)> {
        let &Self { fmin, fmax, frame_length, hop_length, trough_threshold, center, pad_mode } = self;
        let frame_length_is_right = (4..=MAX_FRAME_LENGTH).contains(&frame_length);
        check(frame_length_is_right, "frame_length", &format!("4 to {MAX_FRAME_LENGTH}"), &frame_length)?;
        let hop_length_is_right = hop_length.is_none_or(|hop_length| hop_length > 0);
        check(hop_length_is_right, "hop_length", "none or at least 1", &hop_length)?;
        let lowest = sample_rate / (frame_length - 1) as f64;
        check(fmin > lowest && fmin.is_finite(), "fmin", &format!("above {} Hz", number(lowest)), &fmin)?;
        let highest = sample_rate / 2.0;
        let fmax_is_right = fmax > fmin && fmax <= highest;
        check(
            fmax_is_right,
            "fmax",
            &format!("above fmin, {} Hz, to {} Hz", number(fmin), number(highest)),
            &fmax,
        )?;
        check(trough_threshold > 0.0, "trough_threshold", "above 0", &trough_threshold)?;

        let min_period = (sample_rate / fmax).floor() as usize;
        let max_period = ((sample_rate / fmin).ceil() as usize).min(frame_length - 1);
        let apart = "as far above fmin that their periods differ by a sample";
        check(min_period < max_period, "fmax", apart, &fmax)?;
        let hop_length = hop_length.unwrap_or(frame_length / 4);
        Ok((min_period..=max_period, Framing { frame_length, hop_length, center, pad_mode }))
    }
}

/// The cumulative mean normalised differences of [`WIDTH`] frames at a time, with everything they need allocated once.
struct Difference {
    fft: WideRealFft,
    /// Frames that reach past the clip, with what is there.
    padded: [Vec<f32>; WIDTH],
    /// The frames and zeros behind them, so that no lag up to the longest wraps around.
    frames: Vec<Wide>,
    /// Their power spectra, mirrored at half the sample rate.
    power: Vec<Wide>,
    /// Their autocorrelations times the transform's length, `[max_period + 1]`.
    correlation: Vec<Wide>,
    /// The mean of the difference at lags 1 to each, `[max_period + 1]`, of one frame.
    mean: Vec<f64>,
    /// The difference over that mean, `[max_period + 1]`.
    normalised: Vec<f64>,
}

impl Difference {
    fn new(frame_length: usize, max_period: usize) -> Self {
        let fft = WideRealFft::with_len((frame_length + max_period).next_power_of_two());
        Self {
            padded: std::array::from_fn(|_| vec![0.0; frame_length]),
            frames: vec![Wide::default(); fft.len()],
            power: vec![Wide::default(); fft.len()],
            correlation: vec![Wide::default(); max_period + 1],
            mean: vec![0.0; max_period + 1],
            normalised: vec![0.0; max_period + 1],
            fft,
        }
    }

    /// Computes the autocorrelations of the frames from `first` on, no further than to the `last`.
    fn autocorrelate(&mut self, clip: &[f32], framing: Framing, first: usize, last: usize) {
        let mut lane = 0;
        let frames = self.padded.each_mut().map(|padded| {
            let index = (first + lane).min(last);
            lane += 1;
            framing.whole(clip, index, padded)
        });
        for (index, value) in self.frames[..framing.frame_length].iter_mut().enumerate() {
            *value = Wide::new(frames.map(|frame| f64::from(frame[index])));
        }
        // The autocorrelation is the power spectrum's transform, which is real, since both are even.
        let n = self.power.len();
        let power = &mut self.power;
        self.fft.process(&self.frames, |bin, value| {
            let value = value.re * value.re + value.im * value.im;
            power[bin] = value;
            power[(n - bin) % n] = value;
        });
        let correlation = &mut self.correlation;
        self.fft.process(&self.power, |lag, value| {
            if let Some(correlation) = correlation.get_mut(lag) {
                *correlation = value.re;
            }
        });
    }

    /// Computes `mean` and `normalised` of the frame in a lane.
    fn compute(&mut self, lane: usize) {
        let scale = 1.0 / self.power.len() as f64;
        let energy = self.correlation[0].lanes()[lane];
        // The sum of the squares of the samples before a lag.
        let mut head = 0.0;
        let mut total = 0.0;
        for lag in 1..self.correlation.len() {
            let sample = self.frames[lag - 1].lanes()[lane];
            head += sample * sample;
            // librosa overwrites the first square before it takes the sums, and so does not subtract it at lag 1.
            let head = if lag == 1 { 0.0 } else { head };
            let difference = 2.0 * (energy - self.correlation[lag].lanes()[lane]) * scale - head;
            total += difference;
            self.mean[lag] = (total / lag as f64).max(0.0);
            self.normalised[lag] = difference / (self.mean[lag] + TINY);
        }
    }
}

/// The first trough below the threshold, or else the lowest candidate.
///
/// As in librosa, a trough is lower than its left neighbour and no higher than its right one, the outermost
/// candidates lower than their only neighbour.
fn choose(candidates: &[f64], threshold: f64) -> usize {
    let last = candidates.len() - 1;
    let is_trough = |&index: &usize| {
        let value = candidates[index];
        let falls = index == 0 || value < candidates[index - 1];
        let rises =
            index == last || value < candidates[index + 1] || index > 0 && value == candidates[index + 1];
        value < threshold && falls && rises
    };
    let lowest =
        || (0..=last).fold(0, |best, index| if candidates[index] < candidates[best] { index } else { best });
    (0..=last).find(is_trough).unwrap_or_else(lowest)
}

/// How far beside a candidate the parabola through it and its neighbours is lowest, in samples, above -1 and
/// below 1; 0 where that lies beyond them or a neighbour is missing.
fn shift(candidates: &[f64], index: usize) -> f64 {
    let neighbours = (index.checked_sub(1).map(|left| candidates[left]), candidates.get(index + 1));
    let (Some(left), Some(right)) = neighbours else { return 0.0 };
    let curvature = left + right - 2.0 * candidates[index];
    let slope = (right - left) / 2.0;
    if slope.abs() >= curvature.abs() { 0.0 } else { -slope / curvature }
}
