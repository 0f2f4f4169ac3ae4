//! The analysis window.

use std::f64::consts::TAU;

/// The periodic Hann window of `n` samples, `0.5 - 0.5 cos(2 pi i / n)`.
///
/// Periodic, that is the first `n` of a symmetric window of `n + 1`: `scipy.signal.get_window("hann", n)`,
/// which librosa's STFT takes.
pub fn hann(n: usize) -> Vec<f64> {
    (0..n).map(|i| 0.5 - 0.5 * (TAU * i as f64 / n as f64).cos()).collect()
}

#[cfg(test)]
mod tests {
    use super::hann;

    #[test]
    fn shifted_by_half_the_windows_add_up_to_one() {
        let window = hann(64);
        for i in 0..32 {
            assert!((window[i] + window[i + 32] - 1.0).abs() < 1e-15);
        }
        assert_eq!((window[0], window[32]), (0.0, 1.0));
    }
}
