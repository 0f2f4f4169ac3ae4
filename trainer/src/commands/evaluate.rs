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
    experiment::{self, Experiment, Outcome},
    report::{self, Card, ProtocolFigures, WeightsFile},
};

/// Score a weights file on a protocol's test side: say the protocol, fold and seed that it was trained with.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The weights to score.
    #[arg(long, default_value = "src/model/speech_emotion.weights")]
    pub weights: PathBuf,
    /// Which data.
    #[command(flatten)]
    pub data: experiment::Arguments,
    /// Where the report goes.
    #[arg(long, default_value = "runs/evaluate")]
    pub out: PathBuf,
}

/// Runs the command.
///
/// # Errors
/// When the weights or the corpora can't be read.
pub fn run(arguments: &Arguments) -> Result<()> {
    let bytes = fs::read(&arguments.weights)
        .with_context(|| format!("cannot read the weights {}", arguments.weights.display()))?;
    let network = model::weights::decode(&bytes, &model::device())?;
    let experiment = Experiment::new(&arguments.data)?;
    scored_on_test(&network, &bytes, &experiment, &arguments.out)
}

/// Scores a network on the test side, prints the figures and writes report and card into `out`.
///
/// # Errors
/// When features or files can't be read or written.
pub fn scored_on_test(network: &Network, bytes: &[u8], experiment: &Experiment, out: &Path) -> Result<()> {
    let Experiment { id, seed, split, .. } = experiment;
    let outcome = experiment::score(network, experiment)?;
    print(id, &outcome);
    report::write(out, &format!("{id}, seed {seed}"), &outcome.scores)?;
    let weights = WeightsFile {
        file: WEIGHTS_FILE.to_owned(),
        bytes: bytes.len() as u64,
        sha256: Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect(),
    };
    let training = format!(
        "Trained on the training side of `{id}` (seed {seed}): {} clips of the four corpora; {} more \
         chose the epoch, {} were scored once.",
        split.train.len(),
        split.valid.len(),
        split.test.len()
    );
    let mut card = Card::new(network.num_params(), weights, &training);
    let figures = ProtocolFigures::new(&outcome.scores, &outcome.intervals, &[*seed], &outcome.per_corpus);
    card.protocols.insert(id.clone(), figures);
    for (name, text) in [("card.json", card.to_json()?), ("model-card.md", card.to_markdown())] {
        let path = out.join(name);
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    println!("written to {}", out.display());
    Ok(())
}

fn print(id: &str, outcome: &Outcome) {
    println!("{}", report::classification_report(&outcome.scores));
    let line = |name: &str, scores: &crate::metrics::Scores| {
        println!("{name:<24} WA {:5.1} %  UA {:5.1} %  n {}", 100.0 * scores.wa, 100.0 * scores.ua, scores.n);
    };
    line(id, &outcome.scores);
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
