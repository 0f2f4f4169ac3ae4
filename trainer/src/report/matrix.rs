//! The confusion matrix as a picture and as a table.

use std::fmt::Write;

use speech_emotion::Emotion;

use crate::metrics::{Confusion, Scores};

/// Side of a cell, and the margins around the cells, in the picture's units.
const CELL: usize = 64;
const LEFT: usize = 128;
const TOP: usize = 112;
const RIGHT: usize = 72;
const BOTTOM: usize = 40;

/// The confusion matrix as an SVG: rows true, columns predicted, counts and each row's percentages, shaded by
/// the row's share. It has its own white ground, and needs no font or style from outside.
pub fn confusion_svg(title: &str, scores: &Scores) -> String {
    let side = CELL * Emotion::COUNT;
    let (width, height) = (LEFT + side + RIGHT, TOP + side + BOTTOM);
    let title = escape(title);
    let figures = format!(
        "{} clips, WA {:.1} %, UA {:.1} %, macro F1 {:.1} %, ECE {:.1} %",
        scores.n,
        100.0 * scores.wa,
        100.0 * scores.ua,
        100.0 * scores.macro_f1,
        100.0 * scores.ece
    );
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" font-family=\"system-ui, 'Segoe UI', Helvetica, Arial, \
         sans-serif\" font-size=\"13\" fill=\"#1a1a1a\" text-anchor=\"middle\">\n\
         <title>Confusion matrix, {title}: {figures}</title>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n"
    );
    let centre = LEFT + side / 2;
    let mut add = |line: String| {
        svg.push_str(&line);
        svg.push('\n');
    };
    add(format!("<text x=\"{centre}\" y=\"26\" font-size=\"17\" font-weight=\"600\">{title}</text>"));
    add(format!("<text x=\"{centre}\" y=\"48\" fill=\"#555555\">{figures}</text>"));
    add(format!("<text x=\"{centre}\" y=\"78\" font-weight=\"600\">predicted</text>"));
    let middle = TOP + side / 2;
    add(format!("<text transform=\"translate(22 {middle}) rotate(-90)\" font-weight=\"600\">true</text>"));
    for emotion in Emotion::ALL {
        let (x, y) = (LEFT + CELL * emotion.index() + CELL / 2, TOP + CELL * emotion.index() + CELL / 2 + 4);
        add(format!("<text x=\"{x}\" y=\"{}\">{emotion}</text>", TOP - 10));
        add(format!("<text x=\"{}\" y=\"{y}\" text-anchor=\"end\">{emotion}</text>", LEFT - 10));
        let support = scores.classes[emotion.index()].support;
        add(format!(
            "<text x=\"{}\" y=\"{y}\" text-anchor=\"start\" font-size=\"12\" fill=\"#555555\">n = {support}</text>",
            LEFT + side + 10
        ));
    }
    for (row, counts) in scores.confusion.iter().enumerate() {
        let support = counts.iter().sum::<usize>();
        for (column, &count) in counts.iter().enumerate() {
            let share = if support == 0 { 0.0 } else { count as f64 / support as f64 };
            let (x, y) = (LEFT + CELL * column, TOP + CELL * row);
            let (fill, ink) = (shade(share), if share > 0.5 { "#ffffff" } else { "#1a1a1a" });
            add(format!(
                "<rect x=\"{x}\" y=\"{y}\" width=\"{CELL}\" height=\"{CELL}\" fill=\"{fill}\" stroke=\"#ffffff\" \
                 stroke-width=\"2\"/>"
            ));
            if count == 0 {
                continue;
            }
            let weight = if row == column { 600 } else { 400 };
            add(format!(
                "<text x=\"{}\" y=\"{}\" font-size=\"16\" font-weight=\"{weight}\" fill=\"{ink}\">{count}</text>",
                x + CELL / 2,
                y + CELL / 2
            ));
            add(format!(
                "<text x=\"{}\" y=\"{}\" font-size=\"11\" fill=\"{ink}\">{:.0} %</text>",
                x + CELL / 2,
                y + CELL / 2 + 18,
                100.0 * share
            ));
        }
    }
    let foot = TOP + side + 26;
    add(format!(
        "<text x=\"{centre}\" y=\"{foot}\" font-size=\"12\" fill=\"#555555\">Number of clips, and their share of \
         the row: the clips that portray that emotion.</text>"
    ));
    svg.push_str("</svg>\n");
    svg
}

/// The confusion matrix as a table: a row for each true emotion, a column for each predicted one.
pub fn confusion_csv(confusion: &Confusion) -> String {
    let mut csv = "true\\predicted".to_owned();
    for emotion in Emotion::ALL {
        let _ = write!(csv, ",{emotion}");
    }
    csv.push('\n');
    for (emotion, counts) in Emotion::ALL.iter().zip(confusion) {
        csv.push_str(emotion.name());
        for count in counts {
            let _ = write!(csv, ",{count}");
        }
        csv.push('\n');
    }
    csv
}

/// From near white to dark blue; the root keeps small shares visible.
fn shade(share: f64) -> String {
    let mix =
        |light: f64, dark: f64| (light + (dark - light) * share.clamp(0.0, 1.0).powf(0.7)).round() as u8;
    format!("#{:02x}{:02x}{:02x}", mix(243.0, 12.0), mix(246.0, 68.0), mix(250.0, 124.0))
}

/// Text that may stand in XML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn scores() -> Scores {
        let mut rows = Vec::new();
        let mut labels = Vec::new();
        for (truth, predicted, count) in [(0, 0, 30), (0, 3, 10), (4, 4, 7), (7, 2, 1)] {
            for _ in 0..count {
                let mut row = [0.0; 8];
                row[predicted] = 0.9;
                rows.push(row);
                labels.push(Emotion::ALL[truth]);
            }
        }
        Scores::new(&rows, &labels).unwrap()
    }

    #[test]
    fn the_table_has_a_row_for_each_true_emotion() {
        let csv = confusion_csv(&scores().confusion);
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(lines[0], "true\\predicted,neutral,calm,happy,sad,angry,fear,disgust,surprise");
        assert_eq!(lines[1], "neutral,30,0,0,10,0,0,0,0");
        assert_eq!(lines[8], "surprise,0,0,1,0,0,0,0,0");
        assert_eq!(lines.len(), 9);
    }

    #[test]
    fn the_picture_is_well_formed_and_shows_counts_and_shares() {
        let svg = confusion_svg("a & b < c", &scores());
        assert!(svg.contains("a &amp; b &lt; c") && !svg.contains("a & b"));
        for text in [">30<", ">75 %<", ">10<", ">25 %<", ">n = 40<", ">100 %<", "48 clips, WA 77.1 %"] {
            assert!(svg.contains(text), "{text}");
        }
        assert_eq!(svg.matches("<rect").count(), 1 + 64);
        // Every opened element is closed.
        let opened = svg.matches('<').count() - svg.matches("</").count();
        assert_eq!(opened, svg.matches("</").count() + svg.matches("/>").count());
    }

    #[test]
    fn shades_run_from_light_to_dark() {
        assert_eq!(shade(0.0), "#f3f6fa");
        assert_eq!(shade(1.0), "#0c447c");
        assert_eq!(shade(7.0), shade(1.0));
    }
}
