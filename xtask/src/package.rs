//! `cargo xtask package`: from the library's source to an npm package in `pkg/`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::{build, layout, optimise};

/// Name of the generated files: `speech_emotion.js` and `speech_emotion_bg.wasm`.
const NAME: &str = "speech_emotion";

/// Builds the module with a cargo profile, `release` or `wasm-test`, and lays out `pkg/`.
///
/// # Errors
/// When a step fails: cargo, wasm-bindgen, wasm-opt or the file system.
pub fn package(profile: &str) -> Result<()> {
    let root = root()?;
    let optimised = profile == "release";
    // Asked for before the build, which takes minutes.
    let wasm_opt = if optimised { Some(optimise::find(&root)?) } else { None };

    let wasm = build::build_wasm(&root, profile)?;
    let work = root.join("target").join("package").join(profile);
    let generated = work.join("generated");
    let fresh = fresh(&work, &wasm)?;
    if !fresh {
        if work.exists() {
            fs::remove_dir_all(&work).with_context(|| format!("cannot clear {}", work.display()))?;
        }
        fs::create_dir_all(&generated).with_context(|| format!("cannot create {}", generated.display()))?;
        timed("wasm-bindgen", || generate(&wasm, &generated))?;
        if let Some(wasm_opt) = &wasm_opt {
            let module = generated.join(format!("{NAME}_bg.wasm"));
            let output = work.join("optimised.wasm");
            timed("wasm-opt", || optimise::optimise(wasm_opt, &module, &output))?;
            fs::rename(&output, &module).context("cannot move wasm-opt's output")?;
        }
        // Last, so that an interrupted run is not taken for a finished one.
        fs::copy(&wasm, work.join("input.wasm")).context("cannot keep the module for comparison")?;
        fs::write(work.join("arguments"), arguments()).context("cannot keep wasm-opt's arguments")?;
    }
    let pkg = root.join("pkg");
    layout::lay_out(&root, &generated, &pkg)?;
    println!("package: {} ({profile}{})", pkg.display(), if fresh { ", up to date" } else { "" });
    if fresh { Ok(()) } else { sizes(&root, &pkg.join(format!("{NAME}_bg.wasm"))) }
}

/// The repository's root: the folder above this crate's.
fn root() -> Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in no workspace")?;
    Ok(root.to_path_buf())
}

/// Whether the bindings in `work` were generated from this very module with the same arguments.
fn fresh(work: &Path, wasm: &Path) -> Result<bool> {
    let module = fs::read(wasm).with_context(|| format!("cannot read {}", wasm.display()))?;
    let same_module = fs::read(work.join("input.wasm")).is_ok_and(|input| input == module);
    let same_arguments = fs::read_to_string(work.join("arguments")).is_ok_and(|kept| kept == arguments());
    Ok(same_module && same_arguments)
}

fn arguments() -> String {
    optimise::ARGUMENTS.join(" ")
}

/// Runs wasm-bindgen for `--target web`: the one kind of output that works with and without a bundler.
fn generate(wasm: &Path, out: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(wasm)
        .out_name(NAME)
        .web(true)?
        .typescript(false)
        .remove_producers_section(true)
        .generate(out)
        .with_context(|| format!("wasm-bindgen failed on {}", wasm.display()))
}

fn timed(step: &str, run: impl FnOnce() -> Result<()>) -> Result<()> {
    let start = Instant::now();
    run()?;
    println!("{step}: {:.1} s", start.elapsed().as_secs_f32());
    Ok(())
}

/// Prints the module's size as it is and as web servers send it.
fn sizes(root: &Path, module: &Path) -> Result<()> {
    let script = root.join("scripts").join("sizes.mjs");
    let status = Command::new("node").arg(&script).arg(module).status().context("cannot start node")?;
    ensure!(status.success(), "{} failed ({status})", script.display());
    Ok(())
}
