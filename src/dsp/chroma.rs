//! The chroma filter bank.

use super::{filters::Filters, lanes::dot, math};
use crate::{Error, Result, number::number};

/// The pitch classes of chroma, from C on.
pub const CHROMA_BANDS: usize = 12;

/// The most pitch classes that an octave is divided into.
const MAX_CHROMA: usize = 120;

/// Weights up to this share of the largest of their bin are left out: an f32 tells no sum with them from one without.
const LEAST_WEIGHT: f32 = 1e-10;

/// Gaps between weights that are shorter than this, bins, are not worth a run of their own.
const LEAST_GAP: usize = 16;

/// How a [`ChromaFilterBank`] divides and weighs the octaves, named and preset as in `librosa.filters.chroma`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChromaScale {
    /// Pitch classes of an octave, 1 to 120; 12.
    pub n_chroma: usize,
    /// The octave, counted from the A of 27.5 Hz, about which bins weigh most, finite; 5.
    pub ctroct: f64,
    /// The Gaussian's width about it, octaves, above 0 and finite; `None` weighs all bins alike. 2.
    pub octwidth: Option<f64>,
    /// Whether C is the first class, or A; `true`.
    pub base_c: bool,
}

impl Default for ChromaScale {
    fn default() -> Self {
        Self { n_chroma: CHROMA_BANDS, ctroct: 5.0, octwidth: Some(2.0), base_c: true }
    }
}

/// Octaves above the A of 27.5 Hz, which `tuning` moves by so many classes: `librosa.hz_to_octs`.
fn hz_to_octaves(hz: f64, tuning: f64, classes: f64) -> f64 {
    let a440 = 440.0 * math::powf(2.0, tuning / classes);
    math::log2(hz / (a440 / 16.0))
}

/// Gaussian filters that fold a spectrum onto the pitch classes: `librosa.filters.chroma(sr, n_fft, tuning, n_chroma,
/// ctroct, octwidth, base_c)` (after Ellis, "Chroma feature analysis and synthesis", 2007): columns of unit length,
/// weighted by a Gaussian of 2 octaves around the fifth octave, C first, unless told otherwise.
pub struct ChromaFilterBank {
    bins: usize,
    /// `[n_chroma, bins]`
    weights: Vec<f32>,
}

impl ChromaScale {
    /// Checks everything against its bounds.
    pub(crate) fn validate(&self) -> Result<()> {
        let &Self { n_chroma, ctroct, octwidth, .. } = self;
        let refuse =
            |name, expected: &str, got| Err(Error::Parameter { name, expected: expected.into(), got });
        if !(1..=MAX_CHROMA).contains(&n_chroma) {
            return refuse("n_chroma", "1 to 120", n_chroma.to_string());
        }
        if !ctroct.is_finite() {
            return refuse("ctroct", "a finite number of octaves", number(ctroct));
        }
        match octwidth {
            Some(octwidth) if !(octwidth > 0.0 && octwidth.is_finite()) => {
                refuse("octwidth", "none or octaves above 0", number(octwidth))
            }
            _ => Ok(()),
        }
    }
}

impl ChromaFilterBank {
    /// Builds the filters of 12 classes for spectra of `n_fft / 2 + 1` bins; `tuning` is the deviation of A from 440 Hz
    /// in semitones.
    ///
    /// # Errors
    /// [`Error::Parameter`] unless `n_fft` is 8 to 2^20 and `tuning` -1 to 1.
    pub fn new(sample_rate: u32, n_fft: usize, tuning: f64) -> Result<Self> {
        Self::with_scale(sample_rate, n_fft, tuning, ChromaScale::default())
    }

    /// The same for any division of the octave, with `tuning` in its classes.
    ///
    /// # Errors
    /// As [`Self::new`], and [`Error::Parameter`] if one of the scale is out of its bounds.
    pub fn with_scale(sample_rate: u32, n_fft: usize, tuning: f64, scale: ChromaScale) -> Result<Self> {
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
                expected: "-1 to 1 classes".into(),
                got: number(tuning),
            });
        }
        scale.validate()?;
        Ok(Self::build(sample_rate, n_fft, tuning, scale))
    }

    /// [`Self::new`] for parameters that are known to be right.
    pub(crate) fn build(sample_rate: u32, n_fft: usize, tuning: f64, scale: ChromaScale) -> Self {
        let ChromaScale { n_chroma, ctroct, octwidth, base_c } = scale;
        let (classes, bins) = (n_chroma as f64, n_fft / 2 + 1);
        let bin_hz = |bin: usize| bin as f64 * f64::from(sample_rate) / n_fft as f64;
        let pitch = |bin: usize| classes * hz_to_octaves(bin_hz(bin), tuning, classes);
        // 0 Hz has no pitch: librosa puts it 1.5 octaves below the first bin.
        let semitones = |bin: usize| if bin == 0 { pitch(1) - 1.5 * classes } else { pitch(bin) };

        // Half the classes, and octaves enough to leave none of them below 0.
        let half = (classes / 2.0).round_ties_even();
        let shift = half + 10.0 * classes;
        // Counted from A until the end, where C comes first.
        let first = if base_c { 3 * (n_chroma / 12) } else { 0 };

        let mut column = vec![0.0_f64; n_chroma];
        let mut weights = vec![0.0; n_chroma * bins];
        for bin in 0..bins {
            let pitch = semitones(bin);
            let width = (semitones(bin + 1) - pitch).max(1.0);
            for (class, weight) in column.iter_mut().enumerate() {
                let distance = math::rem_euclid(pitch - class as f64 + shift, classes) - half;
                *weight = (-0.5 * (2.0 * distance / width).powi(2)).exp();
            }
            let length = column.iter().map(|weight| weight * weight).sum::<f64>().sqrt();
            let octave = octwidth
                .map_or(1.0, |octwidth| (-0.5 * ((pitch / classes - ctroct) / octwidth).powi(2)).exp());
            for (class, weight) in column.iter().enumerate() {
                let row = (class + n_chroma - first) % n_chroma;
                weights[row * bins + bin] = (weight / length * octave) as f32;
            }
        }
        Self { bins, weights }
    }

    /// The weights of a pitch class, `[n_fft / 2 + 1]`; `None` past the last.
    pub fn filter(&self, class: usize) -> Option<&[f32]> {
        self.weights.chunks_exact(self.bins).nth(class)
    }

    /// Sums a power spectrum `[n_fft / 2 + 1]` into `chroma` `[n_chroma]`, not normalised.
    pub fn process(&self, power: &[f32], chroma: &mut [f32]) {
        for (chroma, row) in chroma.iter_mut().zip(self.weights.chunks_exact(self.bins)) {
            *chroma = dot(row, power);
        }
    }

    /// The same filters for several spectra at once, without the weights that no f32 shows.
    pub(crate) fn filters(&self) -> Filters {
        let mut largest = vec![0.0_f32; self.bins];
        for row in self.weights.chunks_exact(self.bins) {
            for (largest, &weight) in largest.iter_mut().zip(row) {
                *largest = largest.max(weight);
            }
        }
        let mut filters = Filters::new();
        for row in self.weights.chunks_exact(self.bins) {
            let counts = |&bin: &usize| row[bin] > LEAST_WEIGHT * largest[bin];
            let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
            for bin in (0..self.bins).filter(counts) {
                match runs.last_mut() {
                    Some(run) if bin - run.end < LEAST_GAP => run.end = bin + 1,
                    _ => runs.push(bin..bin + 1),
                }
            }
            filters.push(self.bins, runs.into_iter().map(|run| (run.start, &row[run])));
        }
        filters
    }
}
