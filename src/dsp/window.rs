//! The analysis windows.

use std::f64::consts::TAU;

use super::math;

/// The periodic Hann window of `n` samples, `0.5 - 0.5 cos(2 pi i / n)`.
///
/// Periodic, that is the first `n` of a symmetric window of `n + 1`: `scipy.signal.get_window("hann", n)`,
/// which librosa's STFT takes.
pub fn hann(n: usize) -> Vec<f64> {
    (0..n).map(|i| 0.5 - 0.5 * math::cos(TAU * i as f64 / n as f64)).collect()
}

/// A periodic sum of cosines of `n` samples, `a[0] - a[1] cos(2 pi i / n) + a[2] cos(4 pi i / n)`:
/// `scipy.signal.windows.general_cosine(n, a, sym=False)`.
pub(crate) fn cosines(n: usize, a: [f64; 3]) -> Vec<f64> {
    let angle = |i: usize| TAU * i as f64 / n as f64;
    (0..n).map(|i| a[0] - a[1] * math::cos(angle(i)) + a[2] * math::cos(2.0 * angle(i))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shifted_by_half_the_windows_add_up_to_one() {
        let window = hann(64);
        for i in 0..32 {
            assert!((window[i] + window[i + 32] - 1.0).abs() < 1e-15);
        }
        assert_eq!((window[0], window[32]), (0.0, 1.0));
    }

    #[test]
    fn cosines_are_scipys() {
        // scipy.signal.get_window("hamming", 4) and ("blackman", 4).
        for (a, expected) in
            [([0.54, 0.46, 0.0], [0.08, 0.54, 1.0, 0.54]), ([0.42, 0.5, 0.08], [0.0, 0.34, 1.0, 0.34])]
        {
            for (got, expected) in cosines(4, a).into_iter().zip(expected) {
                assert!((got - expected).abs() < 1e-12);
            }
        }
    }
}
