//! The whole report: every network's protocols, with what is known of where it fails.

use std::fmt::Write;

use anyhow::Result;

use super::{
    confusion_svg, curves, escape, robustness_html, robustness_markdown,
    tables::{Overview, baseline_of, breakdowns, html_table, protocols, trainings},
};
use crate::robustness::Robustness;

/// The report as Markdown. The last network is the others' baseline, whose figures stand beside theirs.
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
        let baseline = baseline_of(overview, overviews);
        text.push_str(&protocols(&overview.figures, baseline));
        for figures in &overview.figures {
            let _ = write!(text, "\n### `{}`\n\n", figures.id());
            for table in breakdowns(figures, baseline)? {
                text.push_str(&table);
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

/// The report as one HTML file that needs nothing else, with the last network as the others' baseline.
///
/// # Errors
/// When a part can't be scored.
pub fn html(overviews: &[Overview], robustness: Option<&Robustness>) -> Result<String> {
    let mut body = String::new();
    for overview in overviews {
        let baseline = baseline_of(overview, overviews);
        let _ = write!(
            body,
            "<h2>Network {}</h2>\n{}",
            escape(&overview.network),
            html_table(&protocols(&overview.figures, baseline))
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
            for table in breakdowns(figures, baseline)? {
                body.push_str(&html_table(&table));
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
