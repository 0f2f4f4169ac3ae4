//! The library compiled to wasm, by cargo.

use std::{
    env,
    ffi::OsString,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

/// The target that the package is built for.
const TARGET: &str = "wasm32-unknown-unknown";

/// Builds the library as a cdylib with the given cargo profile and further arguments, and returns the path of the
/// wasm file.
///
/// # Errors
/// When cargo cannot be started, or fails.
pub fn build_wasm(root: &Path, profile: &str, arguments: &[&str]) -> Result<PathBuf> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    // `--crate-type cdylib` alone: beside an rlib, cargo would leave the link-time optimisation out.
    let mut child = Command::new(&cargo)
        .current_dir(root)
        .args(["rustc", "--lib", "-p", "speech-emotion", "--crate-type", "cdylib"])
        .args(["--target", TARGET, "--profile", profile])
        .args(arguments)
        .arg("--message-format=json-render-diagnostics")
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", cargo.display()))?;

    let mut wasm = None;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines() {
            if let Some(path) = artifact(&line.context("cannot read cargo's messages")?) {
                wasm = Some(path);
            }
        }
    }
    let status = child.wait().context("cannot wait for cargo")?;
    ensure!(status.success(), "the wasm build failed ({status}); see the compiler's messages above");
    match wasm {
        Some(path) => Ok(path),
        None => bail!("cargo built no wasm file for the library"),
    }
}

/// The wasm file that one of cargo's JSON messages reports for the library, if it is such a message.
fn artifact(message: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    let is_library =
        message["reason"] == "compiler-artifact" && message["target"]["name"] == "speech_emotion";
    message["filenames"]
        .as_array()
        .filter(|_| is_library)?
        .iter()
        .filter_map(Value::as_str)
        .find(|name| name.ends_with(".wasm"))
        .map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_library_among_cargos_messages() {
        let message = |reason: &str, name: &str, file: &str| {
            format!(r#"{{"reason":"{reason}","target":{{"name":"{name}"}},"filenames":["{file}"]}}"#)
        };
        let found = artifact(&message("compiler-artifact", "speech_emotion", "a/speech_emotion.wasm"));
        assert_eq!(found, Some(PathBuf::from("a/speech_emotion.wasm")));
        assert_eq!(artifact(&message("compiler-artifact", "burn", "a/burn.wasm")), None);
        assert_eq!(artifact(&message("compiler-artifact", "speech_emotion", "a/lib.rlib")), None);
        assert_eq!(artifact(&message("build-finished", "speech_emotion", "a/b.wasm")), None);
        assert_eq!(artifact("not JSON"), None);
    }
}
