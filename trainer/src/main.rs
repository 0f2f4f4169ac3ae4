//! The trainer's command line.

use clap::{Parser, Subcommand};
use trainer::commands::{
    baseline, calibrated, card, classify, detector, evaluate, gate, report, robustness, score, train,
};

/// Keeps the pages of a step's tensors for the next one: an eighth of the system allocator's time went into the
/// kernel's clearing them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Trains, evaluates and exports the speech-emotion network.
#[derive(Debug, Parser)]
#[command(version)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Train(train::Arguments),
    Evaluate(evaluate::Arguments),
    Score(score::Arguments),
    Calibrated(calibrated::Arguments),
    Card(card::Arguments),
    Report(report::Arguments),
    Robustness(robustness::Arguments),
    Classify(classify::Arguments),
    Detector(detector::Arguments),
    Gate(gate::Arguments),
    Baseline(baseline::Arguments),
}

fn main() -> anyhow::Result<()> {
    match CommandLine::parse().command {
        Command::Train(arguments) => train::run(&arguments),
        Command::Evaluate(arguments) => evaluate::run(&arguments),
        Command::Score(arguments) => score::run(&arguments),
        Command::Calibrated(arguments) => calibrated::run(&arguments),
        Command::Card(arguments) => card::run(&arguments),
        Command::Report(arguments) => report::run(&arguments),
        Command::Robustness(arguments) => robustness::run(&arguments),
        Command::Classify(arguments) => classify::run(&arguments),
        Command::Detector(arguments) => detector::run(&arguments),
        Command::Gate(arguments) => gate::run(&arguments),
        Command::Baseline(arguments) => baseline::run(&arguments),
    }
}
