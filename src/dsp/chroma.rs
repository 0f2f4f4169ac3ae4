//! The chroma filter bank.

use super::lanes::dot;
use crate::{Error, Result, number::number};

/// The pitch classes of chroma, from C on.
pub const CHROMA_BANDS: usize = 12;

/// Octaves above the A of 27.5 Hz, which `tuning` moves by so many semitones: `librosa.hz_to_octs`.
fn hz_to_octaves(hz: f64, tuning: f64) -> f64 {
    let a440 = 440.0 * 2.0_f64.powf(tuning / CHROMA_BANDS as f64);
    (hz / (a440 / 16.0)).log2()
}

/// Gaussian filters that fold a spectrum onto the 12 pitch classes: `librosa.filters.chroma(sr, n_fft, tuning)`
/// with its defaults (after Ellis, "Chroma feature analysis and synthesis", 2007): columns of unit length,
/// weighted by a Gaussian of 2 octaves around the fifth octave, C first.
pub struct ChromaFilterBank {
    bins: usize,
    /// `[12, bins]`
    weights: Vec<f32>,
}

impl ChromaFilterBank {
    /// Builds the filters for spectra of `n_fft / 2 + 1` bins; `tuning` is the deviation of A from 440 Hz in
    /// semitones.
    ///
    /// # Errors
    /// [`Error::Parameter`] unless `n_fft` is 8 to 2^20 and `tuning` -1 to 1.
    pub fn new(sample_rate: u32, n_fft: usize, tuning: f64) -> Result<Self> {
        if !(8..=1 << 20).contains(&n_fft) {
            return Err(Error::Parameter {
                name: "n_fft",
                expected: "8 to 1048576".into(),
                got: n_fft.to_string(),
            });
        }
        if !(-1.0..=1.0).contains(&tuning) {
            return Err(Error::Parameter {
                name: "tuning",
                expected: "-1 to 1 semitones".into(),
                got: number(tuning),
            });
        }
        Ok(Self::build(sample_rate, n_fft, tuning))
    }

    /// [`Self::new`] for parameters that are known to be right.
    pub(crate) fn build(sample_rate: u32, n_fft: usize, tuning: f64) -> Self {
        let (classes, bins) = (CHROMA_BANDS as f64, n_fft / 2 + 1);
        let pitch =
            |bin: usize| classes * hz_to_octaves(bin as f64 * f64::from(sample_rate) / n_fft as f64, tuning);
        // 0 Hz has no pitch: librosa puts it 1.5 octaves below the first bin.
        let semitones = |bin: usize| if bin == 0 { pitch(1) - 1.5 * classes } else { pitch(bin) };

        let mut weights = vec![0.0; CHROMA_BANDS * bins];
        for bin in 0..bins {
            let pitch = semitones(bin);
            let width = (semitones(bin + 1) - pitch).max(1.0);
            let mut column = [0.0_f64; CHROMA_BANDS];
            for (class, weight) in column.iter_mut().enumerate() {
                let distance = (pitch - class as f64 + 10.5 * classes).rem_euclid(classes) - 0.5 * classes;
                *weight = (-0.5 * (2.0 * distance / width).powi(2)).exp();
            }
            let length = column.iter().map(|weight| weight * weight).sum::<f64>().sqrt();
            let octave = (-0.5 * ((pitch / classes - 5.0) / 2.0).powi(2)).exp();
            for (class, weight) in column.iter().enumerate() {
                // Counted from A until here, from C from here on.
                let row = (class + CHROMA_BANDS - 3) % CHROMA_BANDS;
                weights[row * bins + bin] = (weight / length * octave) as f32;
            }
        }
        Self { bins, weights }
    }

    /// The weights of a pitch class, `[n_fft / 2 + 1]`; `None` past the twelfth.
    pub fn filter(&self, class: usize) -> Option<&[f32]> {
        self.weights.chunks_exact(self.bins).nth(class)
    }

    /// Sums a power spectrum `[n_fft / 2 + 1]` into `chroma` `[12]`, not normalised.
    pub fn process(&self, power: &[f32], chroma: &mut [f32]) {
        for (chroma, row) in chroma.iter_mut().zip(self.weights.chunks_exact(self.bins)) {
            *chroma = dot(row, power);
        }
    }
}
