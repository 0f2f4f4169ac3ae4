//! Checkpoints: everything that a run needs to go on as if it had never stopped.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use burn::{module::Module, optim::ModuleOptimizer, store::ModuleRecord, tensor::Bytes};
use serde::{Deserialize, Serialize};

use super::{ema::Ema, run::EpochFigures, student::Student};

/// Where a run stands after a whole epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// Epochs done.
    pub epochs: usize,
    /// Steps done.
    pub steps: usize,
    /// What each epoch gave.
    pub history: Vec<EpochFigures>,
    /// The epoch, counted from 1, whose averaged weights did best on the validation part.
    pub best_epoch: usize,
    /// The fingerprint of the run's recipe; a checkpoint of another recipe is refused.
    pub recipe: String,
}

/// The checkpoints of one run: a folder with the latest state and the best weights.
#[derive(Debug, Clone)]
pub struct Checkpoints {
    folder: PathBuf,
}

impl Checkpoints {
    /// Uses `folder`, making it where it is missing.
    ///
    /// # Errors
    /// When it can't be made or written to: found here, before an hour of training.
    pub fn new(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        let probe = folder.join(".writable");
        fs::write(&probe, b"").with_context(|| format!("cannot write to the folder {}", folder.display()))?;
        fs::remove_file(&probe)
            .with_context(|| format!("cannot write to the folder {}", folder.display()))?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// Those of a run that is to be read alone.
    pub fn open(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// The averaged weights of the best epoch, as a record.
    pub fn best(&self) -> PathBuf {
        self.folder.join("best.bpk")
    }

    /// The same, read.
    ///
    /// # Errors
    /// When the file is missing or damaged.
    pub fn best_weights(&self) -> Result<ModuleRecord> {
        record(&self.best())
    }

    fn state(&self, epoch: usize) -> PathBuf {
        self.folder.join(format!("epoch-{epoch:03}"))
    }

    fn progress(&self) -> PathBuf {
        self.folder.join("progress.json")
    }

    /// Saves the state after an epoch. `progress.json` is replaced last and whole, so that an interruption
    /// leaves the epoch before.
    ///
    /// # Errors
    /// When writing fails.
    pub fn save(
        &self,
        student: &Student,
        ema: &Ema,
        optimizer: &ModuleOptimizer,
        progress: &Standing,
    ) -> Result<()> {
        let state = self.state(progress.epochs);
        fs::create_dir_all(&state).with_context(|| format!("cannot make {}", state.display()))?;
        student.clone().into_record().save(state.join("network.bpk"))?;
        ema.network().clone().into_record().save(state.join("ema.bpk"))?;
        optimizer.save(state.join("optimizer.bpk"))?;
        if progress.best_epoch == progress.epochs {
            ema.network().clone().into_record().save(self.best())?;
        }
        let fresh = self.folder.join("progress.json.new");
        fs::write(&fresh, serde_json::to_vec_pretty(progress)?)?;
        fs::rename(&fresh, self.progress())?;
        if let Some(before) = progress.epochs.checked_sub(1) {
            // The state before is no longer needed; that it's still there does no harm.
            let _ = fs::remove_dir_all(self.state(before));
        }
        Ok(())
    }

    /// How far a run of this recipe came, if one was begun.
    ///
    /// # Errors
    /// When the file is damaged, or the run had another recipe.
    pub fn progress_of(&self, recipe: &str) -> Result<Option<Standing>> {
        let progress = self.standing()?;
        anyhow::ensure!(
            progress.as_ref().is_none_or(|progress| progress.recipe == recipe),
            "{} holds a run of another recipe: choose another folder, or delete it to start anew",
            self.folder.display()
        );
        Ok(progress)
    }

    /// How far a run came, whatever its recipe, if one was begun.
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn standing(&self) -> Result<Option<Standing>> {
        let path = self.progress();
        if !path.exists() {
            return Ok(None);
        }
        serde_json::from_slice(&fs::read(&path)?)
            .with_context(|| format!("{} is damaged: delete its folder to start anew", path.display()))
    }

    /// Loads the state of `progress` into a network, its average and its optimizer of the same layout.
    ///
    /// # Errors
    /// When a file is missing or damaged.
    pub fn load(
        &self,
        student: Student,
        optimizer: ModuleOptimizer,
        decay: f64,
        progress: &Standing,
    ) -> Result<(Student, Ema, ModuleOptimizer)> {
        let state = self.state(progress.epochs);
        let average = student.network.valid().try_load_record(record(&state.join("ema.bpk"))?)?;
        let student = student.try_load_record(record(&state.join("network.bpk"))?)?;
        let moments = state.join("optimizer.bpk");
        let optimizer = optimizer.from_bytes(bytes(&moments)?).with_context(|| unreadable(&moments))?;
        Ok((student, Ema::resume(average, decay), optimizer))
    }
}

fn record(path: &Path) -> Result<ModuleRecord> {
    ModuleRecord::from_bytes(bytes(path)?).with_context(|| unreadable(path))
}

/// A whole file. Burn's own `load` leaves the tensors in it until a GPU wants them, by when the file may be another or gone.
fn bytes(path: &Path) -> Result<Bytes> {
    Ok(Bytes::from_bytes_vec(fs::read(path).with_context(|| unreadable(path))?))
}

fn unreadable(path: &Path) -> String {
    format!("cannot load {}", path.display())
}

#[cfg(test)]
mod tests {
    use burn::{
        optim::AdamWConfig,
        tensor::{Tensor, Tolerance},
    };
    use speech_emotion::{
        features::STACK_CHANNELS,
        model::{NetworkConfig, window::WINDOW_FRAMES},
    };
    use temp_dir::TempDir;

    use super::*;
    use crate::backend;

    #[test]
    fn what_was_loaded_does_not_want_the_files_again() -> Result<()> {
        let device = backend::device().autodiff();
        let student = || Student::new(NetworkConfig::textbook().init(&device), 2, 0, 0.0, &device);
        let optimizer = || AdamWConfig::new().init();
        let saved = student();
        let ema = Ema::new(&saved.network, 0.9);
        let standing =
            Standing { epochs: 1, steps: 1, history: vec![], best_epoch: 1, recipe: String::new() };
        let folder = TempDir::new()?;
        let checkpoints = Checkpoints::new(folder.path())?;
        checkpoints.save(&saved, &ema, &optimizer(), &standing)?;
        let (loaded, average, _) = checkpoints.load(student(), optimizer(), 0.9, &standing)?;
        let best = student().network.valid().try_load_record(checkpoints.best_weights()?)?;
        fs::remove_dir_all(folder.path())?;
        let windows = |device| Tensor::<3>::ones([STACK_CHANNELS, 1, WINDOW_FRAMES], device);
        let plain = windows(&backend::device());
        let expected = saved.network.valid().forward(plain.clone()).into_data();
        for (name, network) in
            [("network", &loaded.network.valid()), ("average", average.network()), ("best", &best)]
        {
            println!("{name}");
            network
                .forward(plain.clone())
                .into_data()
                .assert_approx_eq::<f32>(&expected, Tolerance::default());
        }
        Ok(())
    }
}
