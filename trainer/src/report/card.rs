//! The model card: what the weights are, how good, for what and for what not.
//!
//! Mitchell et al. (2019), "Model Cards for Model Reporting".

use std::{collections::BTreeMap, fmt::Write};

use serde::Serialize;
use speech_emotion::Emotion;

use crate::{
    corpora::Corpus,
    figures::Figures,
    metrics::Scores,
    protocol::{Track, Training},
    results::RunRecord,
};

/// The licences of the corpora, and what they ask of the weights.
const LICENCES: [(Corpus, &str); 4] = [
    (Corpus::Ravdess, "CC BY-NC-SA 4.0"),
    (Corpus::CremaD, "ODbL 1.0 (contents DbCL 1.0)"),
    (Corpus::Tess, "CC BY-NC-ND 4.0"),
    (Corpus::Savee, "research use, no redistribution"),
];
const WEIGHTS_LICENCE: &str =
    "The weights are for non-commercial use with attribution of the four corpora, whose terms they carry.";
const GUIDE_LICENCE: &str = "MIT (Moonshine's tiny English encoder, by Moonshine AI): its outputs taught the weights, nothing of it ships.";
const CREMA_D_WEIGHTS_LICENCE: &str =
    "The weights are for any use with attribution of CREMA-D, whose terms they carry.";
const INTENDED_USE: [&str; 3] = [
    "Research, teaching and demonstrations of speech emotion recognition on the device of the person who speaks.",
    "Short clips of English speech by one adult at a time.",
    "What the model reports is a portrayed or perceived emotion, never what someone feels.",
];
const NOT_FOR: [&str; 3] = [
    "Inferring emotions of people at work or in education: prohibited by the EU AI Act, article 5(1)(f).",
    "Any decision about a person: hiring, credit, insurance, health, policing, border control.",
    "Listening to people who have not agreed to it.",
];
const NOT_COMMERCIAL: &str = "Commercial use, which the corpora's licences exclude.";
const LISTENERS: &str =
    "On CREMA-D one human listener finds the intended emotion by voice alone in 40 % of the clips.";
const LIMITS: [&str; 4] = [
    "All four corpora are acted, in English, mostly by young North American and British adults; spontaneous \
     speech, other languages and other ages were not measured.",
    "`calm` exists only in RAVDESS and `surprise` not in CREMA-D, so that part of eight-class accuracy is \
     recognising the corpus: see the figures per corpus.",
    "SAVEE's speakers all say the same sentences, most of them in one emotion only, and the network learnt to tell \
     these apart: its figures there are mostly words, which other people's sentences won't have.",
    LISTENERS,
];
const CREMA_D_LIMITS: [&str; 2] = [
    "CREMA-D is acted: twelve English sentences by 91 North American adults. Spontaneous speech, other words, other \
     languages and other ages were not measured.",
    LISTENERS,
];

/// The weights' file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WeightsFile {
    /// Its name.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, hexadecimal.
    pub sha256: String,
}

/// The figures of one corpus within a protocol, fractions of 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CorpusFigures {
    /// Weighted accuracy.
    pub wa: f64,
    /// Unweighted accuracy over the emotions that the corpus has.
    pub ua: f64,
    /// How many clips were scored.
    pub n: usize,
}

/// How good the answers are that are not unsure, fractions of 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SureFigures {
    /// Their share of all.
    pub share: f64,
    /// How many of them are right.
    pub wa: f64,
    /// How many of the others are.
    pub wa_of_unsure: f64,
}

/// The figures of one protocol, fractions of 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProtocolFigures {
    /// What it trains on: `pooled`, all four corpora less the test speakers, or `own`, one corpus.
    pub track: Track,
    /// Weighted accuracy.
    pub wa: f64,
    /// Unweighted accuracy.
    pub ua: f64,
    /// Mean F1 over emotions.
    pub macro_f1: f64,
    /// Expected calibration error, 15 bins.
    pub ece: f64,
    /// How many clips were scored.
    pub n: usize,
    /// The seeds of the trainings.
    pub seeds: Vec<u64>,
    /// The 95 % interval of `wa` by bootstrap.
    pub ci95: [f64; 2],
    /// Corpus by corpus.
    pub per_corpus: BTreeMap<String, CorpusFigures>,
    /// What the threshold for unsure answers does.
    pub sure: SureFigures,
}

impl ProtocolFigures {
    /// A protocol's figures, rounded.
    pub fn new(figures: &Figures) -> Self {
        let Figures { scores, intervals, seeds, per_corpus, track, sure, .. } = figures;
        let part = |(corpus, scores): (&Corpus, &Scores)| {
            let figures = CorpusFigures { wa: rounded(scores.wa), ua: rounded(scores.ua), n: scores.n };
            (corpus.name().to_owned(), figures)
        };
        Self {
            track: *track,
            wa: rounded(scores.wa),
            ua: rounded(scores.ua),
            macro_f1: rounded(scores.macro_f1),
            ece: rounded(scores.ece),
            n: scores.n,
            seeds: seeds.clone(),
            ci95: [rounded(intervals.wa.lo), rounded(intervals.wa.hi)],
            per_corpus: per_corpus.iter().map(part).collect(),
            sure: SureFigures {
                share: rounded(sure.share),
                wa: rounded(sure.wa),
                wa_of_unsure: rounded(sure.wa_of_unsure),
            },
        }
    }
}

/// The card.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Card {
    /// The emotions that it tells apart, in the order of the probabilities; the others' are 0.
    pub classes: Vec<&'static str>,
    /// How many numbers the network holds.
    pub parameters: usize,
    /// Operations for 3 s of speech, a multiply-add counting as two.
    pub flops: usize,
    /// Their file.
    pub weights: WeightsFile,
    /// The confidence below which an answer is unsure.
    pub unsure_below: f64,
    /// What the shipped weights were trained on, in words.
    pub training: String,
    /// The command that made them.
    pub command: String,
    /// Its seed.
    pub seed: u64,
    /// The commit that it ran at.
    pub revision: String,
    /// Figures by the protocol's id.
    pub protocols: BTreeMap<String, ProtocolFigures>,
    /// The corpora's licences.
    pub licences: BTreeMap<String, String>,
    /// What the model is for.
    pub intended_use: Vec<&'static str>,
    /// What it is not for.
    pub not_for: Vec<&'static str>,
    /// What is known to be weak.
    pub limits: Vec<&'static str>,
}

impl Card {
    /// A card without figures; add each protocol's to `protocols`.
    pub fn new(
        training: Training,
        parameters: usize,
        flops: usize,
        weights: WeightsFile,
        record: &RunRecord,
    ) -> Self {
        let corpora = training.corpora();
        let present = |emotion: &Emotion| corpora.iter().any(|corpus| corpus.emotions()[emotion.index()]);
        let alone = training == Training::CremaD;
        let of = if alone { "CREMA-D alone" } else { "the four corpora" };
        let mut licences: BTreeMap<String, String> = LICENCES
            .iter()
            .filter(|(corpus, _)| corpora.contains(corpus))
            .map(|(corpus, terms)| (corpus.name().to_owned(), (*terms).to_owned()))
            .collect();
        let terms = if alone { CREMA_D_WEIGHTS_LICENCE } else { WEIGHTS_LICENCE };
        licences.insert("weights".to_owned(), terms.to_owned());
        if record.guide.is_some() {
            licences.insert("guide".to_owned(), GUIDE_LICENCE.to_owned());
        }
        let chose = if record.recipe.stepped_epochs > 0 { "" } else { "chose the epoch and " };
        let mut not_for = NOT_FOR.to_vec();
        not_for.extend((!alone).then_some(NOT_COMMERCIAL));
        Self {
            classes: Emotion::ALL.into_iter().filter(present).map(Emotion::name).collect(),
            parameters,
            flops,
            weights,
            unsure_below: (f64::from(record.unsure_below) * 1e4).round() / 1e4,
            training: format!(
                "Trained on {} clips of {of}; {} more, of other speakers, {chose}fitted the temperature. The \
                 figures are those of the same recipe trained anew for each protocol, on its \
                 training side alone: these weights have heard the test clips.",
                record.clips[0], record.clips[1]
            ),
            command: format!(
                "cargo trainer train{}{}{}",
                if alone { " --crema-d" } else { "" },
                record.guide.as_ref().map_or("", |_| " --guide GUIDE"),
                record.settings.iter().map(|setting| format!(" --set '{setting}'")).collect::<String>()
            ),
            seed: record.seed,
            revision: record.revision.clone(),
            protocols: BTreeMap::new(),
            licences,
            intended_use: INTENDED_USE.to_vec(),
            not_for,
            limits: if alone { CREMA_D_LIMITS.to_vec() } else { LIMITS.to_vec() },
        }
    }

    /// The card for programs, `card.json`.
    ///
    /// # Errors
    /// When a figure can't be written as JSON, which only values that are not numbers could cause.
    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }

    /// The card for people, Markdown.
    pub fn to_markdown(&self) -> String {
        let mut text = format!(
            "# Model card: speech-emotion\n\nA 1-D convolutional network over frame features of speech at 16 kHz; \
             {} parameters in `{}` ({} bytes, SHA-256 `{}`), {:.1} MFLOP for 3 s. {}\n\nMade by `{}` with seed {} at revision {}.\n\nIt gives a probability for each of {}, in this \
             order.\n\n## Figures\n\nWA is accuracy, UA the mean recall over emotions, ECE the expected calibration \
             error over 15 bins; all but the numbers of clips are per cent. The interval is of WA, 95 %, by \
             bootstrap.\n",
            self.parameters,
            self.weights.file,
            self.weights.bytes,
            self.weights.sha256,
            self.flops as f64 / 1e6,
            self.training,
            self.command,
            self.seed,
            self.revision,
            self.classes.join(", ")
        );
        for (protocol, figures) in &self.protocols {
            let seeds: Vec<String> = figures.seeds.iter().map(u64::to_string).collect();
            // Writing to a string can't fail.
            let _ = write!(
                text,
                "\n### `{protocol}`\n\n| | clips | WA | UA | macro F1 | ECE |\n|---|---|---|---|---|---|\n\
                 | all | {} | {} ({} to {}) | {} | {} | {} |\n",
                figures.n,
                percent(figures.wa),
                percent(figures.ci95[0]),
                percent(figures.ci95[1]),
                percent(figures.ua),
                percent(figures.macro_f1),
                percent(figures.ece)
            );
            for (corpus, part) in &figures.per_corpus {
                let _ = writeln!(
                    text,
                    "| {corpus} | {} | {} | {} | | |",
                    part.n,
                    percent(part.wa),
                    percent(part.ua)
                );
            }
            let _ = writeln!(
                text,
                "\n{} % of the answers are sure, and {} % of these are right; of the unsure ones {} %.",
                percent(figures.sure.share),
                percent(figures.sure.wa),
                percent(figures.sure.wa_of_unsure)
            );
            let _ = writeln!(text, "\nSeed{} {}.", if seeds.len() == 1 { "" } else { "s" }, seeds.join(", "));
        }
        let mut section = |title: &str, lines: &mut dyn Iterator<Item = String>| {
            let _ = write!(text, "\n## {title}\n\n");
            for line in lines {
                let _ = writeln!(text, "- {line}");
            }
        };
        let owned = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        section("Intended use", &mut owned(&self.intended_use).into_iter());
        section("Not for", &mut owned(&self.not_for).into_iter());
        section("Limits", &mut owned(&self.limits).into_iter());
        section("Licences", &mut self.licences.iter().map(|(what, terms)| format!("{what}: {terms}")));
        text
    }
}

/// A fraction to five places: of four, the per cent with one decimal that a page makes of it would not always be the report's.
fn rounded(fraction: f64) -> f64 {
    (fraction * 1e5).round() / 1e5
}

fn percent(fraction: f64) -> String {
    format!("{:.1}", 100.0 * fraction)
}

#[cfg(test)]
mod tests;
