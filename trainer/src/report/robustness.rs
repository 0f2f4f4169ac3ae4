//! The robustness table, and accuracy over the signal-to-noise ratio.

use std::fmt::Write;

use super::{
    escape,
    tables::{html_table, pc},
};
use crate::robustness::{BABBLE, Group, Robustness, Row, SNR_DB};

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 400.0;
/// Where the axes begin and end; right of them stand the names.
const LEFT: f64 = 44.0;
const RIGHT: f64 = 500.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = HEIGHT - 50.0;

/// Each is drawn whole, then dashed, then dotted.
const COLOURS: [&str; 6] = ["#0072b2", "#b3541e", "#007a5a", "#c03a8e", "#5b4bb0", "#7a6a00"];

/// The table as Markdown, with what was heard and what was aimed at.
pub fn robustness_markdown(robustness: &Robustness) -> String {
    let mut text = format!("{}\n\n{}", said(robustness), table(&robustness.rows));
    for line in aims(robustness) {
        let _ = write!(text, "\n{line}\n");
    }
    text
}

/// The table and the curves as HTML.
pub fn robustness_html(robustness: &Robustness) -> String {
    let mut html = format!("<h2>Robustness</h2>\n<p>{}</p>\n", escape(&said(robustness)));
    html.push_str(&robustness_svg(robustness));
    for line in aims(robustness) {
        let _ = writeln!(html, "<p>{}</p>", escape(&line));
    }
    html + &html_table(&table(&robustness.rows))
}

fn said(robustness: &Robustness) -> String {
    let clips = robustness.clean().map_or(0, |row| row.n);
    format!(
        "The weights {} on the {clips} clips that validate in the training {}; seed {}, revision {}. The network answers \
         whatever the speech gate says; beside it stands how many clips the gate lets through. A clip moves by the \
         greatest change of its eight probabilities against the clean clip. Per cent, and points.",
        robustness.weights.get(..12).unwrap_or_default(),
        robustness.training,
        robustness.seed,
        robustness.revision
    )
}

fn table(rows: &[Row]) -> String {
    let mut text = "| condition | SNR, dB | WA | UA | points lost | answers unchanged | gate open | moves, median | 99 % \
                    | most |\n|---|---|---|---|---|---|---|---|---|---|\n"
        .to_owned();
    for row in rows {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            row.condition,
            row.snr_db.map_or(String::new(), |snr| snr.to_string()),
            pc(row.wa),
            pc(row.ua),
            pc(row.lost),
            pc(row.unchanged),
            pc(row.speech),
            pc(row.moved.median),
            pc(row.moved.p99),
            pc(row.moved.most)
        );
    }
    text
}

/// What was aimed at, and what came of it.
fn aims(robustness: &Robustness) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(row) = robustness.babble() {
        lines.push(format!("Babble at 20 dB costs {} points; at most 4 is the aim.", pc(row.lost)));
    }
    let same = |groups: &[Group]| {
        let rows = robustness.rows.iter().filter(|row| groups.contains(&row.group));
        rows.min_by(|a, b| a.unchanged.total_cmp(&b.unchanged))
    };
    for (what, groups) in [
        ("Gain, offset, hum and the sample rates that hold the whole band", &[Group::Level, Group::Rate][..]),
        ("Sample rates that hold less", &[Group::NarrowRate]),
    ] {
        if let Some(row) = same(groups) {
            lines.push(format!(
                "{what} change at most {} % of the answers ({}); at most 2 % is the aim.",
                pc(1.0 - row.unchanged),
                row.condition
            ));
        }
    }
    lines
}

/// Accuracy over the signal-to-noise ratio, a line for each kind of noise, babble in black.
pub fn robustness_svg(robustness: &Robustness) -> String {
    let Some(clean) = robustness.clean() else { return String::new() };
    let mut kinds: Vec<(&str, Vec<&Row>)> = Vec::new();
    for row in robustness.rows.iter().filter(|row| row.group == Group::Noise) {
        match kinds.iter_mut().find(|(name, _)| *name == row.condition) {
            Some((_, rows)) => rows.push(row),
            None => kinds.push((&row.condition, vec![row])),
        }
    }
    // The legend stands in the order in which the lines end.
    let last = |rows: &[&Row]| rows.last().map_or(0.0, |row| row.wa);
    kinds.sort_by(|a, b| last(&b.1).total_cmp(&last(&a.1)));
    let best = robustness.rows.iter().map(|row| row.wa).fold(clean.wa, f64::max);
    let top = ((10.0 * best).floor() + 1.0) / 10.0;
    let at = |place: usize, wa: f64| {
        let x = LEFT + (RIGHT - LEFT) * place as f64 / SNR_DB.len() as f64;
        (x, BOTTOM - (BOTTOM - TOP) * (wa / top).clamp(0.0, 1.0))
    };
    let mut content = axes(top, &at);
    let mut styles =
        ["none", "6 3", "2 3"].iter().flat_map(|dash| COLOURS.map(|colour| (colour, *dash, 2))).cycle();
    for (number, (name, rows)) in kinds.iter().enumerate() {
        let style = if *name == BABBLE { None } else { styles.next() };
        let (colour, dash, width) = style.unwrap_or(("#1a1a1a", "none", 3));
        let (x, y) = at(0, clean.wa);
        let mut path = format!("M{x:.1} {y:.1}");
        for row in rows {
            let place = SNR_DB.iter().position(|snr| Some(*snr) == row.snr_db).map_or(0, |place| place + 1);
            let (x, y) = at(place, row.wa);
            let _ = write!(path, "L{x:.1} {y:.1}");
        }
        let stroke =
            format!("fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" stroke-dasharray=\"{dash}\"");
        let y = TOP + 8.0 + 18.0 * number as f64;
        let _ = writeln!(
            content,
            "<path d=\"{path}\" {stroke}/>\n<path d=\"M{} {y}h24\" {stroke}/>\n<text x=\"{}\" y=\"{}\">{}, {}</text>",
            RIGHT + 16.0,
            RIGHT + 46.0,
            y + 4.0,
            escape(name),
            pc(last(rows))
        );
    }
    let height = HEIGHT.max(TOP + 18.0 * (kinds.len() + 1) as f64);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" \
         role=\"img\" font-family=\"system-ui, sans-serif\" font-size=\"12\" fill=\"#1a1a1a\">\n<title>Accuracy over the \
         signal-to-noise ratio</title>\n<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#ffffff\"/>\n<text x=\"{LEFT}\" \
         y=\"20\" font-weight=\"600\">Accuracy over the signal-to-noise ratio</text>\n<text x=\"{}\" y=\"20\">at 0 dB, \
         %</text>\n{content}</svg>\n",
        RIGHT + 16.0
    )
}

/// The axes with their numbers.
fn axes(top: f64, at: &impl Fn(usize, f64) -> (f64, f64)) -> String {
    let mut content =
        format!("<path d=\"M{LEFT} {TOP}V{BOTTOM}H{RIGHT}\" fill=\"none\" stroke=\"#888888\"/>\n");
    for ten in (0..=(10.0 * top).round() as usize).step_by(2) {
        let (x, y) = at(0, ten as f64 / 10.0);
        let _ = writeln!(
            content,
            "<path d=\"M{LEFT} {y:.1}H{RIGHT}\" stroke=\"#dddddd\"/><text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{} %</text>",
            x - 6.0,
            y + 4.0,
            10 * ten
        );
    }
    let names = std::iter::once("clean".to_owned()).chain(SNR_DB.map(|snr| format!("{snr} dB")));
    for (place, name) in names.enumerate() {
        let (x, y) = at(place, 0.0);
        let _ =
            writeln!(content, "<text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{name}</text>", y + 18.0);
    }
    content
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::robustness::{CLEAN, Moved};

    fn row(condition: &str, group: Group, snr_db: Option<f32>, wa: f64, unchanged: f64) -> Row {
        let moved = Moved { median: 0.01, p99: 0.2, most: 0.3 };
        let (n, lost) = (200, 0.6 - wa);
        Row { condition: condition.into(), group, snr_db, n, wa, ua: wa, lost, unchanged, speech: 1.0, moved }
    }

    fn robustness() -> Robustness {
        let mut rows = vec![row(CLEAN, Group::Clean, None, 0.6, 1.0)];
        for (name, per_step) in [("rain & wind", 0.1), (BABBLE, 0.05)] {
            for (step, snr) in SNR_DB.into_iter().enumerate() {
                rows.push(row(name, Group::Noise, Some(snr), 0.6 - per_step * (step + 1) as f64, 0.8));
            }
        }
        rows.push(row("+20 dB gain", Group::Level, None, 0.6, 0.995));
        rows.push(row("50 Hz hum", Group::Level, None, 0.58, 0.96));
        rows.push(row("8 kHz", Group::NarrowRate, None, 0.4, 0.7));
        Robustness {
            weights: "abcdef0123456789".into(),
            training: "everything".into(),
            seed: 1,
            revision: "r".into(),
            rows,
        }
    }

    #[test]
    fn the_table_has_a_line_for_each_condition_and_says_what_was_aimed_at() {
        let text = robustness_markdown(&robustness());
        assert!(
            text.contains("| babble | 20 | 55.0 | 55.0 | 5.0 | 80.0 | 100.0 | 1.0 | 20.0 | 30.0 |"),
            "{text}"
        );
        assert!(text.contains("Babble at 20 dB costs 5.0 points"), "{text}");
        assert!(text.contains("change at most 4.0 % of the answers (50 Hz hum)"), "{text}");
        assert!(text.contains("hold less change at most 30.0 % of the answers (8 kHz)"), "{text}");
        assert_eq!(text.lines().filter(|line| line.starts_with('|')).count(), 2 + 12);
    }

    #[test]
    fn curves_fall_as_the_figures_do() {
        let svg = robustness_svg(&robustness());
        // 60 % of at most 70 %, and 20 % at 0 dB: of 310 pixels from 350 up.
        assert!(svg.contains("M44.0 84.3L158.0 128.6L272.0 172.9L386.0 217.1L500.0 261.4"), "{svg}");
        assert!(svg.contains("rain &amp; wind, 20.0") && svg.contains("babble, 40.0"), "{svg}");
        assert!(svg.find("babble, 40.0") < svg.find("rain &amp; wind, 20.0"));
        assert!(robustness_html(&robustness()).contains("<td>rain &amp; wind</td>"));
    }

    #[test]
    fn no_rows_are_no_trouble() {
        let empty = Robustness { rows: Vec::new(), ..robustness() };
        assert!(robustness_svg(&empty).is_empty() && aims(&empty).is_empty());
    }
}
