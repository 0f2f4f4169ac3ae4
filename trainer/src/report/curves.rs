//! Learning curves and the reliability diagram, as pictures that need nothing from outside.

use std::fmt::Write;

use speech_emotion::Emotion;

use super::escape;
use crate::{
    metrics::{self, CALIBRATION_BINS},
    train::run::EpochFigures,
};

const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 260.0;
const MARGIN: f64 = 40.0;

/// A picture's frame: both axes from 0 to 1, with what they show.
fn frame(title: &str, x: &str, y: &str, content: &str) -> String {
    let (right, bottom) = (WIDTH - MARGIN / 2.0, HEIGHT - MARGIN);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         role=\"img\" font-family=\"system-ui, sans-serif\" font-size=\"12\" fill=\"#1a1a1a\">\n<title>{title}</title>\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#ffffff\"/>\n<text x=\"{MARGIN}\" y=\"20\" \
         font-weight=\"600\">{title}</text>\n<path d=\"M{MARGIN} 30V{bottom}H{right}\" fill=\"none\" stroke=\"#888888\"/>\n\
         <text x=\"{right}\" y=\"{}\" text-anchor=\"end\">{}</text>\n<text x=\"{}\" y=\"36\" text-anchor=\"end\">100 %</text>\n\
         <text x=\"{}\" y=\"{bottom}\" text-anchor=\"end\">0</text>\n{content}<text x=\"{MARGIN}\" y=\"{}\">{}</text>\n</svg>\n",
        bottom + 16.0,
        escape(x),
        MARGIN - 4.0,
        MARGIN - 4.0,
        HEIGHT - 8.0,
        escape(y),
        title = escape(title),
    )
}

fn point(x: f64, y: f64) -> (f64, f64) {
    let (width, height) = (WIDTH - 1.5 * MARGIN, HEIGHT - MARGIN - 30.0);
    (MARGIN + x.clamp(0.0, 1.0) * width, 30.0 + (1.0 - y.clamp(0.0, 1.0)) * height)
}

fn line(points: impl Iterator<Item = (f64, f64)>, colour: &str, dashed: bool) -> String {
    let mut path = String::new();
    for (number, (x, y)) in points.enumerate() {
        let (x, y) = point(x, y);
        // Writing to a string can't fail.
        let _ = write!(path, "{}{x:.1} {y:.1}", if number == 0 { 'M' } else { 'L' });
    }
    let dash = if dashed { " stroke-dasharray=\"4 4\"" } else { "" };
    format!("<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"{dash}/>\n")
}

/// Validation accuracy, both kinds, and the training loss (dashed, relative to the first epoch's) over the epochs.
pub fn learning(title: &str, history: &[EpochFigures]) -> String {
    let last = history.len().saturating_sub(1).max(1) as f64;
    let first = history.first().map_or(1.0, |epoch| epoch.train_loss);
    let curve = |of: &dyn Fn(&EpochFigures) -> f64, colour: &str, dashed: bool| {
        line(history.iter().enumerate().map(|(n, epoch)| (n as f64 / last, of(epoch))), colour, dashed)
    };
    let content = curve(&|epoch| epoch.valid_wa, "#1f5fbf", false)
        + &curve(&|epoch| epoch.valid_ua, "#b3541e", false)
        + &curve(&|epoch| epoch.train_loss / first, "#666666", true);
    let epochs = format!("{} epochs", history.len());
    frame(title, &epochs, "valid WA blue, UA brown; training loss dashed", &content)
}

/// How often answers of each confidence are right, against the diagonal; a bar's shade grows with its share of clips.
pub fn reliability(answers: &[([f32; Emotion::COUNT], Emotion)]) -> String {
    let mut bins = [(0_usize, 0_usize); CALIBRATION_BINS];
    for (row, label) in answers {
        let best = metrics::argmax(row);
        let bin = ((row[best] * CALIBRATION_BINS as f32) as usize).min(CALIBRATION_BINS - 1);
        bins[bin].0 += 1;
        bins[bin].1 += usize::from(best == label.index());
    }
    let most = bins.iter().map(|bin| bin.0).max().unwrap_or(0).max(1) as f64;
    let mut content = line([(0.0, 0.0), (1.0, 1.0)].into_iter(), "#888888", true);
    for (number, (count, right)) in bins.iter().enumerate().filter(|(_, bin)| bin.0 > 0) {
        let (x, top) = point(number as f64 / CALIBRATION_BINS as f64, *right as f64 / *count as f64);
        let (next, bottom) = point((number + 1) as f64 / CALIBRATION_BINS as f64, 0.0);
        let opacity = 0.15 + 0.85 * *count as f64 / most;
        let _ = writeln!(
            content,
            "<rect x=\"{x:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"#1f5fbf\" \
             fill-opacity=\"{opacity:.2}\"><title>{right} of {count} right</title></rect>",
            next - x - 1.0,
            bottom - top
        );
    }
    frame("Reliability", "confidence", "share that is right", &content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_stands_as_high_as_its_answers_are_right() {
        let row = std::array::from_fn(|index| if index == 0 { 0.9 } else { 0.1 / 7.0 });
        let answers = vec![
            (row, Emotion::Neutral),
            (row, Emotion::Neutral),
            (row, Emotion::Sad),
            (row, Emotion::Neutral),
        ];
        let svg = reliability(&answers);
        assert!(svg.contains("3 of 4 right") && svg.matches("<rect").count() == 2, "{svg}");
    }

    #[test]
    fn no_epochs_are_no_trouble() {
        assert!(learning("a & b", &[]).contains("a &amp; b"));
    }
}
