//! What a run leaves behind: text, picture, table and model card.

mod card;
mod curves;
mod matrix;
mod overview;
mod robustness;
mod tables;
mod text;

pub use card::{Card, CorpusFigures, ProtocolFigures, WeightsFile};
pub use matrix::{confusion_csv, confusion_svg};
pub use overview::{html, markdown};
pub use robustness::{robustness_html, robustness_markdown, robustness_svg};
pub use tables::Overview;
pub use text::{classification_report, lines};

use matrix::escape;

use std::{fs, path::Path};

use crate::{Result, TrainerError, metrics::Scores};

/// Writes `classification_report.txt`, `confusion_matrix.svg` and `confusion_matrix.csv` into `folder`, which is
/// made when missing. `title` stands over the picture: the protocol and what was scored.
///
/// # Errors
/// [`TrainerError::Io`].
pub fn write(folder: &Path, title: &str, scores: &Scores) -> Result<()> {
    fs::create_dir_all(folder).map_err(TrainerError::io(folder))?;
    for (name, text) in [
        ("classification_report.txt", classification_report(scores)),
        ("confusion_matrix.svg", confusion_svg(title, scores)),
        ("confusion_matrix.csv", confusion_csv(&scores.confusion)),
    ] {
        let path = folder.join(name);
        fs::write(&path, text).map_err(TrainerError::io(&path))?;
    }
    Ok(())
}
