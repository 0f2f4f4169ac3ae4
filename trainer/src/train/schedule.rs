//! The learning rate over a run.

use std::f64::consts::PI;

/// The first rate, relative to the highest.
const START: f64 = 1.0 / 25.0;

/// The one-cycle policy: from a twenty-fifth of `highest` up to it in the first `warm_up` of the run and down to
/// `end` times it in the rest, both along half a cosine (Smith and Topin 2017, "Super-convergence"). `progress` and
/// `warm_up` go from 0 to 1; without a warm-up it's the falling cosine alone.
pub fn one_cycle(progress: f64, warm_up: f64, highest: f64, end: f64) -> f64 {
    let progress = progress.clamp(0.0, 1.0);
    let between = |from: f64, to: f64, part: f64| to + (from - to) * 0.5 * (1.0 + (PI * part).cos());
    highest
        * if progress < warm_up {
            between(START, 1.0, progress / warm_up)
        } else {
            between(1.0, end, (progress - warm_up) / (1.0 - warm_up).max(f64::EPSILON))
        }
}

/// From `first` to 0 along half a cosine, while `progress` goes from 0 to 1.
pub fn falling(progress: f64, first: f64) -> f64 {
    first * 0.5 * (1.0 + (PI * progress.clamp(0.0, 1.0)).cos())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn falls_to_nothing() {
        assert_eq!([0.0, 0.5, 1.0].map(|at| (falling(at, 2.0) * 1e9).round() / 1e9), [2.0, 1.0, 0.0]);
    }

    #[test]
    fn rises_then_falls() {
        let rates: Vec<f64> =
            (0..=100).map(|step| one_cycle(f64::from(step) / 100.0, 0.25, 2e-3, 1e-4)).collect();
        assert!((rates[0] - 2e-3 / 25.0).abs() < 1e-12);
        assert!((rates[25] - 2e-3).abs() < 1e-12);
        assert!((rates[100] - 2e-7).abs() < 1e-12);
        assert!(rates[..=25].windows(2).all(|pair| pair[0] < pair[1]));
        assert!(rates[25..].windows(2).all(|pair| pair[0] > pair[1]));
        assert_eq!([0.0, 1.0].map(|end| one_cycle(end, 0.0, 1.0, 0.5)), [1.0, 0.5], "without a warm-up");
        assert!(
            (one_cycle(0.0, 1.0, 1.0, 0.5) - START).abs() < 1e-12 && one_cycle(1.0, 1.0, 1.0, 0.5) == 1.0
        );
    }
}
