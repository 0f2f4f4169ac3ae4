//! The classification report, laid out as scikit-learn lays out its own.

use std::fmt::Write;

use speech_emotion::Emotion;

use crate::{
    figures::Figures,
    metrics::{ClassScores, Scores},
};

/// Precision, recall, F1 and support of every emotion that occurs or was predicted, with accuracy, the mean over
/// the emotions that occur, the mean weighted by support, and the calibration error.
pub fn classification_report(scores: &Scores) -> String {
    let mut text =
        format!("{:>14}{:>11}{:>10}{:>10}{:>10}\n\n", "", "precision", "recall", "f1-score", "support");
    let mut line = |name: &str, precision: f64, recall: f64, f1: f64, support: usize| {
        // Writing to a string can't fail.
        let _ = writeln!(text, "{name:>14}{precision:>11.3}{recall:>10.3}{f1:>10.3}{support:>10}");
    };
    for (emotion, class) in Emotion::ALL.iter().zip(&scores.classes) {
        let predicted: usize = scores.confusion.iter().map(|row| row[emotion.index()]).sum();
        if class.support + predicted > 0 {
            line(emotion.name(), class.precision, class.recall, class.f1, class.support);
        }
    }
    let occurring = scores.classes.iter().filter(|class| class.support > 0).count().max(1) as f64;
    let mean = |figure: fn(&ClassScores) -> f64, weighted: bool| {
        let weight = |class: &ClassScores| match (weighted, class.support) {
            (true, support) => support as f64 / scores.n.max(1) as f64,
            (false, 0) => 0.0,
            (false, _) => 1.0 / occurring,
        };
        scores.classes.iter().map(|class| figure(class) * weight(class)).sum::<f64>()
    };
    for (name, weighted) in [("macro avg", false), ("weighted avg", true)] {
        let figures = [
            mean(|class| class.precision, weighted),
            mean(|class| class.recall, weighted),
            mean(|class| class.f1, weighted),
        ];
        line(name, figures[0], figures[1], figures[2], scores.n);
    }
    let _ = writeln!(text, "\n{:>14}{:>31.3}{:>10}", "accuracy (WA)", scores.wa, scores.n);
    let _ = writeln!(text, "{:>14}{:>31.3}", "UA", scores.ua);
    let _ = writeln!(text, "{:>14}{:>31.3}", "ECE, 15 bins", scores.ece);
    text
}

/// A protocol's figures, a line for all of it and one for each corpus.
pub fn lines(figures: &Figures) -> String {
    let line = |name: &str, scores: &Scores| {
        format!("{name:<24} WA {:5.1} %  UA {:5.1} %  n {}", 100.0 * scores.wa, 100.0 * scores.ua, scores.n)
    };
    let mut text = line(&figures.id(), &figures.scores);
    let interval = &figures.intervals.wa;
    // Writing to a string can't fail.
    let _ = write!(
        text,
        "  (WA {:.1} to {:.1} %), macro F1 {:.3}, ECE {:.3}",
        100.0 * interval.lo,
        100.0 * interval.hi,
        figures.scores.macro_f1,
        figures.scores.ece
    );
    if figures.per_corpus.len() > 1 {
        for (corpus, scores) in &figures.per_corpus {
            let _ = write!(text, "\n{}", line(corpus.name(), scores));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_figure_stands_in_its_place() {
        let mut rows = vec![[0.0; 8]; 4];
        for (row, class) in rows.iter_mut().zip([0, 0, 2, 1]) {
            row[class] = 1.0;
        }
        use Emotion::{Happy, Neutral};
        let scores = Scores::new(&rows, &[Neutral, Happy, Happy, Happy]).unwrap();
        let text = classification_report(&scores);
        let words: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        for expected in [
            &["neutral", "0.500", "1.000", "0.667", "1"][..],
            &["calm", "0.000", "0.000", "0.000", "0"],
            &["happy", "1.000", "0.333", "0.500", "3"],
            &["macro", "avg", "0.750", "0.667", "0.583", "4"],
            &["weighted", "avg", "0.875", "0.500", "0.542", "4"],
            &["accuracy", "(WA)", "0.500", "4"],
            &["UA", "0.667"],
            &["ECE,", "15", "bins", "0.500"],
        ] {
            assert!(words.iter().any(|line| line == expected), "{expected:?} in\n{text}");
        }
        assert!(!text.contains("sad"));
    }
}
