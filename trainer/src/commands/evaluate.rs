//! `trainer evaluate`: a weights file's figures on a protocol.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use burn::module::Module;
use clap::Args;
use sha2::{Digest, Sha256};
use speech_emotion::model::{self, Network};

use super::train::WEIGHTS_FILE;
use crate::{
    experiment::{self, COMBINED_RANDOM, Experiment, Outcome, Places, corpora_folder},
    report::{self, Card, ProtocolFigures, WeightsFile},
};

/// Score a weights file on the test side of combined-random.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The weights to score.
    #[arg(long, default_value = "src/model/speech_emotion.weights")]
    pub weights: PathBuf,
    /// The corpora's folder [default: SER_CORPORA, else ../shared/corpora].
    #[arg(long)]
    pub corpora: Option<PathBuf>,
    /// Where features are kept between runs.
    #[arg(long, default_value = ".cache/features")]
    pub cache: PathBuf,
    /// Where the report goes.
    #[arg(long, default_value = "runs/evaluate")]
    pub out: PathBuf,
    /// Seed of the split: the one the weights were trained with.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// Runs the command.
///
/// # Errors
/// When the weights or the corpora can't be read.
pub fn run(arguments: &Arguments) -> Result<()> {
    let bytes = fs::read(&arguments.weights)
        .with_context(|| format!("cannot read the weights {}", arguments.weights.display()))?;
    let network = model::weights::decode(&bytes, &model::device())?;
    let places =
        Places { corpora: corpora_folder(arguments.corpora.as_deref())?, cache: arguments.cache.clone() };
    let experiment = Experiment::combined_random(&places, arguments.seed)?;
    scored_on_test(&network, &bytes, &experiment, arguments.seed, &arguments.out)
}

/// Scores a network on the test side, prints the figures and writes report and card into `out`.
///
/// # Errors
/// When features or files can't be read or written.
pub fn scored_on_test(
    network: &Network,
    bytes: &[u8],
    experiment: &Experiment,
    seed: u64,
    out: &Path,
) -> Result<()> {
    let test = experiment.features(&experiment.split.test, false)?;
    let outcome = experiment::score(network, &experiment.clips, &test, seed)?;
    print(&outcome);
    let title = format!(
        "{COMBINED_RANDOM}, seed {seed}: {} clips, WA {:.1} %",
        test.len(),
        100.0 * outcome.scores.wa
    );
    report::write(out, &title, &outcome.scores)?;
    let weights = WeightsFile {
        file: WEIGHTS_FILE.to_owned(),
        bytes: bytes.len() as u64,
        sha256: Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect(),
    };
    let split = &experiment.split;
    let training = format!(
        "Trained on the training side of `{COMBINED_RANDOM}` (seed {seed}): {} clips of the four corpora; {} more \
         chose the epoch, {} were scored once.",
        split.train.len(),
        split.valid.len(),
        split.test.len()
    );
    let mut card = Card::new(network.num_params(), weights, &training);
    let figures = ProtocolFigures::new(&outcome.scores, &outcome.intervals, &[seed], &outcome.per_corpus);
    card.protocols.insert(COMBINED_RANDOM.to_owned(), figures);
    for (name, text) in [("card.json", card.to_json()?), ("model-card.md", card.to_markdown())] {
        let path = out.join(name);
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    println!("written to {}", out.display());
    Ok(())
}

fn print(outcome: &Outcome) {
    println!("{}", report::classification_report(&outcome.scores));
    let line = |name: &str, scores: &crate::metrics::Scores| {
        println!("{name:<16} WA {:5.1} %  UA {:5.1} %  n {}", 100.0 * scores.wa, 100.0 * scores.ua, scores.n);
    };
    line(COMBINED_RANDOM, &outcome.scores);
    for (corpus, scores) in &outcome.per_corpus {
        line(corpus.name(), scores);
    }
    let interval = &outcome.intervals.wa;
    println!(
        "WA 95 % interval {:.1} to {:.1} %, macro F1 {:.3}, ECE {:.3}",
        100.0 * interval.lo,
        100.0 * interval.hi,
        outcome.scores.macro_f1,
        outcome.scores.ece
    );
}
