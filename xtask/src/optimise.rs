//! wasm-opt, from npm's `binaryen` package.

use std::{path::Path, process::Command};

use anyhow::{Context, Result, ensure};

/// What wasm-opt is told: the features that rustc's wasm32 target enables by default, and SIMD. Functions with one caller
/// are inlined up to this size only. Without a limit the network's inner loop ended in a function of megabytes, where V8
/// ran it at half the speed. Small functions around the loops also cost a cold page less: V8 optimises whole functions as
/// soon as they have run a lot, beside the first answer and in its way, which took 30 ms longer with a limit of 500.
pub const ARGUMENTS: [&str; 10] = [
    "-O3",
    "--one-caller-inline-max-function-size=50",
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Optimises `input` into `output`.
///
/// # Errors
/// When wasm-opt cannot be started, or fails.
pub fn optimise(wasm_opt: &Path, input: &Path, output: &Path) -> Result<()> {
    let status = Command::new(wasm_opt)
        .args(ARGUMENTS)
        .arg(input)
        .arg("-o")
        .arg(output)
        .status()
        .with_context(|| format!("cannot start {}", wasm_opt.display()))?;
    ensure!(status.success(), "wasm-opt failed on {} ({status})", input.display());
    Ok(())
}
