//! `trainer report`: the whole table from the records.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};

use super::card::complete;
use crate::{
    report::{Overview, html, markdown},
    results::RunRecord,
    robustness::Robustness,
    trial::NetworkName,
};

/// Write every protocol's figures beside its anchors, as one HTML file and as Markdown.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Where the records are.
    #[arg(long, default_value = "results")]
    pub results: PathBuf,
    /// Where report.html and report.md go.
    #[arg(long, default_value = "results")]
    pub out: PathBuf,
}

/// Runs the command.
///
/// # Errors
/// When there are no records, or files can't be read or written.
pub fn run(arguments: &Arguments) -> Result<()> {
    let mut overviews = Vec::new();
    for network in NetworkName::value_variants() {
        let figures = complete(&arguments.results, *network, |_, _| true)?;
        if figures.is_empty() {
            continue;
        }
        let folder = arguments.results.join(network.id());
        let mut paths = Vec::new();
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            paths.push(entry?.path());
        }
        paths.sort();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
        let records =
            paths.iter().filter_map(|path| RunRecord::load(path).transpose()).collect::<Result<_>>()?;
        overviews.push(Overview { network: network.id().to_owned(), figures, records });
    }
    ensure!(
        !overviews.is_empty(),
        "expected the records of a whole protocol below {}: run `trainer evaluate` first",
        arguments.results.display()
    );
    let robustness = Robustness::load(&arguments.results)?;
    for (name, text) in [
        ("report.html", html(&overviews, robustness.as_ref())?),
        ("report.md", markdown(&overviews, robustness.as_ref())?),
    ] {
        let path = arguments.out.join(name);
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        println!("{}", path.display());
    }
    Ok(())
}
