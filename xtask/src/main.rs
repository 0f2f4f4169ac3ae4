//! The build steps that cargo alone cannot do: the npm package, and the runner of the wasm tests. Both use
//! wasm-bindgen as a library at the lockfile's version, so that no tool has to be installed globally.

mod build;
mod bundle;
mod layout;
mod npm;
mod optimise;
mod package;

use std::{ffi::OsString, process::ExitCode};

use clap::Parser;

/// Builds the wasm module, lays out the npm package and runs wasm tests.
#[derive(Parser)]
#[command(name = "xtask")]
enum Task {
    /// Builds the wasm module and lays out the npm package in `pkg/`.
    Package {
        /// `release` is what ships; `wasm-test` builds in a fraction of the time and is not optimised.
        #[arg(long, default_value = "release", value_parser = ["release", "wasm-test"])]
        profile: String,
    },
    /// Runs a wasm test binary: cargo's runner for wasm32-unknown-unknown.
    #[command(disable_help_flag = true)]
    WasmTestRunner {
        /// The test binary and its arguments, as cargo passes them.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
}

fn main() -> ExitCode {
    let result = match Task::parse() {
        Task::Package { profile } => package::package(&profile),
        Task::WasmTestRunner { arguments } => {
            let program = OsString::from("wasm-test-runner");
            wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(
                std::iter::once(program).chain(arguments),
            )
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
