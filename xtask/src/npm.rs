//! The tools that npm installs.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

/// Where npm puts a tool, below the repository's root.
///
/// # Errors
/// When it is not there.
pub fn tool(root: &Path, name: &str) -> Result<PathBuf> {
    let file = if cfg!(windows) { format!("{name}.cmd") } else { name.to_owned() };
    let path = root.join("node_modules").join(".bin").join(file);
    ensure!(path.exists(), "expected {name} at {}: run `npm ci` in the repository first", path.display());
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_tool_says_what_to_do() {
        for name in ["wasm-opt", "esbuild"] {
            let error = tool(Path::new("no-such-folder"), name).expect_err("it is not there").to_string();
            assert!(error.contains(name) && error.contains("npm ci"), "{error}");
        }
    }
}
