//! Other clips' averages: a window's mean and deviation in every channel moved towards another window's.
//!
//! MixStyle (Zhou et al. 2021, "Domain generalization with MixStyle") on the input: what a speaker's voice, a
//! microphone and a room add to a clip is mostly its average spectrum, what an emotion does is mostly in how the
//! clip moves around it.

use std::ops::Range;

use rand::{RngExt, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use speech_emotion::{features::STACK_CHANNELS, model::window::Windows};

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StyleOptions {
    /// The share of windows that are changed.
    pub share: f64,
    /// The most of the way that the averages go to the other window's, 0 to 1.
    pub most: f32,
}

/// Deviations below this, in the training clips' deviations, are not divided by.
const SMALLEST: f32 = 0.05;

/// Changes each window, with a drawn probability, by the averages of another one drawn from the same batch.
/// `covered` says which frames of each window hold its clip; the rest stays as it is.
pub fn mix(windows: &mut Windows, covered: &[Range<usize>], options: StyleOptions, rng: &mut ChaCha8Rng) {
    if options.share <= 0.0 {
        return;
    }
    let mut partners: Vec<usize> = (0..covered.len()).collect();
    partners.shuffle(rng);
    let parts: Vec<f32> = covered
        .iter()
        .map(|_| {
            let part = rng.random_range(0.0..=options.most);
            if rng.random_bool(options.share) { part } else { 0.0 }
        })
        .collect();
    let mut averages = vec![(0.0, 0.0); covered.len()];
    for channel in 0..STACK_CHANNELS {
        for (window, frames) in covered.iter().enumerate() {
            averages[window] = average(&windows.row_mut(window, channel)[frames.clone()]);
        }
        for (window, frames) in covered.iter().enumerate() {
            let part = parts[window];
            if part == 0.0 {
                continue;
            }
            let (mean, deviation) = averages[window];
            let (other_mean, other_deviation) = averages[partners[window]];
            let scale = 1.0 + part * (other_deviation / deviation.max(SMALLEST) - 1.0);
            let to = mean + part * (other_mean - mean);
            for value in &mut windows.row_mut(window, channel)[frames.clone()] {
                *value = (*value - mean) * scale + to;
            }
        }
    }
}

/// Mean and standard deviation.
fn average(values: &[f32]) -> (f32, f32) {
    let n = values.len().max(1) as f32;
    let mean = values.iter().sum::<f32>() / n;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f32>() / n;
    (mean, variance.sqrt())
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use speech_emotion::{
        features::FrameMatrix,
        model::window::{Normalization, WINDOW_FRAMES},
    };

    use super::*;

    const FRAMES: usize = 80;

    /// As many windows as there are `styles`: clips of 80 frames that swing by the second number around the first.
    fn windows(styles: &[(f32, f32)]) -> (Windows, Vec<Range<usize>>) {
        let identity = Normalization::new(vec![0.0; STACK_CHANNELS], &[1.0; STACK_CHANNELS]);
        let mut windows = Windows::new(styles.len());
        for (index, (mean, swing)) in styles.iter().enumerate() {
            let values =
                (0..STACK_CHANNELS * FRAMES).map(|n| mean + if n % 2 == 0 { *swing } else { -swing });
            let clip =
                FrameMatrix::from_data(STACK_CHANNELS, FRAMES, values.collect()).expect("the right size");
            windows.fill(index, &clip, &identity, 0, 10);
        }
        (windows, vec![10..10 + FRAMES; styles.len()])
    }

    fn styles_after(options: StyleOptions, seed: u64) -> Vec<(f32, f32)> {
        let (mut windows, covered) = windows(&[(1.0, 0.5), (5.0, 2.0)]);
        mix(&mut windows, &covered, options, &mut ChaCha8Rng::seed_from_u64(seed));
        let rest = |window: usize, windows: &mut Windows| {
            let row = windows.row_mut(window, 7);
            assert!(row[..10].iter().chain(&row[10 + FRAMES..WINDOW_FRAMES]).all(|&value| value == 0.0));
            average(&row[10..10 + FRAMES])
        };
        (0..2).map(|window| rest(window, &mut windows)).collect()
    }

    fn near(got: (f32, f32), expected: (f32, f32)) -> bool {
        (got.0 - expected.0).abs() < 1e-4 && (got.1 - expected.1).abs() < 1e-4
    }

    #[test]
    fn averages_move_towards_another_windows_by_one_share() {
        let mut moved = 0;
        for seed in 0..20 {
            for (window, got) in
                styles_after(StyleOptions { share: 1.0, most: 1.0 }, seed).into_iter().enumerate()
            {
                // From (1, 0.5) to (5, 2) or back: both by the same part.
                let part = (got.0 - 1.0) / 4.0;
                assert!((0.0..=1.0).contains(&part), "{got:?}");
                assert!(near(got, (1.0 + 4.0 * part, 0.5 + 1.5 * part)), "window {window}: {got:?}");
                moved += usize::from(part > 0.01 && part < 0.99);
            }
        }
        assert!(moved > 10, "{moved}");
    }

    #[test]
    fn no_share_changes_nothing_and_a_little_way_is_a_little() {
        assert!(near(styles_after(StyleOptions { share: 0.0, most: 1.0 }, 1)[0], (1.0, 0.5)));
        for seed in 0..20 {
            let little = styles_after(StyleOptions { share: 1.0, most: 0.1 }, seed);
            assert!(little[0].0 <= 1.4 + 1e-4 && little[1].0 >= 4.6 - 1e-4, "{little:?}");
        }
    }

    #[test]
    fn a_clip_that_never_varies_stays_finite() {
        let (mut windows, covered) = windows(&[(1.0, 0.0), (5.0, 2.0), (0.0, 0.0)]);
        mix(
            &mut windows,
            &covered,
            StyleOptions { share: 1.0, most: 1.0 },
            &mut ChaCha8Rng::seed_from_u64(3),
        );
        assert!(windows.into_data().iter().all(|value| value.is_finite() && value.abs() < 100.0));
    }
}
