//! `trainer gate`: trains the speech gate and writes its weights.

use std::{fmt::Write as _, fs, path::PathBuf};

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::gate::{Example, FOLDS, Kind, Logistic, Rates, Settings, examples, fit, rates};

/// How much of both is to be right: what the gate's bias is set by.
const KEPT: f64 = 0.98;
const REJECTED: f64 = 0.95;

/// Train the speech gate on the corpora against `noise/`, and write src/speech/gate/weights.rs.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The folder with the corpora and `noise/`.
    #[arg(long)]
    pub data: PathBuf,
    /// Clips drawn from each corpus.
    #[arg(long, default_value_t = 480)]
    pub clips: usize,
    /// The seed of every draw.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How much the weights are held back.
    #[arg(long, default_value_t = 1e-4)]
    pub penalty: f64,
    /// The file that is written.
    #[arg(long, default_value = "src/speech/gate/weights.rs")]
    pub out: PathBuf,
}

/// Runs the command. The last fold is heard by nothing that ends in the weights: its figures are printed last.
///
/// # Errors
/// When the data can't be read or the weights not be written.
pub fn run(arguments: &Arguments) -> Result<()> {
    let settings = Settings { clips: arguments.clips, seed: arguments.seed };
    let all = examples(&arguments.data, &settings)?;
    ensure!(all.iter().any(|example| !example.speech), "expected noise below {}", arguments.data.display());

    println!("all five folds, each scored by a gate that never heard it:");
    let held_out = cross_validate(&all, arguments.penalty);
    report(&held_out);

    let (test, training): (Vec<Example>, Vec<Example>) = all.into_iter().partition(|e| e.fold == FOLDS - 1);
    // The bias is set on folds that the scoring gate never heard, and none of them is the test's.
    let shift = shift(&cross_validate(&training, arguments.penalty));
    let mut gate = train(&training, arguments.penalty);
    gate.bias -= shift;
    println!("\nwhat ships, trained on four folds (bias moved by {:.2}), on the fifth:", -shift);
    let scored: Vec<(Example, f64)> =
        test.into_iter().map(|example| (example.clone(), gate.score(&example.statistics))).collect();
    report(&scored);
    fs::write(&arguments.out, source(&gate, arguments))
        .with_context(|| format!("cannot write {}", arguments.out.display()))?;
    println!("\nwrote {}", arguments.out.display());
    Ok(())
}

fn train(examples: &[Example], penalty: f64) -> Logistic {
    let rows: Vec<(&[f32], bool)> =
        examples.iter().map(|example| (&example.statistics[..], example.speech)).collect();
    fit(&rows, penalty)
}

/// Every example with the score of a gate that was trained on the other folds.
fn cross_validate(examples: &[Example], penalty: f64) -> Vec<(Example, f64)> {
    let mut scored = Vec::new();
    for fold in 0..FOLDS {
        let (test, training): (Vec<Example>, Vec<Example>) =
            examples.iter().cloned().partition(|example| example.fold == fold);
        if test.is_empty() || training.is_empty() {
            continue;
        }
        let gate = train(&training, penalty);
        scored.extend(test.into_iter().map(|example| {
            let score = gate.score(&example.statistics);
            (example, score)
        }));
    }
    scored
}

/// The score at which whole clips and windows of speech and of noise stand equally far above what is asked for.
fn shift(scored: &[(Example, f64)]) -> f64 {
    let margin = |shift: f64| {
        let unchanged =
            scored.iter().filter(|(example, _)| matches!(example.kind, Kind::Clip | Kind::Window));
        let Rates { kept, rejected } = rates(unchanged.map(|(example, score)| (example, *score > shift)));
        ((kept.0 - KEPT) / (1.0 - KEPT)).min((rejected.0 - REJECTED) / (1.0 - REJECTED))
    };
    let shifts = (-60..=60).map(|step| f64::from(step) * 0.1);
    shifts.max_by(|a, b| margin(*a).total_cmp(&margin(*b))).unwrap_or(0.0)
}

fn report(scored: &[(Example, f64)]) {
    for kind in [Kind::Clip, Kind::Window, Kind::Augmented, Kind::Way] {
        let of_kind = || scored.iter().filter(|(example, _)| example.kind == kind);
        let line = |name: &str, rates: Rates| {
            println!(
                "  {:9} {name:8}  speech kept {:6.2} % of {:5}, noise rejected {:6.2} % of {:5}",
                format!("{kind:?}"),
                100.0 * rates.kept.0,
                rates.kept.1,
                100.0 * rates.rejected.0,
                rates.rejected.1
            );
        };
        line("detector", rates(of_kind().map(|(example, _)| (example, example.detected))));
        line("gate", rates(of_kind().map(|(example, score)| (example, example.detected && *score > 0.0))));
    }
}

/// The weights as the library's source.
fn source(gate: &Logistic, arguments: &Arguments) -> String {
    let mut text = format!(
        "//! The gate's weights, written by `trainer gate --clips {} --seed {} --penalty {}`: a logistic regression on\n\
         //! the statistics of four folds of speakers and of noise recordings. The command prints what it does to the\n\
         //! fifth.\n\n/// Added to the weighted sum.\npub const BIAS: f32 = {:?};\n\n\
         /// The weight of each of the statistics.\n#[rustfmt::skip]\npub const WEIGHTS: [f32; super::STATISTICS] = [\n",
        arguments.clips, arguments.seed, arguments.penalty, gate.bias as f32
    );
    for line in gate.weights.chunks(8) {
        let values: Vec<String> = line.iter().map(|&weight| format!("{:e}", weight as f32)).collect();
        // Writing to a String can't fail.
        let _ = writeln!(text, "    {},", values.join(", "));
    }
    text + "];\n"
}
