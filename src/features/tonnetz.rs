//! Tonal centroids.

use std::f64::consts::PI;

use crate::dsp::math;

/// The values of a frame: two coordinates on each of three circles.
pub(super) const TONNETZ_BANDS: usize = 6;

/// Radius and turns of a circle over the 12 pitch classes, in half turns a semitone: fifths, minor thirds, major
/// thirds.
const CIRCLES: [(f64, f64); 3] = [(1.0, 7.0 / 6.0), (1.0, 3.0 / 2.0), (0.5, 2.0 / 3.0)];

/// `librosa.feature.tonnetz(chroma=chroma_stft)`: where a frame's chroma lies on the circles of fifths, minor and
/// major thirds. Harte, Sandler and Gasser, "Detecting harmonic change in musical audio", 2006.
///
/// Of `chroma_stft`, where librosa takes its constant-Q chroma by default.
pub(super) struct Tonnetz {
    /// `[n_chroma]` of each band.
    basis: [Vec<f64>; TONNETZ_BANDS],
}

impl Tonnetz {
    pub fn new(n_chroma: usize) -> Self {
        let coordinate = |band: usize, class: usize| {
            let semitones = 12.0 * class as f64 / n_chroma as f64;
            let (radius, turns) = CIRCLES[band / 2];
            // The sine in even bands, the cosine in odd ones.
            let quarter = if band.is_multiple_of(2) { 0.5 } else { 0.0 };
            radius * math::cos(PI * (turns * semitones - quarter))
        };
        Self {
            basis: std::array::from_fn(|band| (0..n_chroma).map(|class| coordinate(band, class)).collect()),
        }
    }

    /// The centroids `[6]`, each within its circle's radius, of a frame's `chroma` `[n_chroma]`; zeros in silence.
    pub fn process(&self, chroma: &[f32], centroids: &mut [f32]) {
        let sum: f64 = chroma.iter().map(|&value| f64::from(value)).sum();
        // As librosa's normalize: what sums up to less than the least normal f32 is left alone.
        let sum = if sum < f64::from(f32::MIN_POSITIVE) { 1.0 } else { sum };
        for (centroid, row) in centroids.iter_mut().zip(&self.basis) {
            let moment: f64 = row.iter().zip(chroma).map(|(weight, &value)| weight * f64::from(value)).sum();
            *centroid = (moment / sum) as f32;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fifth_is_near_and_a_tritone_opposite_on_the_first_circle() {
        let tonnetz = Tonnetz::new(12);
        let fifths = |class: usize| {
            let mut chroma = [0.0; 12];
            chroma[class] = 0.3;
            let mut centroids = [f32::NAN; TONNETZ_BANDS];
            tonnetz.process(&chroma, &mut centroids);
            [centroids[0], centroids[1]]
        };
        let distance = |a: [f32; 2], b: [f32; 2]| (a[0] - b[0]).hypot(a[1] - b[1]);
        // A step of the circle of fifths is 30 degrees.
        assert!((distance(fifths(0), fifths(7)) - 2.0 * (PI as f32 / 12.0).sin()).abs() < 1e-6);
        assert!((distance(fifths(0), fifths(6)) - 2.0).abs() < 1e-6);
    }
}
