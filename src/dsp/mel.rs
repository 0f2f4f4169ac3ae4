//! The mel scale and its filter bank.

use super::{filters::Filters, lanes::dot, math};
use crate::{Error, Result, number::number};

/// Where the scale turns from linear to logarithmic, Hz.
const BREAK_HZ: f64 = 1000.0;
/// Hz in a mel of the linear part.
const LINEAR_STEP: f64 = 200.0 / 3.0;
/// Mels at the break.
const BREAK_MEL: f64 = BREAK_HZ / LINEAR_STEP;

/// The step of the logarithmic part: 27 mels for a factor of 6.4.
fn log_step() -> f64 {
    6.4_f64.ln() / 27.0
}

/// Hz to mels on Slaney's scale (Auditory Toolbox, 1998): linear to 1 kHz, logarithmic above.
/// `librosa.hz_to_mel(hz, htk=False)`.
pub fn hz_to_mel(hz: f64) -> f64 {
    if hz < BREAK_HZ { hz / LINEAR_STEP } else { BREAK_MEL + (hz / BREAK_HZ).ln() / log_step() }
}

/// Mels to Hz, the inverse of [`hz_to_mel`].
pub fn mel_to_hz(mel: f64) -> f64 {
    if mel < BREAK_MEL { mel * LINEAR_STEP } else { BREAK_HZ * (log_step() * (mel - BREAK_MEL)).exp() }
}

/// Hz to mels on HTK's scale, `2595 log10(1 + hz / 700)`: `librosa.hz_to_mel(hz, htk=True)`.
fn hz_to_htk_mel(hz: f64) -> f64 {
    2595.0 * math::log10(1.0 + hz / 700.0)
}

/// Mels to Hz, the inverse of [`hz_to_htk_mel`].
fn htk_mel_to_hz(mel: f64) -> f64 {
    700.0 * (math::powf(10.0, mel / 2595.0) - 1.0)
}

/// What the triangles of a filter bank have in common: librosa's `norm` of `filters.mel`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum MelNorm {
    /// Their area, librosa's `slaney`.
    #[default]
    Slaney,
    /// The greatest of their weights, librosa's `inf`.
    Max,
    /// The sum of their weights, librosa's 1.
    Sum,
    /// The length of the vector of their weights, librosa's 2.
    Length,
    /// Their height of 1, librosa's `None`.
    None,
}

/// Scale and norm of a [`MelFilterBank`], preset as librosa's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct MelScale {
    /// Whether mels are HTK's or Slaney's.
    pub htk: bool,
    /// What the triangles have in common.
    pub norm: MelNorm,
}

/// One triangle: the first bin with a weight above zero, and where its weights lie.
struct Band {
    first_bin: usize,
    weights: std::ops::Range<usize>,
}

/// Triangular filters: `librosa.filters.mel(sr, n_fft, n_mels, fmin, fmax, htk, norm)`, of equal area on Slaney's
/// scale unless told otherwise.
///
/// Stored sparsely: a triangle is one run of bins, and all of them together hold about two weights a bin.
pub struct MelFilterBank {
    bands: Vec<Band>,
    weights: Vec<f32>,
    bins: usize,
}

impl MelFilterBank {
    /// Builds `n_mels` filters from 0 Hz to half the sample rate, for spectra of `n_fft / 2 + 1` bins.
    ///
    /// A filter narrower than a bin may stay empty, as in librosa; its power is then always 0.
    ///
    /// # Errors
    /// [`Error::Parameter`] unless `n_mels` is 1 to 512 and `n_fft` 2 to 2^20.
    pub fn new(sample_rate: u32, n_fft: usize, n_mels: usize) -> Result<Self> {
        let nyquist = f64::from(sample_rate) / 2.0;
        Self::with_range(sample_rate, n_fft, n_mels, 0.0, nyquist, MelScale::default())
    }

    /// The same from `fmin` to `fmax` Hz, on any scale.
    ///
    /// # Errors
    /// As [`Self::new`], and [`Error::Parameter`] unless `0 <= fmin < fmax`, at most half the sample rate.
    pub fn with_range(
        sample_rate: u32,
        n_fft: usize,
        n_mels: usize,
        fmin: f64,
        fmax: f64,
        scale: MelScale,
    ) -> Result<Self> {
        let refuse = |name, expected: &str, got: usize| {
            Err(Error::Parameter { name, expected: expected.into(), got: got.to_string() })
        };
        if !(1..=512).contains(&n_mels) {
            return refuse("n_mels", "1 to 512", n_mels);
        }
        if !(2..=1 << 20).contains(&n_fft) {
            return refuse("n_fft", "2 to 1048576", n_fft);
        }
        let nyquist = f64::from(sample_rate) / 2.0;
        let refuse =
            |name, expected: String, got: f64| Err(Error::Parameter { name, expected, got: number(got) });
        if !(0.0..=nyquist).contains(&fmin) {
            return refuse("fmin", format!("0 to {} Hz", number(nyquist)), fmin);
        }
        if !(fmax > fmin && fmax <= nyquist) {
            return refuse("fmax", format!("above {} and up to {} Hz", number(fmin), number(nyquist)), fmax);
        }
        Ok(Self::build(sample_rate, n_fft, n_mels, fmin, fmax, scale))
    }

    /// [`Self::new`] for parameters that are known to be right.
    pub(crate) fn build(
        sample_rate: u32,
        n_fft: usize,
        n_mels: usize,
        fmin: f64,
        fmax: f64,
        scale: MelScale,
    ) -> Self {
        let rate = f64::from(sample_rate);
        let to_mel = if scale.htk { hz_to_htk_mel } else { hz_to_mel };
        let to_hz = if scale.htk { htk_mel_to_hz } else { mel_to_hz };
        let (bottom, top) = (to_mel(fmin), to_mel(fmax));
        let edge = |i: usize| to_hz(bottom + (top - bottom) * i as f64 / (n_mels + 1) as f64);
        let bins = n_fft / 2 + 1;

        let mut bank = Self { bands: Vec::with_capacity(n_mels), weights: Vec::new(), bins };
        for band in 0..n_mels {
            let (low, centre, high) = (edge(band), edge(band + 1), edge(band + 2));
            let weight = |bin: usize| {
                let hz = bin as f64 * rate / n_fft as f64;
                let triangle = ((hz - low) / (centre - low)).min((high - hz) / (high - centre)).max(0.0);
                (if scale.norm == MelNorm::Slaney { triangle * 2.0 / (high - low) } else { triangle }) as f32
            };
            let start = bank.weights.len();
            // Weights lie between `low` and `high`: looked for from a bin before to a bin behind, against rounding.
            let bin_of = |hz: f64| (hz * n_fft as f64 / rate) as usize;
            let around = bin_of(low).saturating_sub(1)..(bin_of(high) + 2).min(bins);
            let first_bin = around.into_iter().find(|&bin| weight(bin) > 0.0).unwrap_or(bins);
            bank.weights.extend((first_bin..bins).map(weight).take_while(|&weight| weight > 0.0));
            let weights = &mut bank.weights[start..];
            let size = match scale.norm {
                MelNorm::Slaney | MelNorm::None => 1.0,
                MelNorm::Max => weights.iter().copied().fold(0.0, f32::max),
                MelNorm::Sum => weights.iter().sum(),
                MelNorm::Length => weights.iter().map(|weight| weight * weight).sum::<f32>().sqrt(),
            };
            // As librosa's normalize: what is smaller than the least normal f32 is left alone.
            if size >= f32::MIN_POSITIVE && size != 1.0 {
                weights.iter_mut().for_each(|weight| *weight /= size);
            }
            bank.bands.push(Band { first_bin, weights: start..bank.weights.len() });
        }
        bank
    }

    /// How many filters there are.
    pub fn n_mels(&self) -> usize {
        self.bands.len()
    }

    /// The bins of a spectrum, `n_fft / 2 + 1`.
    pub fn bins(&self) -> usize {
        self.bins
    }

    /// The first bin of filter `band` and its weights from there on; `None` past the last filter.
    pub fn filter(&self, band: usize) -> Option<(usize, &[f32])> {
        self.bands.get(band).map(|band| (band.first_bin, &self.weights[band.weights.clone()]))
    }

    /// Sums a power spectrum `[n_fft / 2 + 1]` into `mel` `[n_mels]`. Bins that are missing count as 0.
    pub fn process(&self, power: &[f32], mel: &mut [f32]) {
        for (mel, band) in mel.iter_mut().zip(&self.bands) {
            *mel = dot(&self.weights[band.weights.clone()], power.get(band.first_bin..).unwrap_or_default());
        }
    }

    /// The same filters for several spectra at once.
    pub(crate) fn filters(&self) -> Filters {
        let mut filters = Filters::new();
        for band in &self.bands {
            let run = (band.first_bin, &self.weights[band.weights.clone()]);
            filters.push(self.bins, std::iter::once(run));
        }
        filters
    }
}
