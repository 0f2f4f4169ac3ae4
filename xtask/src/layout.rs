//! The files of the npm package, put in their places.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde_json::Value;

/// Files of the repository that belong into the package, beside the template's, and what they are called there if not
/// the same.
const FROM_ROOT: [(&str, &str); 8] = [
    ("LICENSE-MIT", ""),
    ("LICENSE-APACHE", ""),
    ("LICENSE-WEIGHTS.md", ""),
    ("CHANGELOG.md", ""),
    ("src/model/MODEL_CARD.md", ""),
    ("src/model/card.json", ""),
    ("src/model/crema-d/crema-d.weights", ""),
    ("src/model/crema-d/card.json", "crema-d.card.json"),
];

/// Types of the generated bindings: they type-check the template and are no part of the package.
const TEMPLATE_ONLY: [&str; 2] = ["speech_emotion.d.ts", "speech_emotion_features.d.ts"];

/// Fills `pkg/` anew: the hand-written template, the licences and the bindings in the folders `generated`.
///
/// # Errors
/// When a file cannot be read or written.
pub fn lay_out(root: &Path, generated: &[PathBuf], pkg: &Path) -> Result<()> {
    if pkg.exists() {
        fs::remove_dir_all(pkg).with_context(|| format!("cannot clear {}", pkg.display()))?;
    }
    fs::create_dir_all(pkg).with_context(|| format!("cannot create {}", pkg.display()))?;
    copy_files(&root.join("pkg-template"), pkg)?;
    generated.iter().try_for_each(|folder| copy_files(folder, pkg))?;
    for (path, name) in FROM_ROOT {
        let source = root.join(path);
        let name = if name.is_empty() { source.file_name().unwrap_or_default() } else { name.as_ref() };
        copy(&source, &pkg.join(name))?;
    }
    let manifest = pkg.join("package.json");
    let text =
        fs::read_to_string(&manifest).with_context(|| format!("cannot read {}", manifest.display()))?;
    let text = with_version(&text, env!("CARGO_PKG_VERSION"))
        .with_context(|| format!("{} is not a JSON object", manifest.display()))?;
    fs::write(&manifest, text).with_context(|| format!("cannot write {}", manifest.display()))
}

/// Copies the plain files of a folder.
fn copy_files(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        if entry.file_type()?.is_file() && !TEMPLATE_ONLY.iter().any(|name| entry.file_name() == *name) {
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
    Ok(())
}

/// The package's manifest with the workspace's version: it is written down once, in Cargo.toml.
fn with_version(manifest: &str, version: &str) -> Result<String> {
    let mut manifest: serde_json::Map<String, Value> = serde_json::from_str(manifest)?;
    manifest.insert("version".into(), version.into());
    Ok(serde_json::to_string_pretty(&manifest)? + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_workspaces_and_keeps_its_place() {
        let text = with_version(r#"{"name":"a","version":"0.0.0","type":"module"}"#, "1.2.3");
        let expected = "{\n  \"name\": \"a\",\n  \"version\": \"1.2.3\",\n  \"type\": \"module\"\n}\n";
        assert_eq!(text.ok().as_deref(), Some(expected));
        assert!(with_version("[]", "1.2.3").is_err());
    }
}
