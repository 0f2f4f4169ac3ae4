//! The short-time Fourier transform.

use super::{
    FrameMatrix,
    frame::{Frame, check_values, frame_count},
    options::{check_cut, check_samples},
};
use crate::{
    Result,
    dsp::{Complex, RealFft, hann},
};

/// No real or imaginary part grows past this, so that the power stays finite in f32. It takes samples of 1e10
/// and more to get there.
const MAX_PART: f64 = 1e15;

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

    /// `|X|`, `[1 + n_fft / 2, frames]`: `numpy.abs(librosa.stft(y))`.
    pub fn magnitude(&self) -> FrameMatrix {
        // In f64: squares of what f32 can hold may fall below its range.
        self.map(|x| f64::from(x.re).hypot(f64::from(x.im)) as f32)
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

/// `librosa.stft(y, n_fft, hop_length)`: the spectra of frames of `n_fft` samples under a periodic Hann window,
/// each centred on a multiple of `hop_length`, with silence around the clip; `[1 + n_fft / 2, frames]` with
/// `1 + samples / hop_length` frames.
///
/// Computed in f64 and returned in f32, as in librosa. librosa's preset is `n_fft` 2048 and `hop_length` a quarter
/// of it.
///
/// # Errors
/// [`Error::EmptyAudio`](crate::Error::EmptyAudio) without samples,
/// [`Error::NonFiniteSample`](crate::Error::NonFiniteSample) at the first NaN or infinity,
/// [`Error::Parameter`](crate::Error::Parameter) unless `n_fft` is a power of two from 32 to 32768 and
/// `hop_length` 1 to `n_fft`, or if there would be more than 2^28 values.
///
/// # Examples
/// ```
/// let tone: Vec<f32> = (0..16_000).map(|i| (i as f32 * 0.1).sin()).collect();
/// let stft = speech_emotion::features::stft(&tone, 2048, 512)?;
/// assert_eq!(stft.shape(), [1025, 32]);
/// assert_eq!(stft.power().shape(), [1025, 32]);
/// # Ok::<(), speech_emotion::Error>(())
/// ```
pub fn stft(samples: &[f32], n_fft: usize, hop_length: usize) -> Result<Stft> {
    check_cut(n_fft, hop_length)?;
    check_samples(samples)?;
    let mut fft = RealFft::new(n_fft)?;
    let (bins, frames) = (fft.bins(), frame_count(samples.len(), hop_length));
    check_values(frames, bins)?;

    let window = hann(n_fft);
    let mut windowed = vec![0.0; n_fft];
    let mut spectrum = vec![Complex::default(); bins];
    let mut data = vec![Complex::default(); bins * frames];
    for index in 0..frames {
        Frame::new(samples, index, n_fft, hop_length).windowed(&window, &mut windowed);
        fft.process(&windowed, &mut spectrum)?;
        for (row, x) in data.chunks_exact_mut(frames).zip(&spectrum) {
            let part = |value: f64| value.clamp(-MAX_PART, MAX_PART) as f32;
            row[index] = Complex::new(part(x.re), part(x.im));
        }
    }
    Ok(Stft { bins, frames, data })
}
