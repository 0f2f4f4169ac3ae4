//! The report's tables, as Markdown: every protocol beside its anchors, its parts, the trainings.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use anyhow::Result;

use super::escape;
use crate::{
    figures::{Figures, scores, select},
    metrics::Scores,
    protocol::Protocol,
    results::{Answer, RunRecord},
};

/// The title of the table in which only some speakers stand.
const WORST_SPEAKERS: &str = "worst speakers";

/// How many of the worst speakers are named.
const WORST: usize = 10;

/// Speakers with fewer clips are not ranked.
const LEAST_CLIPS: usize = 20;

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

/// The network that this one is compared with: the last, for all but itself.
pub(super) fn baseline_of<'a>(overview: &Overview, overviews: &'a [Overview]) -> Option<&'a Overview> {
    overviews.last().filter(|last| last.network != overview.network)
}

/// The baseline's figures for the same protocol and track.
fn counterpart<'a>(figures: &Figures, baseline: Option<&'a Overview>) -> Option<&'a Figures> {
    baseline?.figures.iter().find(|other| other.id() == figures.id())
}

/// The columns of the baseline: their names.
fn baseline_header(baseline: Option<&Overview>) -> String {
    baseline.map(|Overview { network, .. }| format!(" {network}: WA | UA |")).unwrap_or_default()
}

/// The columns of the baseline: its figures, or nothing where it has none.
fn baseline_cells(baseline: Option<&Overview>, scores: Option<&Scores>) -> String {
    match (baseline, scores) {
        (None, _) => String::new(),
        (_, None) => "  |  |".to_owned(),
        (_, Some(scores)) => format!(" {} | {} |", pc(scores.wa), pc(scores.ua)),
    }
}

/// The line under a table's header, Markdown.
fn rule(columns: usize, baseline: Option<&Overview>) -> String {
    format!("|{}", "---|".repeat(columns + if baseline.is_some() { 2 } else { 0 }))
}

/// Every protocol beside its anchors, Markdown.
pub(super) fn protocols(figures: &[Figures], baseline: Option<&Overview>) -> String {
    let mut text = format!(
        "| protocol | clips | WA | 95 % | UA | macro F1 | ECE |{} compact networks | larger references |\n{}\n",
        baseline_header(baseline),
        rule(9, baseline)
    );
    for figures in figures {
        let (scores, wa) = (&figures.scores, &figures.intervals.wa);
        let [compact, larger] = anchors(figures.protocol);
        let other = counterpart(figures, baseline).map(|other| &other.scores);
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} to {} | {} | {} | {} |{} {compact} | {larger} |",
            figures.id(),
            scores.n,
            pc(scores.wa),
            pc(wa.lo),
            pc(wa.hi),
            pc(scores.ua),
            pc(scores.macro_f1),
            pc(scores.ece),
            baseline_cells(baseline, other)
        );
    }
    text
}

/// One line a training, Markdown.
pub(super) fn trainings(records: &[RunRecord]) -> String {
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

/// The answers' figures by what `key` makes of each; those of which it makes nothing are left out.
fn by(figures: &Figures, key: &dyn Fn(&Answer) -> Option<String>) -> Result<Rows> {
    let names: BTreeSet<String> = figures.answers.iter().filter_map(|(answer, _)| key(answer)).collect();
    let part = |name: String| {
        let answers = select(&figures.answers, |answer| key(answer).as_deref() == Some(&name));
        Ok((name, scores(&answers)?))
    };
    names.into_iter().map(part).collect()
}

/// A protocol's figures by corpus, sex, intensity, and for the speakers that fare worst, each a Markdown table.
pub(super) fn breakdowns(figures: &Figures, baseline: Option<&Overview>) -> Result<Vec<String>> {
    type Key = fn(&Answer) -> Option<String>;
    let keys: [(&str, Key); 4] = [
        ("corpus", |answer| Some(answer.corpus.name().to_owned())),
        ("sex", |answer| Some(format!("{:?}", answer.sex))),
        ("intensity", |answer| Some(format!("{} {}", answer.corpus, answer.intensity.clone()?))),
        (WORST_SPEAKERS, |answer| Some(answer.speaker.clone())),
    ];
    let other = counterpart(figures, baseline);
    let mut tables = Vec::new();
    for (title, key) in keys {
        let mut rows = by(figures, &key)?;
        if title == WORST_SPEAKERS {
            rows.retain(|(_, scores)| scores.n >= LEAST_CLIPS);
            rows.sort_by(|a, b| a.1.wa.total_cmp(&b.1.wa));
            rows.truncate(WORST);
        }
        if rows.len() < 2 {
            continue;
        }
        let others: BTreeMap<String, Scores> =
            other.map(|other| by(other, &key)).transpose()?.into_iter().flatten().collect();
        let baseline = baseline.filter(|_| other.is_some());
        let mut text =
            format!("| {title} | clips | WA | UA |{}\n{}\n", baseline_header(baseline), rule(4, baseline));
        for (name, scores) in rows {
            let _ = writeln!(
                text,
                "| {name} | {} | {} | {} |{}",
                scores.n,
                pc(scores.wa),
                pc(scores.ua),
                baseline_cells(baseline, others.get(&name))
            );
        }
        tables.push(text);
    }
    Ok(tables)
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

/// A fraction in per cent.
pub(super) fn pc(fraction: f64) -> String {
    format!("{:.1}", 100.0 * fraction)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        corpora::{Corpus, Sex},
        protocol::Track,
        train::recipe::Recipe,
    };
    use speech_emotion::Emotion;

    /// The random protocol, of two clips: one network's guess at each.
    fn overview(network: &str, guesses: [Emotion; 2]) -> Overview {
        let answer = |(corpus, sex, guess): (Corpus, Sex, Emotion)| {
            let mut probabilities = [0.0; Emotion::COUNT];
            probabilities[guess.index()] = 1.0;
            Answer {
                clip: String::new(),
                corpus,
                speaker: format!("{corpus}/1"),
                sex,
                intensity: None,
                emotion: Emotion::Sad,
                heard: None,
                probabilities,
            }
        };
        let clips = [(Corpus::Savee, Sex::M, guesses[0]), (Corpus::Tess, Sex::F, guesses[1])];
        let record = RunRecord {
            training: "combined-random".to_owned(),
            network: network.to_owned(),
            seed: 1,
            revision: String::new(),
            recipe: Recipe::default(),
            settings: Vec::new(),
            clips: [0, 0, 2],
            parameters: 0,
            flops: 0,
            weights_bytes: 0,
            best_epoch: 0,
            temperature: 1.0,
            unsure_below: 0.0,
            guide: None,
            history: Vec::new(),
            valid: Vec::new(),
            test: clips.map(answer).to_vec(),
        };
        let figures = Figures::new(Protocol::CombinedRandom, Track::Pooled, std::slice::from_ref(&record))
            .expect("figures");
        Overview { network: network.to_owned(), figures: vec![figures], records: vec![record] }
    }

    #[test]
    fn the_last_networks_figures_stand_beside_the_others() -> Result<()> {
        let both = [overview("ours", [Emotion::Sad; 2]), overview("plain", [Emotion::Sad, Emotion::Fear])];
        let plain = baseline_of(&both[0], &both);
        let table = protocols(&both[0].figures, plain);
        let lines: Vec<&str> = table.lines().collect();
        assert!(lines[0].contains("| ECE | plain: WA | UA | compact networks |"), "{table}");
        assert!(lines[2].starts_with("| combined-random | 2 | 100.0 |"), "{table}");
        assert!(lines[2].contains("| 50.0 | 50.0 | 64 to 77 |"), "{table}");
        let tables = breakdowns(&both[0].figures[0], plain)?;
        assert_eq!(tables.len(), 2, "by corpus and by sex: {tables:?}");
        assert!(tables[0].contains("| SAVEE | 1 | 100.0 | 100.0 | 100.0 | 100.0 |"), "{}", tables[0]);
        assert!(tables[0].contains("| TESS | 1 | 100.0 | 100.0 | 0.0 | 0.0 |"), "{}", tables[0]);
        for table in tables.iter().chain([&table]) {
            let mut columns = table.lines().map(|line| line.matches('|').count());
            let first = columns.next();
            assert!(columns.all(|others| Some(others) == first), "{table}");
        }
        Ok(())
    }

    #[test]
    fn what_the_baseline_lacks_is_left_empty_and_itself_has_no_baseline() -> Result<()> {
        let mut both = [overview("ours", [Emotion::Sad; 2]), overview("plain", [Emotion::Sad; 2])];
        assert!(baseline_of(&both[1], &both).is_none());
        assert!(!protocols(&both[1].figures, None).contains("plain"));
        both[1].figures.clear();
        let plain = baseline_of(&both[0], &both);
        assert!(protocols(&both[0].figures, plain).contains("|  |  | 64 to 77 |"));
        assert!(!breakdowns(&both[0].figures[0], plain)?.concat().contains("plain"));
        Ok(())
    }
}
