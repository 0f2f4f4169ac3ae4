//! What the trainer refuses, each with what was expected and what came.

use std::path::PathBuf;

/// Shorthand for a result with [`TrainerError`].
pub type Result<T> = std::result::Result<T, TrainerError>;

/// Everything that can go wrong between a folder of audio and a report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrainerError {
    /// The corpora's folder is not there.
    #[error("expected a folder with the corpora at {}, got {got}", root.display())]
    CorporaMissing {
        /// The folder that was asked for.
        root: PathBuf,
        /// What stood there instead.
        got: String,
    },

    /// A folder holds nothing that is named like a clip of its corpus.
    #[error("expected files named like {expected} under {}, got {got}", folder.display())]
    NoRecognisableFile {
        /// The folder that was searched.
        folder: PathBuf,
        /// Examples of the names that are recognised.
        expected: String,
        /// How many files were there, and an example of them.
        got: String,
    },

    /// The GPU that a cargo feature asks for can't be used.
    #[error(
        "expected a GPU for the cargo feature `{feature}`, got \"{got}\"; without that feature the processor trains"
    )]
    NoDevice {
        /// The feature.
        feature: &'static str,
        /// What Burn said of it.
        got: String,
    },

    /// A file or folder cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's own words.
        source: std::io::Error,
    },

    /// A file holds no audio that can be decoded.
    #[error("{}: expected {expected}, got {got}", path.display())]
    Decode {
        /// The file.
        path: PathBuf,
        /// What a readable file would have had.
        expected: &'static str,
        /// What came.
        got: String,
    },

    /// The library refused a clip's samples.
    #[error("{}: {source}", path.display())]
    Audio {
        /// The clip's file.
        path: PathBuf,
        /// The library's reason.
        source: speech_emotion::Error,
    },

    /// A figure was asked for that these values do not have.
    #[error("{what}: expected {expected}, got {got}")]
    Values {
        /// The values' name.
        what: &'static str,
        /// What they must be like.
        expected: String,
        /// What came.
        got: String,
    },
}

impl TrainerError {
    /// Puts the path beside an input or output error, for `map_err`.
    pub fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }
}
