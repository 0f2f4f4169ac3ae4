//! The four acted-speech corpora, found by the file names they are downloaded with.
//!
//! A clip is known by its name (and, for SAVEE, its folder), never by its container: the same clip as wav,
//! flac, ogg or mp3, or twice in a doubled folder, is one clip.

mod crema_d;
mod ravdess;
mod savee;
mod scan;
mod tess;
mod votes;

use std::{fmt, path::PathBuf};

use speech_emotion::Emotion;

pub use scan::{Scan, Skipped, noise_files, scan};
pub use votes::{Votes, plurality, votes};

/// A corpus of acted speech.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Corpus {
    /// Ryerson Audio-Visual Database of Emotional Speech and Song, the speech part.
    #[serde(rename = "RAVDESS")]
    Ravdess,
    /// Crowd-sourced Emotional Multimodal Actors Dataset.
    #[serde(rename = "CREMA-D")]
    CremaD,
    /// Toronto Emotional Speech Set.
    #[serde(rename = "TESS")]
    Tess,
    /// Surrey Audio-Visual Expressed Emotion.
    #[serde(rename = "SAVEE")]
    Savee,
}

impl Corpus {
    /// Every corpus, in the order of the reports.
    pub const ALL: [Self; 4] = [Self::Ravdess, Self::CremaD, Self::Tess, Self::Savee];

    /// The name its authors gave it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ravdess => "RAVDESS",
            Self::CremaD => "CREMA-D",
            Self::Tess => "TESS",
            Self::Savee => "SAVEE",
        }
    }

    /// Whether the corpus has clips of an emotion, by [`Emotion::index`].
    pub fn emotions(self) -> [bool; Emotion::COUNT] {
        Emotion::ALL.map(|emotion| match emotion {
            Emotion::Calm => self == Self::Ravdess,
            Emotion::Surprise => self != Self::CremaD,
            _ => true,
        })
    }

    /// A file name of this corpus, to show what is expected.
    pub const fn example(self) -> &'static str {
        match self {
            Self::Ravdess => "Actor_01/03-01-05-02-02-01-01.wav",
            Self::CremaD => "AudioWAV/1001_DFA_ANG_XX.wav",
            Self::Tess => "OAF_angry/OAF_back_angry.wav",
            Self::Savee => "DC/a01.wav or DC_a01.wav",
        }
    }

    /// The corpus that a folder of this name holds, as downloads name it.
    fn of_folder(name: &str) -> Option<Self> {
        let name: String = name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
        match name.as_str() {
            "ravdess" => Some(Self::Ravdess),
            "crema" | "cremad" => Some(Self::CremaD),
            "tess" => Some(Self::Tess),
            "savee" => Some(Self::Savee),
            _ => None,
        }
    }
}

impl fmt::Display for Corpus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A speaker's sex as the corpus states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Sex {
    /// Female.
    F,
    /// Male.
    M,
}

/// How strongly an emotion was to be played, where the corpus says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Intensity {
    /// RAVDESS's normal.
    Normal,
    /// RAVDESS's strong.
    Strong,
    /// CREMA-D's `LO`.
    Low,
    /// CREMA-D's `MD`.
    Medium,
    /// CREMA-D's `HI`.
    High,
    /// CREMA-D's `XX`: none was asked for.
    Unspecified,
}

impl Intensity {
    /// The corpus's own word or code.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Strong => "strong",
            Self::Low => "LO",
            Self::Medium => "MD",
            Self::High => "HI",
            Self::Unspecified => "XX",
        }
    }
}

/// What a file name says about its clip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The corpus it belongs to.
    pub corpus: Corpus,
    /// The corpus's name for the clip, without folder or extension, in one spelling: unique in the corpus.
    pub name: String,
    /// The speaker, in the corpus's own code: `01`, `1001`, `OAF`, `DC`.
    pub speaker: String,
    /// The speaker's sex.
    pub sex: Sex,
    /// The emotion that was to be played.
    pub emotion: Emotion,
    /// How strongly, where the corpus says so.
    pub intensity: Option<Intensity>,
    /// The words spoken; SAVEE's sentences have only their number, as in `a01`.
    pub statement: String,
}

/// One clip: its file and its label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clip {
    /// The file.
    pub path: PathBuf,
    /// `CORPUS/name`: the same wherever the file lies and however it is encoded.
    pub id: String,
    /// Clips with the same group are one recording and stay on one side of every split.
    pub group: String,
    /// The corpus it belongs to.
    pub corpus: Corpus,
    /// The speaker, in the corpus's own code: `01`, `1001`, `OAF`, `DC`.
    pub speaker: String,
    /// The speaker's sex.
    pub sex: Sex,
    /// The emotion that was to be played.
    pub emotion: Emotion,
    /// How strongly, where the corpus says so.
    pub intensity: Option<Intensity>,
    /// The words spoken; SAVEE's sentences have only their number, as in `a01`.
    pub statement: String,
}

impl Clip {
    /// The clip of a file with its label.
    pub fn new(path: PathBuf, label: Label) -> Self {
        let Label { corpus, name, speaker, sex, emotion, intensity, statement } = label;
        let id = format!("{corpus}/{name}");
        let group = if corpus == Corpus::Ravdess {
            format!("{corpus}/{}", ravdess::recording(&name))
        } else {
            id.clone()
        };
        Self { path, id, group, corpus, speaker, sex, emotion, intensity, statement }
    }

    /// The speaker with its corpus: `RAVDESS/01`.
    pub fn speaker_id(&self) -> String {
        format!("{}/{}", self.corpus, self.speaker)
    }
}

/// Reads a file's stem and the name of its folder; `None` when no corpus names its files so.
///
/// Letter case does not matter.
pub fn parse(folder: &str, stem: &str) -> Option<Label> {
    ravdess::parse(stem)
        .or_else(|| crema_d::parse(stem))
        .or_else(|| tess::parse(stem))
        .or_else(|| savee::parse(folder, stem))
}

/// Why a clip of this corpus and name is left out, or `None` when it is sound.
pub fn defect(corpus: Corpus, name: &str) -> Option<&'static str> {
    match corpus {
        Corpus::CremaD => crema_d::defect(name),
        _ => None,
    }
}

#[cfg(test)]
pub(crate) mod tests;
