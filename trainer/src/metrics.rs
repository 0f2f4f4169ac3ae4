//! How good a set of probabilities is against the true labels.

mod bootstrap;

use speech_emotion::Emotion;

use crate::{Result, TrainerError};

pub use bootstrap::{Interval, Intervals, bootstrap};

/// Counts of clips: rows are true emotions, columns predicted ones, both in [`Emotion::ALL`]'s order.
pub type Confusion = [[usize; Emotion::COUNT]; Emotion::COUNT];

/// The bins of the calibration error.
pub const CALIBRATION_BINS: usize = 15;

/// One emotion's figures, as fractions of 1; 0 where they would be 0 over 0.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ClassScores {
    /// Of the clips predicted so, the share that is.
    pub precision: f64,
    /// Of the clips that are, the share predicted so.
    pub recall: f64,
    /// The harmonic mean of both.
    pub f1: f64,
    /// How many clips are.
    pub support: usize,
}

/// Every figure of one set of predictions, as fractions of 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    /// How many clips were scored.
    pub n: usize,
    /// Weighted accuracy: the share of clips that is right.
    pub wa: f64,
    /// Unweighted accuracy: the mean recall over the emotions that occur.
    pub ua: f64,
    /// The mean F1 over the emotions that occur.
    pub macro_f1: f64,
    /// Expected calibration error over 15 bins of equal width.
    pub ece: f64,
    /// Emotion by emotion, in [`Emotion::ALL`]'s order.
    pub classes: [ClassScores; Emotion::COUNT],
    /// Who was taken for whom.
    pub confusion: Confusion,
}

impl Scores {
    /// Scores `probabilities`, `[clips, 8]`, against as many labels.
    ///
    /// # Errors
    /// [`TrainerError::Values`] when there are none, when their numbers differ, or when a probability is NaN.
    pub fn new(probabilities: &[[f32; Emotion::COUNT]], labels: &[Emotion]) -> Result<Self> {
        check(probabilities, labels)?;
        let mut confusion = Confusion::default();
        for (row, label) in probabilities.iter().zip(labels) {
            confusion[label.index()][argmax(row)] += 1;
        }
        let classes = class_scores(&confusion);
        let (wa, ua) = accuracies(&confusion);
        let macro_f1 = mean_over_present(&classes, |class| class.f1);
        let ece = calibration_error(probabilities, labels);
        Ok(Self { n: labels.len(), wa, ua, macro_f1, ece, classes, confusion })
    }
}

/// The index of the largest value, the first of equals; 0 when there is none.
pub fn argmax(values: &[f32]) -> usize {
    let mut best = 0;
    for (index, value) in values.iter().enumerate() {
        if *value > values[best] {
            best = index;
        }
    }
    best
}

/// Weighted and unweighted accuracy of a confusion matrix; 0 when it is empty.
pub fn accuracies(confusion: &Confusion) -> (f64, f64) {
    let all: usize = confusion.iter().flatten().sum();
    let right: usize = (0..Emotion::COUNT).map(|class| confusion[class][class]).sum();
    (ratio(right, all), mean_over_present(&class_scores(confusion), |class| class.recall))
}

/// Precision, recall, F1 and support of every emotion.
pub fn class_scores(confusion: &Confusion) -> [ClassScores; Emotion::COUNT] {
    std::array::from_fn(|class| {
        let right = confusion[class][class];
        let support = confusion[class].iter().sum();
        let predicted = confusion.iter().map(|row| row[class]).sum::<usize>();
        ClassScores {
            precision: ratio(right, predicted),
            recall: ratio(right, support),
            f1: ratio(2 * right, support + predicted),
            support,
        }
    })
}

/// The expected calibration error: the mean gap between confidence and accuracy over 15 bins of confidence of
/// equal width, weighted by their clips. Guo et al. (2017), "On Calibration of Modern Neural Networks".
fn calibration_error(probabilities: &[[f32; Emotion::COUNT]], labels: &[Emotion]) -> f64 {
    let mut gaps = [0.0; CALIBRATION_BINS];
    for (row, label) in probabilities.iter().zip(labels) {
        let predicted = argmax(row);
        let confidence = f64::from(row[predicted]);
        // Bins are open below and closed above.
        let bin = (confidence * CALIBRATION_BINS as f64).ceil() as usize;
        gaps[bin.clamp(1, CALIBRATION_BINS) - 1] += confidence - f64::from(predicted == label.index());
    }
    gaps.iter().map(|gap: &f64| gap.abs()).sum::<f64>() / labels.len() as f64
}

/// Refuses what no figure can be computed from.
fn check(probabilities: &[[f32; Emotion::COUNT]], labels: &[Emotion]) -> Result<()> {
    let refuse =
        |expected: String, got: String| Err(TrainerError::Values { what: "probabilities", expected, got });
    if labels.is_empty() || probabilities.len() != labels.len() {
        let expected = format!("one row for each of {} labels, at least one", labels.len());
        return refuse(expected, probabilities.len().to_string());
    }
    match probabilities.iter().flatten().find(|value| !(0.0..=1.0 + 1e-4).contains(*value)) {
        Some(value) => refuse("values of 0 to 1".to_owned(), value.to_string()),
        None => Ok(()),
    }
}

/// The mean of a figure over the emotions that occur.
fn mean_over_present(classes: &[ClassScores], figure: impl Fn(&ClassScores) -> f64) -> f64 {
    let present: Vec<f64> = classes.iter().filter(|class| class.support > 0).map(figure).collect();
    present.iter().sum::<f64>() / present.len().max(1) as f64
}

/// A quotient of counts, 0 when it would be 0 over 0.
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests;
