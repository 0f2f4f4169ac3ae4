//! The trainer's command line.

use clap::{Parser, Subcommand};
use trainer::commands::{classify, evaluate, ship, train};

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
    Ship(ship::Arguments),
    Classify(classify::Arguments),
}

fn main() -> anyhow::Result<()> {
    match CommandLine::parse().command {
        Command::Train(arguments) => train::run(&arguments),
        Command::Evaluate(arguments) => evaluate::run(&arguments),
        Command::Ship(arguments) => ship::run(&arguments),
        Command::Classify(arguments) => classify::run(&arguments),
    }
}
