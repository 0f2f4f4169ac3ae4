//! The training of the speech detector, on frames that a larger one has heard, and of the gate: examples of speech and of
//! other sounds, and the logistic regression on them.
//!
//! Speech is split by speaker and noise by recording, five folds each; what is added to a clip of speech comes from
//! the same fold as the clip, so that no part of a test example is heard in training.

mod detector;
mod examples;
mod lessons;
mod logistic;

pub use detector::teach;
pub use examples::{Example, Kind, Settings, examples, held_out, measure};
pub use lessons::{Lesson, lessons};
pub use logistic::{Logistic, fit};

/// Folds of speakers and of noise recordings.
pub const FOLDS: u8 = 5;

/// What a gate did to a set of examples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    /// The share of speech let through, and of how many.
    pub kept: (f64, usize),
    /// The share of other sounds stopped, and of how many.
    pub rejected: (f64, usize),
}

/// Counts what opens and what does not: `open` says so of each example.
pub fn rates<'a>(examples: impl Iterator<Item = (&'a Example, bool)>) -> Rates {
    let mut counts = [[0_usize; 2]; 2];
    for (example, open) in examples {
        counts[usize::from(example.speech)][usize::from(open)] += 1;
    }
    let share =
        |of: [usize; 2], which: usize| (of[which] as f64 / (of[0] + of[1]).max(1) as f64, of[0] + of[1]);
    Rates { kept: share(counts[1], 1), rejected: share(counts[0], 0) }
}
