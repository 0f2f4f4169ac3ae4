//! Pitch shifting at constant length: stretched in time, then read at the speed that undoes it.

use super::{interpolate::read_at, stretch};

/// The farthest shift, semitones; more is brought to it.
const MAX_SEMITONES: f64 = 12.0;

/// Moves the pitch of `samples` (mono, 16 kHz) by `semitones`, formants with it; the length stays. Shifts are
/// bounded to an octave; one that is no number counts as 0.
pub fn shift_pitch(samples: &[f32], semitones: f64) -> Vec<f32> {
    let semitones = if semitones.is_nan() { 0.0 } else { semitones.clamp(-MAX_SEMITONES, MAX_SEMITONES) };
    let factor = 2_f64.powf(semitones / 12.0);
    read_at(&stretch(samples, factor.recip()), factor, samples.len())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn sine(hz: f64, length: usize) -> Vec<f32> {
        (0..length).map(|n| (0.5 * (std::f64::consts::TAU * hz * n as f64 / 16_000.0).sin()) as f32).collect()
    }

    /// The frequency of a sine by its autocorrelation, Hz: the first peak's lag refined at its multiples.
    pub(crate) fn frequency(samples: &[f32]) -> f64 {
        let correlation = |lag: usize| -> f64 {
            samples.iter().zip(&samples[lag..]).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum::<f64>()
                / (samples.len() - lag) as f64
        };
        let values: Vec<f64> = (0..400).map(correlation).collect();
        let is_peak = |&lag: &usize| values[lag] > values[lag - 1] && values[lag] >= values[lag + 1];
        let peaks: Vec<usize> =
            (2..398).filter(is_peak).filter(|&lag| values[lag] > 0.8 * values[0]).collect();
        let last = *peaks.last().unwrap_or(&1);
        let (a, b, c) = (values[last - 1], values[last], values[last + 1]);
        let refined = last as f64 + 0.5 * (a - c) / (a - 2.0 * b + c);
        16_000.0 * peaks.len() as f64 / refined
    }

    #[test]
    fn the_pitch_moves_by_what_was_asked_and_the_length_stays() {
        for hz in [150.0, 440.0] {
            let clip = sine(hz, 20_000);
            assert!((frequency(&clip) / hz - 1.0).abs() < 1e-3);
            for semitones in [-7.0, -2.0, -0.5, 0.0, 1.0, 2.5, 7.0] {
                let out = shift_pitch(&clip, semitones);
                assert_eq!(out.len(), clip.len());
                let moved = 12.0 * (frequency(&out[3_000..17_000]) / hz).log2();
                assert!((moved - semitones).abs() < 0.1, "{hz} Hz moved {moved} for {semitones}");
            }
        }
    }

    #[test]
    fn an_upward_shift_does_not_alias() {
        // 7 kHz up seven semitones lies beyond Nyquist: it has to vanish, not to fold back.
        let out = shift_pitch(&sine(7_000.0, 16_000), 7.0);
        let peak = out[3_000..13_000].iter().fold(0.0_f32, |peak, s| peak.max(s.abs()));
        assert!(peak < 0.02, "{peak}");
    }
}
