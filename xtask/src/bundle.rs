//! The package's scripts joined by esbuild, from npm: one file, and what it shares with another entry, in place of a dozen
//! that import each other. A cold page waits for the disk once for each step of imports: as a dozen, its first answer
//! took 25 to 30 ms longer (`bench/answer/cold.mjs`).

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

/// What `package.json` exports.
const ENTRIES: [&str; 5] = ["index", "node", "worker", "features", "features-node"];

/// What stays as it is: the generated bindings, so that tests and benchmarks reach the instance that the entries use; and the
/// capture worklet, which imports nothing and is as long as it is on purpose: bundlers would put a short one into a
/// `data:` address, which content security policies refuse.
const UNTOUCHED: [&str; 3] = ["speech_emotion.js", "speech_emotion_features.js", "capture-worklet.js"];

/// Neither minified nor older syntax: what ships can be read, and bundlers of pages do the rest. What several entries or an
/// import on demand need are files with a hash in their names.
const ARGUMENTS: [&str; 7] = [
    "--bundle",
    "--splitting",
    "--format=esm",
    "--platform=neutral",
    "--external:node:*",
    "--external:./speech_emotion*.js",
    "--chunk-names=[name]-[hash]",
];

/// Puts the joined scripts in the place of those in `pkg`.
///
/// # Errors
/// When esbuild cannot be started, or fails, or a file cannot be written.
pub fn bundle(esbuild: &Path, pkg: &Path) -> Result<()> {
    let joined = pkg.join("joined");
    let status = Command::new(esbuild)
        .current_dir(pkg)
        .args(ENTRIES.map(|entry| format!("{entry}.js")))
        .args(ARGUMENTS)
        .args(["--log-level=warning", "--outdir=joined"])
        .status()
        .with_context(|| format!("cannot start {}", esbuild.display()))?;
    ensure!(status.success(), "esbuild failed on {} ({status})", pkg.display());
    for path in scripts(pkg)? {
        if !UNTOUCHED.iter().any(|name| path.ends_with(name)) {
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    for path in scripts(&joined)? {
        let place = pkg.join(path.file_name().unwrap_or_default());
        fs::rename(&path, &place).with_context(|| format!("cannot write {}", place.display()))?;
    }
    fs::remove_dir(&joined).with_context(|| format!("cannot remove {}", joined.display()))
}

/// The JavaScript files of a folder.
fn scripts(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    Ok(paths.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "js")).collect())
}
