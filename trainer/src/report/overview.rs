//! The whole table: every protocol beside its anchors, with what is known of where the network fails.

use std::{collections::BTreeMap, fmt::Write};

use anyhow::Result;

use super::{confusion_svg, curves, escape, robustness_html, robustness_markdown};
use crate::{
    figures::{Figures, scores, select},
    metrics::Scores,
    protocol::Protocol,
    results::{Answer, RunRecord},
    robustness::Robustness,
};

/// How many of the worst speakers are named.
const WORST: usize = 10;

/// Speakers with fewer clips are not ranked.
const LEAST_CLIPS: usize = 20;

/// What others found on the protocol: compact networks, then larger references.
pub const fn anchors(protocol: Protocol) -> [&'static str; 2] {
    match protocol {
        Protocol::CombinedRandom => ["64 to 77", ""],
        Protocol::CombinedSpeaker => ["44.2 (MFCC and LSTM)", "HuBERT-base fine-tuned 68.3"],
        Protocol::RavdessLuna => [
            "UA 62.3 +- 1.2 (ResLSTM-SA, 46.8 k parameters)",
            "listeners UA 67.0; CNN14 fine-tuned UA 76.6 (81 M)",
        ],
        Protocol::RavdessEmobox => {
            ["", "UA: wav2vec2-base 54.3, HuBERT-base 65.4, WavLM-large 72.0, Whisper-large-v3 75.3"]
        }
        Protocol::CremaEvar => [
            "62 to 64 on other splits",
            "CNN14 51.8, AST 58.4, TRILL 58.8, BYOL-A 63.8, Whisper-base 70.8, M2D 73.0",
        ],
        Protocol::CremaVotes => ["", "one listener against the others' plurality 59.2 / 53.0"],
        Protocol::SaveeLoso => ["UA 65 (ensemble)", "UA: WavLM-large 66.7, HuBERT-large 71.9"],
        Protocol::TessCross => ["UA 17 to 25", ""],
        Protocol::CrossCorpus => {
            ["UA 31 (CREMA-D to RAVDESS), 17 (back)", "frozen WavLM-base+ UA 58.3, 37.7"]
        }
        Protocol::Legacy => ["57 to 97 (leaky)", ""],
    }
}

/// The report of one network.
#[derive(Debug)]
pub struct Overview {
    /// The network's name.
    pub network: String,
    /// Its protocols.
    pub figures: Vec<Figures>,
    /// Its trainings.
    pub records: Vec<RunRecord>,
}

/// The report as Markdown.
///
/// # Errors
/// When a part can't be scored.
pub fn markdown(overviews: &[Overview], robustness: Option<&Robustness>) -> Result<String> {
    let mut text = "# Results\n\nWA is accuracy, UA the mean recall over emotions, ECE the calibration error over 15 bins \
                    after temperature; per cent. Intervals are 95 %, by bootstrap over speakers (over clips for \
                    `combined-random` and `legacy`). `legacy` leaks on purpose.\n"
        .to_owned();
    for overview in overviews {
        let _ = write!(text, "\n## Network `{}`\n\n", overview.network);
        text.push_str(&table(&overview.figures));
        for figures in &overview.figures {
            let _ = write!(text, "\n### `{}`\n\n", figures.id());
            for (title, rows) in breakdowns(figures)? {
                let _ = write!(text, "| {title} | clips | WA | UA |\n|---|---|---|---|\n");
                for (name, scores) in rows {
                    let _ =
                        writeln!(text, "| {name} | {} | {} | {} |", scores.n, pc(scores.wa), pc(scores.ua));
                }
                text.push('\n');
            }
        }
        text.push_str(&trainings(&overview.records));
    }
    if let Some(robustness) = robustness {
        let _ = write!(text, "\n## Robustness\n\n{}", robustness_markdown(robustness));
    }
    Ok(text)
}

/// The report as one HTML file that needs nothing else.
///
/// # Errors
/// When a part can't be scored.
pub fn html(overviews: &[Overview], robustness: Option<&Robustness>) -> Result<String> {
    let mut body = String::new();
    for overview in overviews {
        let _ = write!(
            body,
            "<h2>Network {}</h2>\n{}",
            escape(&overview.network),
            html_table(&table(&overview.figures))
        );
        for figures in &overview.figures {
            let _ = write!(body, "<h3>{}</h3>\n<div class=\"row\">\n", figures.id());
            body.push_str(&confusion_svg(&figures.id(), &figures.scores));
            let answers: Vec<_> =
                figures.answers.iter().map(|(answer, label)| (answer.probabilities, *label)).collect();
            body.push_str(&curves::reliability(&answers));
            body.push_str("</div>\n");
            let _ = writeln!(
                body,
                "<details><summary>Per class</summary><pre>{}</pre></details>",
                escape(&super::classification_report(&figures.scores))
            );
            for (title, rows) in breakdowns(figures)? {
                let mut markdown = format!("| {title} | clips | WA | UA |\n|---|---|---|---|\n");
                for (name, scores) in rows {
                    let _ = writeln!(
                        markdown,
                        "| {name} | {} | {} | {} |",
                        scores.n,
                        pc(scores.wa),
                        pc(scores.ua)
                    );
                }
                body.push_str(&html_table(&markdown));
            }
        }
        body.push_str("<h3>Learning curves</h3>\n<div class=\"row\">\n");
        for record in &overview.records {
            body.push_str(&curves::learning(
                &format!("{}, seed {}", record.training, record.seed),
                &record.history,
            ));
        }
        let _ = write!(body, "</div>\n{}", html_table(&trainings(&overview.records)));
    }
    body.push_str(&robustness.map(robustness_html).unwrap_or_default());
    Ok(format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Results</title>\n<style>\nbody {{ font: 16px/1.5 \
         system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff }}\n\
         table {{ border-collapse: collapse; margin: 1rem 0 }}\ntd, th {{ border-bottom: 1px solid #ddd; padding: .3rem \
         .8rem; text-align: left }}\ntd:not(:first-child) {{ font-variant-numeric: tabular-nums }}\n.row {{ display: flex; \
         flex-wrap: wrap; gap: 1rem; align-items: start }}\nsvg {{ max-width: 100%; height: auto }}\n</style>\n\
         <h1>Results</h1>\n<p>WA is accuracy, UA the mean recall over emotions, ECE the calibration error over 15 bins after \
         temperature; per cent. Intervals are 95 %, by bootstrap over speakers (over clips for combined-random and \
         legacy). legacy leaks on purpose.</p>\n{body}</html>\n"
    ))
}

/// Every protocol beside its anchors, Markdown.
fn table(figures: &[Figures]) -> String {
    let mut text =
        "| protocol | clips | WA | 95 % | UA | macro F1 | ECE | compact networks | larger references |\n\
                    |---|---|---|---|---|---|---|---|---|\n"
            .to_owned();
    for figures in figures {
        let (scores, wa) = (&figures.scores, &figures.intervals.wa);
        let [compact, larger] = anchors(figures.protocol);
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} to {} | {} | {} | {} | {compact} | {larger} |",
            figures.id(),
            scores.n,
            pc(scores.wa),
            pc(wa.lo),
            pc(wa.hi),
            pc(scores.ua),
            pc(scores.macro_f1),
            pc(scores.ece)
        );
    }
    text
}

/// One line a training, Markdown.
fn trainings(records: &[RunRecord]) -> String {
    let mut text = "\n| training | seed | clips (train, valid, test) | epoch | temperature | unsure below | valid WA \
                    before the steps, as shipped | windows/s | revision |\n|---|---|---|---|---|---|---|---|---|\n"
        .to_owned();
    for record in records {
        let speeds: Vec<f64> = record.history.iter().map(|epoch| epoch.samples_per_second).collect();
        let speed = speeds.iter().sum::<f64>() / speeds.len().max(1) as f64;
        let [train, valid, test] = record.clips;
        let (single, bytes) = record.quantisation();
        let _ = writeln!(
            text,
            "| {} | {} | {train}, {valid}, {test} | {} of {} | {:.2} | {:.2} | {}, {} | {speed:.0} | {} |",
            record.training,
            record.seed,
            record.best_epoch,
            record.history.len(),
            record.temperature,
            record.unsure_below,
            pc(single),
            pc(bytes),
            record.revision
        );
    }
    text
}

type Rows = Vec<(String, Scores)>;

/// A protocol's answers by corpus, sex, intensity, and the speakers that fare worst.
fn breakdowns(figures: &Figures) -> Result<Vec<(&'static str, Rows)>> {
    let by = |key: &dyn Fn(&Answer) -> Option<String>| -> Result<Rows> {
        let mut names: BTreeMap<String, ()> = BTreeMap::new();
        names.extend(figures.answers.iter().filter_map(|(answer, _)| Some((key(answer)?, ()))));
        let part = |name: String| {
            let answers = select(&figures.answers, |answer| key(answer).as_deref() == Some(&name));
            Ok((name, scores(&answers)?))
        };
        names.into_keys().map(part).collect()
    };
    let mut speakers = by(&|answer| Some(answer.speaker.clone()))?;
    speakers.retain(|(_, scores)| scores.n >= LEAST_CLIPS);
    speakers.sort_by(|a, b| a.1.wa.total_cmp(&b.1.wa));
    speakers.truncate(WORST);
    let mut parts = vec![
        ("corpus", by(&|answer| Some(answer.corpus.name().to_owned()))?),
        ("sex", by(&|answer| Some(format!("{:?}", answer.sex)))?),
        ("intensity", by(&|answer| Some(format!("{} {}", answer.corpus, answer.intensity.clone()?)))?),
        ("worst speakers", speakers),
    ];
    parts.retain(|(_, rows)| rows.len() > 1);
    Ok(parts)
}

/// A Markdown table as HTML.
pub(super) fn html_table(markdown: &str) -> String {
    let mut html = "<table>\n".to_owned();
    for (number, line) in markdown.lines().filter(|line| line.starts_with('|')).enumerate() {
        if number == 1 {
            continue;
        }
        let tag = if number == 0 { "th" } else { "td" };
        let cells =
            line.trim_matches('|').split('|').map(|cell| format!("<{tag}>{}</{tag}>", escape(cell.trim())));
        let _ = writeln!(html, "<tr>{}</tr>", cells.collect::<String>());
    }
    html + "</table>\n"
}

pub(super) fn pc(fraction: f64) -> String {
    format!("{:.1}", 100.0 * fraction)
}
