#![allow(clippy::unwrap_used)]
use super::*;

/// Everything on one emotion, with a confidence.
fn row(class: usize, confidence: f32) -> [f32; 8] {
    let mut row = [(1.0 - confidence) / 7.0; 8];
    row[class] = confidence;
    row
}

#[test]
fn figures_by_hand() {
    use Emotion::{Angry, Happy, Neutral};
    let labels = [Neutral, Neutral, Neutral, Happy, Angry, Angry];
    let predicted = [0, 0, 2, 2, 4, 0];
    let rows: Vec<[f32; 8]> = predicted.iter().map(|&class| row(class, 0.75)).collect();
    let scores = Scores::new(&rows, &labels).unwrap();
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-7, "{a} for {b}");
    assert_eq!(scores.n, 6);
    close(scores.wa, 4.0 / 6.0);
    close(scores.ua, (2.0 / 3.0 + 1.0 + 0.5) / 3.0);
    // Neutral 2/3 and 2/3; happy 1/2 and 1; angry 1 and 1/2.
    close(scores.macro_f1, (2.0 / 3.0 + 2.0 / 3.0 + 2.0 / 3.0) / 3.0);
    close(scores.ece, 0.75 - 4.0 / 6.0);
    close(scores.classes[2].precision, 0.5);
    close(scores.classes[4].precision, 1.0);
    assert_eq!(scores.classes[1], ClassScores::default());
    assert_eq!(scores.confusion[0], [2, 0, 1, 0, 0, 0, 0, 0]);
    assert_eq!(scores.confusion[4], [1, 0, 0, 0, 1, 0, 0, 0]);
}

#[test]
fn the_same_figures_as_scikit_learn() {
    #[derive(serde::Deserialize)]
    struct Fixture {
        labels: Vec<usize>,
        probabilities: Vec<[f32; 8]>,
        wa: f64,
        ua: f64,
        macro_f1: f64,
        ece: f64,
        precision: [f64; 8],
        recall: [f64; 8],
        f1: [f64; 8],
        support: [usize; 8],
        confusion: Confusion,
    }
    let fixture: Fixture = serde_json::from_str(include_str!("../../tests/fixtures/metrics.json")).unwrap();
    let labels: Vec<Emotion> = fixture.labels.iter().map(|&index| Emotion::ALL[index]).collect();
    let scores = Scores::new(&fixture.probabilities, &labels).unwrap();
    assert_eq!(scores.confusion, fixture.confusion);
    for (ours, theirs) in [
        (scores.wa, fixture.wa),
        (scores.ua, fixture.ua),
        (scores.macro_f1, fixture.macro_f1),
        (scores.ece, fixture.ece),
    ] {
        assert!((ours - theirs).abs() < 1e-6, "{ours} for {theirs}");
    }
    for (class, ours) in scores.classes.iter().enumerate() {
        assert_eq!(ours.support, fixture.support[class]);
        for (ours, theirs) in [
            (ours.precision, fixture.precision[class]),
            (ours.recall, fixture.recall[class]),
            (ours.f1, fixture.f1[class]),
        ] {
            assert!((ours - theirs).abs() < 1e-12, "{ours} for {theirs}");
        }
    }
}

#[test]
fn the_interval_of_clips_is_the_binomial_one() {
    // 400 clips, 60 % right: +-1.96 * sqrt(0.6 * 0.4 / 400) = +-0.048.
    let labels = vec![Emotion::Neutral; 400];
    let rows: Vec<[f32; 8]> = (0..400).map(|n| row(usize::from(n % 5 >= 3), 0.9)).collect();
    let intervals = bootstrap(&rows, &labels, None, 1).unwrap();
    assert!(
        (intervals.wa.lo - 0.552).abs() < 0.01 && (intervals.wa.hi - 0.648).abs() < 0.01,
        "{intervals:?}"
    );
    assert_eq!(intervals, bootstrap(&rows, &labels, None, 1).unwrap());
    // Four speakers, right or wrong as a whole: far less certain.
    let speakers: Vec<String> = (0..400).map(|n| format!("{}", n / 100)).collect();
    let rows: Vec<[f32; 8]> = (0..400).map(|n| row(usize::from(n >= 240), 0.9)).collect();
    let wide = bootstrap(&rows, &labels, Some(&speakers), 1).unwrap();
    assert!(wide.wa.hi - wide.wa.lo > 0.4, "{wide:?}");
}

#[test]
fn what_cannot_be_scored_is_refused() {
    let labels = [Emotion::Sad; 2];
    let good = [row(1, 0.5); 2];
    assert!(Scores::new(&[], &[]).is_err());
    assert!(Scores::new(&good[..1], &labels).is_err());
    assert!(Scores::new(&[row(1, 0.5), [f32::NAN; 8]], &labels).is_err());
    assert!(bootstrap(&good, &labels, Some(&["a".to_owned()]), 1).is_err());
    assert!(bootstrap(&good, &labels, None, 1).is_ok());
    assert_eq!(accuracies(&Confusion::default()), (0.0, 0.0));
}
