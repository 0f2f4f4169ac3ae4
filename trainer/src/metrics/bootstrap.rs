//! How far a figure may be off: percentile intervals by resampling.
//!
//! Efron and Tibshirani (1993), "An Introduction to the Bootstrap", chapter 13.

use std::collections::BTreeMap;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use speech_emotion::Emotion;

use super::{Confusion, accuracies, argmax, check};
use crate::{Result, TrainerError};

/// How many times the clips are drawn anew.
const RESAMPLES: usize = 2_000;
/// What the interval leaves out on either side.
const TAIL: f64 = 0.025;

/// The 95 % interval of a figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Its lower end.
    pub lo: f64,
    /// Its upper end.
    pub hi: f64,
}

/// The 95 % intervals of both accuracies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Intervals {
    /// Of weighted accuracy.
    pub wa: Interval,
    /// Of unweighted accuracy.
    pub ua: Interval,
}

/// The 95 % intervals by 2000 resamples: of clips, or of whole `groups` (each clip's speaker) where given, since
/// clips of one speaker are right and wrong together.
///
/// # Errors
/// [`TrainerError::Values`] as for [`super::Scores::new`], and when there are not as many groups as clips.
pub fn bootstrap(
    probabilities: &[[f32; Emotion::COUNT]],
    labels: &[Emotion],
    groups: Option<&[String]>,
    seed: u64,
) -> Result<Intervals> {
    check(probabilities, labels)?;
    // Every unit that is drawn is the list of its clips, each a true and a predicted emotion.
    let outcomes = probabilities.iter().zip(labels).map(|(row, label)| (label.index(), argmax(row)));
    let units: Vec<Vec<(usize, usize)>> = match groups {
        None => outcomes.map(|outcome| vec![outcome]).collect(),
        Some(groups) if groups.len() == labels.len() => {
            let mut units: BTreeMap<&str, Vec<_>> = BTreeMap::new();
            for (group, outcome) in groups.iter().zip(outcomes) {
                units.entry(group).or_default().push(outcome);
            }
            units.into_values().collect()
        }
        Some(groups) => {
            return Err(TrainerError::Values {
                what: "groups",
                expected: format!("one for each of {} clips", labels.len()),
                got: groups.len().to_string(),
            });
        }
    };
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let (mut wa, mut ua) = (Vec::with_capacity(RESAMPLES), Vec::with_capacity(RESAMPLES));
    for _ in 0..RESAMPLES {
        let mut confusion = Confusion::default();
        for _ in 0..units.len() {
            for &(truth, predicted) in &units[rng.random_range(0..units.len())] {
                confusion[truth][predicted] += 1;
            }
        }
        let (weighted, unweighted) = accuracies(&confusion);
        wa.push(weighted);
        ua.push(unweighted);
    }
    Ok(Intervals { wa: percentiles(wa), ua: percentiles(ua) })
}

/// The interval between the two tails.
fn percentiles(mut values: Vec<f64>) -> Interval {
    values.sort_by(f64::total_cmp);
    let at = |share: f64| values[(share * (values.len() - 1) as f64).round() as usize];
    Interval { lo: at(TAIL), hi: at(1.0 - TAIL) }
}
