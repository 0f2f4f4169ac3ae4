//! Pitch and voicing, frame by frame, from a spectrum that is there already.

use crate::dsp::{Filters, math, wide::WIDTH};

/// The rows of [`Pitch`]: how voiced a frame is, its pitch, and how periodic it is in each band of periods.
pub(super) const PITCH_BANDS: usize = 2 + BANDS;

/// Bands of periods.
const BANDS: usize = 10;
/// Candidates in a band.
const CANDIDATES_PER_BAND: usize = 5;
/// Candidate periods, from the longest on.
const CANDIDATES: usize = BANDS * CANDIDATES_PER_BAND;
/// Candidates in an octave.
const PER_OCTAVE: f64 = 16.0;
/// The first candidate's frequency, Hz; the last is 501.
const LOWEST_HZ: f64 = 60.0;
/// What lies outside of this is no harmonic of speech, or says little of its pitch, Hz.
const HARMONICS_HZ: [f64; 2] = [62.5, 2_000.0];
/// Semitones are counted from here, Hz: between the voices of men and women.
const CENTRE_HZ: f64 = 150.0;
/// Where a frame begins to be voiced, and where it wholly is.
const VOICED: [f32; 2] = [0.25, 0.5];
/// Added to a spectrum's sum, so that silence has no period.
const LEAST_SUM: f32 = 1e-6;

/// The autocorrelation of a frame at 50 periods, spaced evenly in pitch, by the cosine transform of its magnitude spectrum
/// (Wiener and Khinchin; of the magnitude and not the power, after Tolonen and Karjalainen, "A computationally efficient
/// multipitch analysis model", 2000, so that one strong harmonic does not outweigh the others), relative to that at period 0.
///
/// Of each frame alone: nothing is smoothed over time.
pub(super) struct Pitch {
    /// A cosine for each candidate, and one filter that sums.
    filters: Filters,
}

impl Pitch {
    /// Plans it for spectra of `n_fft / 2 + 1` bins, of which at least two must lie among the harmonics.
    pub fn new(sample_rate: u32, n_fft: usize) -> Self {
        let bins = n_fft / 2 + 1;
        let bin_hz = f64::from(sample_rate) / n_fft as f64;
        let [first, end] = HARMONICS_HZ.map(|hz| ((hz / bin_hz).ceil() as usize).min(bins));
        let mut filters = Filters::new();
        for candidate in 0..CANDIDATES {
            let turns = bin_hz / frequency(candidate as f64);
            let cosines: Vec<f32> = (first..end)
                .map(|bin| math::cos(std::f64::consts::TAU * bin as f64 * turns) as f32)
                .collect();
            filters.push(bins, std::iter::once((first, cosines.as_slice())));
        }
        filters.push(bins, std::iter::once((first, vec![1.0; end - first].as_slice())));
        Self { filters }
    }

    /// From the magnitudes `[n_fft / 2 + 1]` of several frames to the `columns` `[PITCH_BANDS]` of as many of them as there are:
    /// the highest correlation, -1 to 1; the semitones from 150 Hz of where it is, towards 0 as the frame is less voiced;
    /// and the highest correlation in each of ten bands of candidates, from 60 Hz to 501.
    pub fn process(&self, magnitudes: [&[f32]; WIDTH], columns: &mut [f32]) {
        let mut sums = [0.0; WIDTH * (CANDIDATES + 1)];
        self.filters.process(magnitudes, &mut sums);
        for (column, sums) in
            columns.chunks_exact_mut(PITCH_BANDS).zip(sums.as_chunks_mut::<{ CANDIDATES + 1 }>().0)
        {
            let (correlations, [whole]) = sums.split_at_mut(CANDIDATES) else { continue };
            correlations.iter_mut().for_each(|sum| *sum /= *whole + LEAST_SUM);
            let (strength, semitones) = strongest(correlations);
            column[0] = strength;
            column[1] = voiced(strength) * semitones;
            for (band, candidates) in column[2..].iter_mut().zip(correlations.chunks(CANDIDATES_PER_BAND)) {
                *band = candidates.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            }
        }
    }
}

/// A candidate's frequency, Hz, also between two of them.
fn frequency(candidate: f64) -> f64 {
    LOWEST_HZ * math::powf(2.0, candidate / PER_OCTAVE)
}

/// The highest correlation, and the semitones of its place between the candidates by a parabola.
fn strongest(correlations: &[f32]) -> (f32, f32) {
    let mut best = 1;
    for candidate in 2..correlations.len() - 1 {
        if correlations[candidate] > correlations[best] {
            best = candidate;
        }
    }
    let [below, at, above] = [best - 1, best, best + 1].map(|candidate| correlations[candidate]);
    let bend = below - 2.0 * at + above;
    let shift = if bend < -1e-9 { (0.5 * (below - above) / bend).clamp(-0.5, 0.5) } else { 0.0 };
    let semitones = 12.0 * math::log2(frequency(best as f64 + f64::from(shift)) / CENTRE_HZ);
    (at, semitones as f32)
}

/// How far a correlation makes a frame voiced, 0 to 1.
fn voiced(strength: f32) -> f32 {
    ((strength - VOICED[0]) / (VOICED[1] - VOICED[0])).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::{StftOptions, stft};

    /// The pitch rows of a signal's middle frame.
    fn middle(samples: &[f32]) -> [f32; PITCH_BANDS] {
        let options = StftOptions { n_fft: 1024, hop_length: Some(256), ..StftOptions::default() };
        let spectra = stft(samples, &options).expect("spectra").magnitude();
        let frame = spectra.frames() / 2;
        let magnitude: Vec<f32> = (0..spectra.bands()).map(|bin| spectra.row(bin)[frame]).collect();
        let mut columns = [0.0; PITCH_BANDS];
        Pitch::new(16_000, 1024).process([&magnitude; WIDTH], &mut columns);
        columns
    }

    /// Ten harmonics, the higher the weaker.
    fn voice(hz: f32, gain: f32) -> Vec<f32> {
        let turn = |n: usize, harmonic: f32| (n as f32 * hz * harmonic / 16_000.0).fract();
        (0..8_000)
            .map(|n| {
                (1..=10).map(|h| gain / h as f32 * (std::f32::consts::TAU * turn(n, h as f32)).sin()).sum()
            })
            .collect()
    }

    #[test]
    fn a_voice_has_its_pitch_at_any_level() {
        for hz in [80.0, 110.0, 151.0, 200.0, 263.0, 400.0] {
            for gain in [1e-3, 0.3] {
                let rows = middle(&voice(hz, gain));
                let expected = 12.0 * (hz / 150.0_f32).log2();
                assert!(rows[0] > 0.5, "{hz} Hz: {rows:?}");
                assert!((rows[1] - expected).abs() < 0.4, "{hz} Hz: {} for {expected}", rows[1]);
                let band = ((hz / 60.0).log2() * 16.0 / 5.0).floor() as usize;
                let strongest = rows[2..].iter().copied().fold(f32::NEG_INFINITY, f32::max);
                assert!(rows[2 + band] > strongest - 0.15, "{hz} Hz, band {band}: {rows:?}");
            }
        }
    }

    #[test]
    fn noise_is_less_voiced_and_silence_has_nothing() {
        let mut state = 1_u32;
        let noise: Vec<f32> = (0..8_000)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 16) as f32 / 65_536.0 - 0.5
            })
            .collect();
        let rows = middle(&noise);
        assert!(rows[0] < 0.3 && rows[1].abs() < 3.0, "{rows:?}");
        assert_eq!(middle(&[0.0; 8_000]), [0.0; PITCH_BANDS]);
    }
}
