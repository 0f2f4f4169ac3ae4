//! The short-time Fourier transform.

use super::{
    FrameMatrix, PadMode, Window,
    frame::{Spectra, check_values},
    framing::Framing,
    options::{check_cut, check_samples, check_window},
};
use crate::{
    Result,
    dsp::{Complex, WideRealFft, wide::WIDTH},
};

/// No real or imaginary part grows past this, so that the power stays finite in f32. It takes samples of 1e10
/// and more to get there.
const MAX_PART: f64 = 1e15;

/// Options of [`stft`], named and preset as librosa's.
#[derive(Debug, Clone, PartialEq)]
pub struct StftOptions {
    /// Samples in a frame, 32 to 32768, powers of two being the fastest; 2048.
    pub n_fft: usize,
    /// Samples from a frame to the next, 1 to `n_fft`; `None` is a quarter of `n_fft`. `None`.
    pub hop_length: Option<usize>,
    /// Samples of the window, in the middle of the frame with zeros around it, 1 to `n_fft`, which `None` stands for;
    /// `None`.
    pub win_length: Option<usize>,
    /// The window; Hann's.
    pub window: Window,
    /// Whether frame `t` is centred on sample `t * hop_length`, with `pad_mode` around the clip, or begins there, which
    /// takes a clip of at least `n_fft` samples; `true`.
    pub center: bool,
    /// What is around the clip; silence.
    pub pad_mode: PadMode,
}

impl Default for StftOptions {
    fn default() -> Self {
        Self {
            n_fft: 2048,
            hop_length: None,
            win_length: None,
            window: Window::Hann,
            center: true,
            pad_mode: PadMode::Constant,
        }
    }
}

/// Complex spectra over time, `[1 + n_fft / 2, frames]`, row-major: one bin's values over time lie side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Stft {
    bins: usize,
    frames: usize,
    data: Vec<Complex<f32>>,
}

impl Stft {
    /// `[1 + n_fft / 2, frames]`
    pub fn shape(&self) -> [usize; 2] {
        [self.bins, self.frames]
    }

    /// Every value, `[1 + n_fft / 2, frames]` row-major.
    pub fn data(&self) -> &[Complex<f32>] {
        &self.data
    }

    /// One bin over time, `[frames]`; empty past the last bin. Bin `k` is at `k * sample_rate / n_fft` Hz.
    pub fn row(&self, bin: usize) -> &[Complex<f32>] {
        if bin < self.bins { &self.data[bin * self.frames..(bin + 1) * self.frames] } else { &[] }
    }

    /// The values as an `ndarray` view, `[1 + n_fft / 2, frames]`, without a copy. With the cargo feature `ndarray-view`.
    ///
    /// # Examples
    /// ```
    /// use speech_emotion::features::{StftOptions, stft};
    ///
    /// let spectra = stft(&[1.0; 4096], &StftOptions::default())?;
    /// assert_eq!(spectra.view().shape(), [1025, 9]);
    /// assert_eq!(spectra.view()[[0, 4]], spectra.row(0)[4]);
    /// # Ok::<(), speech_emotion::Error>(())
    /// ```
    #[cfg(feature = "ndarray-view")]
    pub fn view(&self) -> ndarray::ArrayView2<'_, Complex<f32>> {
        ndarray::ArrayView2::from_shape(self.shape(), &self.data)
            .expect("there are as many values as the shape says")
    }

    /// `|X|`, `[1 + n_fft / 2, frames]`: `numpy.abs(librosa.stft(y))`.
    pub fn magnitude(&self) -> FrameMatrix {
        // In f64: squares of what f32 can hold may fall below its range.
        self.map(|x| {
            let (re, im) = (f64::from(x.re), f64::from(x.im));
            (re * re + im * im).sqrt() as f32
        })
    }

    /// `|X|^2`, `[1 + n_fft / 2, frames]`: `numpy.abs(librosa.stft(y)) ** 2`.
    pub fn power(&self) -> FrameMatrix {
        self.map(|x| x.norm_sqr())
    }

    fn map(&self, value: impl Fn(&Complex<f32>) -> f32) -> FrameMatrix {
        let mut matrix = FrameMatrix::new(self.bins, self.frames);
        matrix.data_mut().iter_mut().zip(&self.data).for_each(|(to, from)| *to = value(from));
        matrix
    }
}

/// `librosa.stft(y, n_fft, hop_length, win_length, window, center, pad_mode)`: the spectra of frames of `n_fft` samples under a
/// window, `[1 + n_fft / 2, frames]`; of centred frames there are `1 + samples / hop_length`.
///
/// Computed in f64 and returned in f32, as in librosa. Of a whole clip: a [`FeatureStream`](super::FeatureStream) gives what is
/// made of spectra, not these.
///
/// # Errors
/// [`Error::EmptyAudio`](crate::Error::EmptyAudio) without samples,
/// [`Error::NonFiniteSample`](crate::Error::NonFiniteSample) at the first NaN or infinity,
/// [`Error::Parameter`](crate::Error::Parameter) if an option is out of its bounds, if there would be more than 2^28
/// values, and if a clip that is not centred is shorter than `n_fft`.
///
/// # Examples
/// ```
/// use speech_emotion::features::{StftOptions, stft};
///
/// let tone: Vec<f32> = (0..16_000).map(|i| (i as f32 * 0.1).sin()).collect();
/// let stft = stft(&tone, &StftOptions::default())?;
/// assert_eq!(stft.shape(), [1025, 32]);
/// assert_eq!(stft.power().shape(), [1025, 32]);
/// # Ok::<(), speech_emotion::Error>(())
/// ```
pub fn stft(samples: &[f32], options: &StftOptions) -> Result<Stft> {
    let &StftOptions { n_fft, hop_length, win_length, window, center, pad_mode } = options;
    let hop_length = hop_length.unwrap_or(n_fft / 4);
    check_cut(n_fft, hop_length)?;
    check_window(win_length, n_fft)?;
    check_samples(samples)?;
    let framing = Framing { frame_length: n_fft, hop_length, center, pad_mode };
    let (bins, frames) = (n_fft / 2 + 1, framing.count("n_fft", samples.len())?);
    check_values(frames, bins)?;

    let mut spectra = Spectra::<WideRealFft>::new(n_fft, window, win_length.unwrap_or(n_fft));
    let mut data = vec![Complex::default(); bins * frames];
    for first in (0..frames).step_by(WIDTH) {
        let end = (first + WIDTH).min(frames);
        spectra.transform(samples, framing, first, end, |bin, value| {
            let part = |value: f64| value.clamp(-MAX_PART, MAX_PART) as f32;
            let values = value.re.lanes().into_iter().zip(value.im.lanes());
            for (x, (re, im)) in data[bin * frames..][first..end].iter_mut().zip(values) {
                *x = Complex::new(part(re), part(im));
            }
        });
    }
    Ok(Stft { bins, frames, data })
}
