//! A steady label out of window after window.

use super::HOP_SECONDS;
use crate::{
    Emotion, Error, Result,
    recognizer::{Probabilities, most_probable},
};

/// How a stream's label is steadied.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StreamOptions {
    /// The time constant of the smoothing, seconds: after it a change has come through by 63 %. 0 smooths nothing.
    pub smoothing: f32,
    /// How far another emotion's smoothed probability has to rise above the label's before it becomes the label.
    pub hysteresis: f32,
}

impl Default for StreamOptions {
    fn default() -> Self {
        Self { smoothing: 1.0, hysteresis: 0.1 }
    }
}

impl StreamOptions {
    /// Refuses what makes no sense.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a `smoothing` out of 0 to 60 s or a `hysteresis` out of 0 to 1.
    pub fn check(&self) -> Result<()> {
        for (name, value, most) in [("smoothing", self.smoothing, 60.0), ("hysteresis", self.hysteresis, 1.0)]
        {
            if !(0.0..=most).contains(&value) {
                let expected = format!("a number from 0 to {most}");
                return Err(Error::Parameter { name, expected, got: value.to_string() });
            }
        }
        Ok(())
    }
}

/// Exponential smoothing of the probabilities, and a label that needs a reason to change.
#[derive(Debug)]
pub(super) struct Smoother {
    /// What a new window counts.
    share: f32,
    hysteresis: f32,
    state: Option<(Probabilities, Emotion)>,
}

impl Smoother {
    pub fn new(options: &StreamOptions) -> Self {
        let hops = options.smoothing / HOP_SECONDS as f32;
        let share = if hops > 0.0 { 1.0 - (-1.0 / hops).exp() } else { 1.0 };
        Self { share, hysteresis: options.hysteresis, state: None }
    }

    /// Takes a window's probabilities and gives the smoothed ones with the label. A window without speech begins
    /// anew.
    pub fn next(&mut self, probabilities: Option<&Probabilities>) -> Option<(Probabilities, Emotion)> {
        let Some(new) = probabilities else {
            self.state = None;
            return None;
        };
        let state = match self.state {
            None => (*new, most_probable(new)),
            Some((mut smoothed, label)) => {
                for (smoothed, new) in smoothed.iter_mut().zip(new) {
                    *smoothed += self.share * (new - *smoothed);
                }
                let best = most_probable(&smoothed);
                let ahead = smoothed[best.index()] - smoothed[label.index()];
                (smoothed, if ahead > self.hysteresis { best } else { label })
            }
        };
        self.state = Some(state);
        self.state
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two emotions, the first with the probability `p`.
    fn pair(p: f32) -> Probabilities {
        let mut probabilities = [0.0; Emotion::COUNT];
        (probabilities[0], probabilities[1]) = (p, 1.0 - p);
        probabilities
    }

    fn labels(options: StreamOptions, values: &[f32]) -> Vec<usize> {
        let mut smoother = Smoother::new(&options);
        values.iter().filter_map(|&p| smoother.next(Some(&pair(p)))).map(|(_, label)| label.index()).collect()
    }

    #[test]
    fn a_step_comes_through_by_63_percent_after_the_time_constant() {
        let mut smoother = Smoother::new(&StreamOptions { smoothing: 1.0, hysteresis: 0.0 });
        smoother.next(Some(&pair(1.0)));
        smoother.next(Some(&pair(0.0)));
        let (smoothed, _) = smoother.next(Some(&pair(0.0))).expect("speech");
        assert!((smoothed[0] - (-1.0_f32).exp()).abs() < 1e-6, "{smoothed:?}");
        assert!((smoothed.iter().sum::<f32>() - 1.0).abs() < 1e-6);
    }

    #[test]
    fn the_label_waits_for_the_margin() {
        let unsteady = [0.6, 0.48, 0.52, 0.47, 0.46, 0.3];
        assert_eq!(labels(StreamOptions { smoothing: 0.0, hysteresis: 0.1 }, &unsteady), [0, 0, 0, 0, 0, 1]);
        assert_eq!(labels(StreamOptions { smoothing: 0.0, hysteresis: 0.0 }, &unsteady), [0, 1, 0, 1, 1, 1]);
    }

    #[test]
    fn silence_begins_anew() {
        let mut smoother = Smoother::new(&StreamOptions::default());
        smoother.next(Some(&pair(1.0)));
        assert_eq!(smoother.next(None), None);
        assert_eq!(smoother.next(Some(&pair(0.2))), Some((pair(0.2), Emotion::ALL[1])));
    }

    #[test]
    fn refuses_options_out_of_bounds() {
        for (smoothing, hysteresis) in
            [(-1.0, 0.1), (61.0, 0.1), (f32::NAN, 0.1), (1.0, 1.5), (1.0, f32::NAN)]
        {
            let refused = StreamOptions { smoothing, hysteresis }.check();
            assert_eq!(refused.map_err(|error| error.code()), Err("parameter"));
        }
    }
}
