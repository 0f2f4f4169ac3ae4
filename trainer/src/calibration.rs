//! Temperature scaling (Guo et al. 2017, "On Calibration of Modern Neural Networks"): one number, fitted on the
//! validation part, that makes confidence mean what it says without changing any answer.

use speech_emotion::Emotion;

/// Temperatures are looked for between this and its inverse.
const LEAST: f64 = 0.2;

/// Steps of the search; each narrows it by a third.
const STEPS: usize = 40;

/// The temperature at which `probabilities`, `[clips, 8]`, give their labels the greatest likelihood: 1 leaves them
/// as they are, more makes them flatter. 1 for no clips.
pub fn temperature(probabilities: &[[f32; Emotion::COUNT]], labels: &[Emotion]) -> f32 {
    if probabilities.is_empty() {
        return 1.0;
    }
    // The loss has one minimum over the logarithm of the temperature.
    let (mut low, mut high) = (LEAST.ln(), -LEAST.ln());
    for _ in 0..STEPS {
        let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
        if loss(probabilities, labels, a.exp()) < loss(probabilities, labels, b.exp()) {
            high = b
        } else {
            low = a
        }
    }
    ((low + high) / 2.0).exp() as f32
}

/// Probabilities as they would be with their logits divided by `temperature`.
pub fn tempered(probabilities: [f32; Emotion::COUNT], temperature: f32) -> [f32; Emotion::COUNT] {
    let powers = probabilities.map(|p| f64::from(p.max(1e-12)).powf(1.0 / f64::from(temperature)));
    let sum: f64 = powers.iter().sum();
    powers.map(|power| (power / sum) as f32)
}

/// Mean negative logarithm of the labels' probabilities.
fn loss(probabilities: &[[f32; Emotion::COUNT]], labels: &[Emotion], temperature: f64) -> f64 {
    let of = |(row, label): (&[f32; Emotion::COUNT], &Emotion)| {
        -f64::from(tempered(*row, temperature as f32)[label.index()].max(1e-12)).ln()
    };
    probabilities.iter().zip(labels).map(of).sum::<f64>() / labels.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::Scores;

    /// Answers that claim `claimed` and are right in eight of ten clips.
    fn clips(claimed: f32) -> (Vec<[f32; 8]>, Vec<Emotion>) {
        let rest = (1.0 - claimed) / 7.0;
        let row: [f32; 8] = std::array::from_fn(|index| if index == 2 { claimed } else { rest });
        let label = |n: usize| if n % 10 < 8 { Emotion::Happy } else { Emotion::ALL[n % 2] };
        (vec![row; 1000], (0..1000).map(label).collect())
    }

    #[test]
    fn too_sure_and_too_unsure_are_both_mended() {
        for claimed in [0.5, 0.99] {
            let (rows, labels) = clips(claimed);
            let temperature = temperature(&rows, &labels);
            assert_eq!(temperature > 1.0, claimed > 0.8, "{temperature}");
            let mended: Vec<_> = rows.iter().map(|row| tempered(*row, temperature)).collect();
            assert!((mended[0][2] - 0.8).abs() < 0.01, "{:?}", mended[0]);
            assert!((mended[0].iter().sum::<f32>() - 1.0).abs() < 1e-5);
            let ece = |rows: &[[f32; 8]]| Scores::new(rows, &labels).map(|scores| scores.ece).unwrap_or(1.0);
            assert!(ece(&mended) < 0.02 && ece(&rows) > 0.15);
        }
        assert_eq!(temperature(&[], &[]), 1.0);
    }
}
