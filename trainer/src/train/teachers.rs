//! Networks that a student learns from beside the labels.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use burn::{
    module::Module,
    tensor::{Device, Tensor, activation},
};
use serde_json::Deserializer;
use sha2::{Digest, Sha256};
use speech_emotion::model::Network;

use super::{checkpoint::Checkpoints, recipe::Recipe};

/// What stands between a run's data and its teachers.
pub(super) const TAUGHT_BY: &str = " taught by ";

/// Trained networks whose mean answer is part of a student's targets (Hinton et al. 2015). They hear each batch just as
/// the student does, masked and mixed, for what it is worth as it stands (Beyer et al. 2022, "a good teacher is patient
/// and consistent").
#[derive(Debug, Default)]
pub struct Teachers {
    networks: Vec<Network>,
    /// What tells them from others.
    digest: String,
}

impl Teachers {
    /// The best epoch's averaged networks of finished runs, by the folders of their checkpoints. `data` is the
    /// fingerprint of the student's data: whoever learnt from other clips may have heard the student's test side.
    ///
    /// # Errors
    /// When a run is missing, was not finished, or learnt from other clips.
    pub fn load(folders: &[impl AsRef<Path>], data: &str, device: &Device) -> Result<Self> {
        let mut teachers = Self::default();
        let mut add = |folder: &Path| -> Result<()> {
            let checkpoints = Checkpoints::open(folder);
            let standing = checkpoints.standing()?.context("no run was begun there")?;
            let mut recipes = Deserializer::from_str(&standing.recipe).into_iter::<Recipe>();
            let recipe = recipes.next().context("it has no recipe")??;
            let heard = standing.recipe[recipes.byte_offset()..].trim_start_matches(" on ");
            let heard = heard.split(TAUGHT_BY).next().unwrap_or(heard);
            ensure!(heard == data, "expected one that learnt from the same clips ({data}), got {heard}");
            ensure!(
                standing.epochs == recipe.all_epochs(),
                "expected a finished run, got {} of {} epochs",
                standing.epochs,
                recipe.all_epochs()
            );
            let best = fs::read(checkpoints.best())?;
            let network = recipe.network.init(device);
            let network = network.try_load_record(checkpoints.best_weights()?)?;
            teachers.networks.push(network.folded());
            let before = if teachers.digest.is_empty() { TAUGHT_BY } else { ", " };
            teachers.digest += before;
            teachers.digest.extend(Sha256::digest(&best).iter().map(|byte| format!("{byte:02x}")));
            Ok(())
        };
        for folder in folders {
            let folder = folder.as_ref();
            add(folder).with_context(|| format!("no teacher from {}", folder.display()))?;
        }
        Ok(teachers)
    }

    /// What tells a run with these teachers from one with others or none, in which case it's empty.
    pub fn fingerprint(&self) -> &str {
        &self.digest
    }

    /// The mean of their probabilities, `[batch, 8]`, for normalised windows `[STACK_CHANNELS, batch, WINDOW_FRAMES]`,
    /// both on a device that differentiates; nothing is differentiated through them. None where there is no teacher.
    pub fn probabilities(&self, windows: &Tensor<3>) -> Option<Tensor<2>> {
        let windows = windows.clone().inner();
        let answers =
            self.networks.iter().map(|network| activation::softmax(network.forward(windows.clone()), 1));
        let sum = answers.reduce(|sum, answer| sum + answer)?;
        Some(Tensor::from_inner(sum / self.networks.len() as f64))
    }
}
