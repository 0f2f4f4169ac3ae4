//! Spectral contrast.

use std::ops::Range;

use crate::dsp::power_to_decibels;

/// How far below its clip's maximum a peak or a valley is cut off, dB: `librosa.power_to_db`'s preset.
const TOP_DB: f32 = 80.0;

/// An octave of the spectrum.
struct Octave {
    bins: Range<usize>,
    /// How many of them count as valley, and how many as peak; 0 in an octave without bins.
    extremes: usize,
}

/// `librosa.feature.spectral_contrast`: in octaves, the dB between the mean of the strongest and of the weakest
/// magnitudes. Jiang et al., "Music type classification by spectral contrast feature", 2002.
///
/// Bands are `0..fmin`, `fmin..2 fmin`, `2 fmin..4 fmin` and so on, the last up to half the sample rate.
///
/// Unlike librosa, which refuses to compute any, this gives 0 dB for a band that holds no bin or begins beyond half
/// the sample rate; the bands before it are what librosa gives when it is asked for no more than those.
pub(super) struct SpectralContrast {
    octaves: Vec<Octave>,
    scratch: Vec<f32>,
}

impl SpectralContrast {
    /// Plans `n_bands + 1` bands over spectra of `n_fft / 2 + 1` bins, with a share `quantile` of a band's bins as
    /// its peak and as its valley.
    pub fn new(sample_rate: u32, n_fft: usize, n_bands: usize, fmin: f64, quantile: f64) -> Self {
        let bins = n_fft / 2 + 1;
        let nyquist = f64::from(sample_rate) / 2.0;
        // In the order of numpy's rfftfreq: a bin on an edge belongs to both of its bands, in both libraries.
        let bin_hz = 1.0 / (n_fft as f64 * (1.0 / f64::from(sample_rate)));
        let first_bin = |is_past: &dyn Fn(f64) -> bool| {
            (0..bins).find(|&bin| is_past(bin as f64 * bin_hz)).unwrap_or(bins)
        };
        let octave = |band: usize| {
            let high = fmin * 2.0_f64.powi(band as i32);
            let low = if band == 0 { 0.0 } else { high / 2.0 };
            let is_last = band == n_bands || high >= nyquist;
            let start = first_bin(&|hz| hz >= low);
            let end = first_bin(&|hz| hz > high);
            if start >= end || low >= nyquist {
                return Octave { bins: 0..0, extremes: 0 };
            }
            // As librosa: one bin more below, but for the first band, and one less above, but for the last; the
            // share is of the bins before that one is taken away.
            let start = start.saturating_sub(1);
            let (end, counted) = if is_last { (bins, bins - start) } else { (end - 1, end - start) };
            let extremes = (quantile * counted as f64).round_ties_even().max(1.0) as usize;
            Octave { bins: start..end, extremes: extremes.min(end - start) }
        };
        Self { octaves: (0..=n_bands).map(octave).collect(), scratch: Vec::with_capacity(bins) }
    }

    /// The mean magnitude of each band's peak and valley, `[n_bands + 1]` each.
    pub fn process(&mut self, magnitude: &[f32], peaks: &mut [f32], valleys: &mut [f32]) {
        for (octave, (peak, valley)) in self.octaves.iter().zip(peaks.iter_mut().zip(valleys)) {
            let Some(last) = octave.extremes.checked_sub(1) else { continue };
            self.scratch.clear();
            self.scratch.extend_from_slice(&magnitude[octave.bins.clone()]);
            let len = self.scratch.len();
            self.scratch.select_nth_unstable_by(last, f32::total_cmp);
            *valley = mean(&self.scratch[..octave.extremes]);
            self.scratch.select_nth_unstable_by(len - octave.extremes, f32::total_cmp);
            *peak = mean(&self.scratch[len - octave.extremes..]);
        }
    }

    /// The contrast in dB, in place of the `peaks`; both `[frames, n_bands + 1]` of the whole clip.
    ///
    /// Peaks and valleys are each cut off 80 dB below the loudest of their own kind, so that a frame's contrast
    /// depends on the clip.
    /// With `linear` it is the difference of the magnitudes themselves, and of the frame's own alone.
    pub fn finish(&self, peaks: &mut [f32], valleys: &mut [f32], linear: bool) {
        if !linear {
            power_to_decibels(peaks, Some(TOP_DB));
            power_to_decibels(valleys, Some(TOP_DB));
        }
        let bands = self.octaves.len();
        for (peaks, valleys) in peaks.chunks_exact_mut(bands).zip(valleys.chunks_exact(bands)) {
            for (octave, (peak, valley)) in self.octaves.iter().zip(peaks.iter_mut().zip(valleys)) {
                *peak = if octave.extremes == 0 { 0.0 } else { *peak - valley };
            }
        }
    }
}

fn mean(values: &[f32]) -> f32 {
    (values.iter().map(|&value| f64::from(value)).sum::<f64>() / values.len() as f64) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octaves_are_librosas() {
        // At 16 kHz with 1024 samples a bin is 15.625 Hz: 200 Hz is between bins 12 and 13, 400 between 25 and 26.
        let octaves = SpectralContrast::new(16_000, 1024, 6, 200.0, 0.02).octaves;
        let bins: Vec<_> = octaves.iter().map(|octave| octave.bins.clone()).collect();
        assert_eq!(bins, [0..12, 12..25, 25..51, 51..102, 102..204, 204..409, 409..513]);
        assert!(octaves.iter().map(|octave| octave.extremes).eq([1, 1, 1, 1, 2, 4, 2]));
    }

    #[test]
    fn bands_past_the_spectrum_are_empty() {
        let octaves = SpectralContrast::new(8_000, 1024, 6, 200.0, 0.02).octaves;
        assert_eq!((octaves[5].bins.end, octaves[6].extremes), (513, 0));
        // Bins of 6 kHz: only the first, the sixth and the last band hold one.
        let mut contrast = SpectralContrast::new(192_000, 32, 6, 200.0, 0.02);
        let mut peaks = vec![0.0; 7];
        let mut valleys = vec![0.0; 7];
        contrast.process(&[1.0; 17], &mut peaks, &mut valleys);
        contrast.finish(&mut peaks, &mut valleys, false);
        assert_eq!(peaks, [0.0; 7]);
    }
}
