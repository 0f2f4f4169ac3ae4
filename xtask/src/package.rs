//! `cargo xtask package`: from the library's source to an npm package in `pkg/`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::{build, bundle, layout, npm, optimise};

/// A wasm module of the package.
struct Module {
    /// Name of the generated files: `speech_emotion.js` and `speech_emotion_bg.wasm`.
    name: &'static str,
    /// What cargo is told besides the profile.
    arguments: &'static [&'static str],
}

/// The features alone, and the whole library. The features are built in a folder of their own, since both are the same
/// file to cargo and each would have the other built anew; and for size, a quarter less than for speed, which is as
/// good where it matters: the hot loops name their registers.
const MODULES: [Module; 2] = [
    Module {
        name: "speech_emotion_features",
        arguments: &[
            "--no-default-features",
            "--target-dir",
            "target/features",
            "--config",
            "profile.release.opt-level='s'",
        ],
    },
    Module { name: "speech_emotion", arguments: &[] },
];

/// Builds the modules with a cargo profile, `release` or `wasm-test`, and lays out `pkg/`.
///
/// # Errors
/// When a step fails: cargo, wasm-bindgen, wasm-opt, esbuild or the file system.
pub fn package(profile: &str) -> Result<()> {
    let root = root()?;
    let optimised = profile == "release";
    // Asked for before the build, which takes minutes.
    let wasm_opt = if optimised { Some(npm::tool(&root, "wasm-opt")?) } else { None };
    let esbuild = npm::tool(&root, "esbuild")?;
    let pkg = root.join("pkg");
    let mut generated = Vec::new();
    let mut built = Vec::new();
    for module in &MODULES {
        let (folder, fresh) = bindings(&root, profile, wasm_opt.as_deref(), module)?;
        generated.push(folder);
        if !fresh {
            built.push(pkg.join(format!("{}_bg.wasm", module.name)));
        }
    }
    layout::lay_out(&root, &generated, &pkg)?;
    bundle::bundle(&esbuild, &pkg)?;
    let note = if built.is_empty() { ", up to date" } else { "" };
    println!("package: {} ({profile}{note})", pkg.display());
    if built.is_empty() { Ok(()) } else { sizes(&root, &built) }
}

/// Builds a module and generates its bindings, unless they are there; the folder they are in, and whether they were.
fn bindings(
    root: &Path,
    profile: &str,
    wasm_opt: Option<&Path>,
    &Module { name, arguments: cargo }: &Module,
) -> Result<(PathBuf, bool)> {
    let wasm = build::build_wasm(root, profile, cargo)?;
    let work = root.join("target").join("package").join(profile).join(name);
    let generated = work.join("generated");
    if fresh(&work, &wasm)? {
        return Ok((generated, true));
    }
    if work.exists() {
        fs::remove_dir_all(&work).with_context(|| format!("cannot clear {}", work.display()))?;
    }
    fs::create_dir_all(&generated).with_context(|| format!("cannot create {}", generated.display()))?;
    timed("wasm-bindgen", name, || generate(&wasm, name, &generated))?;
    if let Some(wasm_opt) = wasm_opt {
        let module = generated.join(format!("{name}_bg.wasm"));
        let output = work.join("optimised.wasm");
        timed("wasm-opt", name, || optimise::optimise(wasm_opt, &module, &output))?;
        fs::rename(&output, &module).context("cannot move wasm-opt's output")?;
    }
    // Last, so that an interrupted run is not taken for a finished one.
    fs::copy(&wasm, work.join("input.wasm")).context("cannot keep the module for comparison")?;
    fs::write(work.join("arguments"), arguments()).context("cannot keep wasm-opt's arguments")?;
    Ok((generated, false))
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
fn generate(wasm: &Path, name: &str, out: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(wasm)
        .out_name(name)
        .web(true)?
        .typescript(false)
        .remove_producers_section(true)
        .generate(out)
        .with_context(|| format!("wasm-bindgen failed on {}", wasm.display()))
}

fn timed(step: &str, module: &str, run: impl FnOnce() -> Result<()>) -> Result<()> {
    let start = Instant::now();
    run()?;
    println!("{step} of {module}: {:.1} s", start.elapsed().as_secs_f32());
    Ok(())
}

/// Prints the modules' sizes as they are and as web servers send them.
fn sizes(root: &Path, modules: &[PathBuf]) -> Result<()> {
    let script = root.join("scripts").join("sizes.mjs");
    let status = Command::new("node").arg(&script).args(modules).status().context("cannot start node")?;
    ensure!(status.success(), "{} failed ({status})", script.display());
    Ok(())
}
