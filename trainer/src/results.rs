//! What a training gave, as a file: the answers for every scored clip, from which every figure is made.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use speech_emotion::Emotion;

use crate::{
    corpora::{Clip, Corpus, Sex},
    metrics,
    train::{recipe::Recipe, run::EpochFigures},
};

/// One clip's answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// `CORPUS/name`.
    pub clip: String,
    /// Where it comes from.
    pub corpus: Corpus,
    /// `CORPUS/speaker`.
    pub speaker: String,
    /// The speaker's sex.
    pub sex: Sex,
    /// The corpus's word for how strongly it was to be played.
    pub intensity: Option<String>,
    /// The intended emotion.
    pub emotion: Emotion,
    /// What most of CREMA-D's listeners heard in the voice alone, where that is one emotion.
    pub heard: Option<Emotion>,
    /// The probabilities, to four digits, in [`Emotion::ALL`]'s order.
    pub probabilities: [f32; Emotion::COUNT],
}

impl Answer {
    /// The answer for a clip.
    pub fn new(clip: &Clip, heard: Option<Emotion>, probabilities: [f32; Emotion::COUNT]) -> Self {
        Self {
            clip: clip.id.clone(),
            corpus: clip.corpus,
            speaker: clip.speaker_id(),
            sex: clip.sex,
            intensity: clip.intensity.map(|intensity| intensity.name().to_owned()),
            emotion: clip.emotion,
            heard,
            probabilities: probabilities.map(|p| (p * 1e4).round() / 1e4),
        }
    }
}

/// One training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// [`crate::protocol::Training::key`].
    pub training: String,
    /// The network's name.
    pub network: String,
    /// The seed of everything drawn.
    pub seed: u64,
    /// The commit that was checked out, with a plus where the tree differed from it.
    pub revision: String,
    /// The recipe.
    pub recipe: Recipe,
    /// What of it was asked for by `--set`, as it was given: what the revision's own recipe does not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settings: Vec<String>,
    /// Clips that trained, chose and were scored.
    pub clips: [usize; 3],
    /// Numbers in the network as it is scored.
    pub parameters: usize,
    /// Operations for a window.
    pub flops: usize,
    /// Bytes of the weights file.
    pub weights_bytes: usize,
    /// The epoch that did best on the validation part.
    pub best_epoch: usize,
    /// What the logits are divided by, fitted on the validation part.
    pub temperature: f32,
    /// The confidence below which an answer is unsure, fitted on the validation part.
    pub unsure_below: f32,
    /// The SHA-256 of the guide that taught it besides, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guide: Option<String>,
    /// Every epoch.
    pub history: Vec<EpochFigures>,
    /// The validation part's answers.
    pub valid: Vec<Answer>,
    /// The scored clips' answers.
    pub test: Vec<Answer>,
}

impl RunRecord {
    /// Where a training's record lies below `results`.
    pub fn path(results: &Path, training: &str, network: &str, seed: u64) -> PathBuf {
        results.join(network).join(format!("{training}-seed-{seed}.json"))
    }

    /// The validation part's accuracy before and after the weights were brought to steps, fractions: of the last epoch that
    /// did not see the steps, or the chosen one, and of the file.
    pub fn quantisation(&self) -> (f64, f64) {
        let before = self.best_epoch - self.recipe.stepped_epochs.min(self.best_epoch);
        let single = self.history.iter().find(|epoch| epoch.epoch == before);
        let right =
            self.valid.iter().filter(|a| metrics::argmax(&a.probabilities) == a.emotion.index()).count();
        (single.map_or(0.0, |epoch| epoch.valid_wa), right as f64 / self.valid.len().max(1) as f64)
    }

    /// Reads the record of a training, if there is one.
    ///
    /// # Errors
    /// When the file can't be read or is damaged.
    pub fn load(path: &Path) -> Result<Option<Self>> {
        if !path.exists() {
            return Ok(None);
        }
        let text = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let record = serde_json::from_slice(&text)
            .with_context(|| format!("{} is damaged: delete it to train anew", path.display()))?;
        Ok(Some(record))
    }

    /// Writes the record, whole or not at all.
    ///
    /// # Errors
    /// When writing fails.
    pub fn save(&self, path: &Path) -> Result<()> {
        let cannot = || format!("cannot write {}", path.display());
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(cannot)?;
        }
        let fresh = path.with_extension("json.new");
        fs::write(&fresh, serde_json::to_vec(self)?).with_context(cannot)?;
        fs::rename(&fresh, path).with_context(cannot)
    }
}

/// The commit that is checked out, for the record; empty where git can't say.
pub fn revision() -> String {
    let git = |arguments: &[&str]| {
        let output = std::process::Command::new("git").args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let commit = git(&["rev-parse", "--short", "HEAD"]).unwrap_or_default();
    match git(&["status", "--porcelain", "--untracked-files=no"]) {
        Some(changes) if !changes.is_empty() => format!("{commit}+"),
        _ => commit,
    }
}
