//! One training from start to record: features, the loop, temperature, the file that would ship, its answers.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use burn::module::Module;
use rayon::prelude::*;
use speech_emotion::{
    Emotion,
    model::{self, Network, NetworkConfig, window::FrameSource},
};

use crate::{
    backend,
    cache::Item,
    calibration,
    corpora::plurality,
    experiment::{self, Experiment},
    protocol::Training,
    results::{Answer, RunRecord, revision},
    train::{
        checkpoint::Checkpoints,
        export,
        guide::{Guide, Lessons},
        recipe::Recipe,
        run, settings,
        teachers::Teachers,
    },
};

/// The networks by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum NetworkName {
    /// The one that ships.
    Compact,
    /// Three plain convolutions, flatten, dense: the baseline.
    Textbook,
}

impl NetworkName {
    /// The name in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Compact => "compact",
            Self::Textbook => "textbook",
        }
    }

    /// The layout.
    pub fn config(self) -> NetworkConfig {
        match self {
            Self::Compact => NetworkConfig::compact(),
            Self::Textbook => NetworkConfig::textbook(),
        }
    }
}

/// How a command trains.
#[derive(Debug, Clone, clap::Args)]
pub struct Arguments {
    /// Where the data are.
    #[command(flatten)]
    pub data: experiment::Arguments,
    /// Where checkpoints and weights go.
    #[arg(long, default_value = "runs")]
    pub runs: PathBuf,
    /// Which network.
    #[arg(long, default_value = "compact")]
    pub network: NetworkName,
    /// Passes over the training clips.
    #[arg(long, default_value_t = Recipe::default().epochs)]
    pub epochs: usize,
    /// The runs of teachers, folders as `--runs` leaves them, whose answers become part of the targets. Each must hold
    /// the same training, finished.
    #[arg(long = "teacher", value_name = "RUNS")]
    pub teachers: Vec<PathBuf>,
    /// What another network hears in each clip, to be learnt beside the emotion: a file that `examples/guide.py` makes.
    #[arg(long)]
    pub guide: Option<PathBuf>,
    /// Change the recipe: a path in it and a JSON value, as `batch.mixup_share=0`.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub settings: Vec<String>,
}

impl Arguments {
    /// The recipe of a run.
    ///
    /// # Errors
    /// For a change that doesn't fit.
    pub fn recipe(&self, seed: u64) -> Result<Recipe> {
        let recipe =
            Recipe { network: self.network.config(), epochs: self.epochs, seed, ..Recipe::default() };
        settings::changed(&recipe, &self.settings)
    }
}

/// Where a run's state lies in its folder.
const CHECKPOINTS: &str = "checkpoints";

/// The folder of one run.
pub fn folder(runs: &Path, training: Training, network: NetworkName, seed: u64) -> PathBuf {
    runs.join(network.id()).join(format!("{}-seed-{seed}", training.key()))
}

/// Trains, resuming where an earlier call stopped, and scores the test side once, by the file that would ship, on
/// the library's own backend. The weights lie in the run's folder as `speech_emotion.weights`.
///
/// # Errors
/// When data, checkpoints or weights can't be read or written, or what is to train isn't there.
pub fn run(arguments: &Arguments, training: Training, seed: u64) -> Result<RunRecord> {
    backend::check()?;
    let recipe = arguments.recipe(seed)?;
    // Of the tree that it begins with: hours later it may be another.
    let revision = revision();
    let folder = folder(&arguments.runs, training, arguments.network, seed);
    let checkpoints = Checkpoints::new(&folder.join(CHECKPOINTS))?;
    let experiment = Experiment::new(&arguments.data, training, seed)?.with_tones(recipe.tones);
    let valid = experiment.valid_features()?;
    // Before the features, which take longer.
    let lessons = match &arguments.guide {
        Some(path) => experiment.lessons(&Guide::load(path)?)?,
        None => Lessons::default(),
    };
    let (network, history) = {
        let train = experiment.train_features(recipe.copies)?;
        let mut data = experiment.training_data(&train, &valid, &recipe, &lessons);
        let teachers: Vec<_> = arguments
            .teachers
            .iter()
            .map(|runs| self::folder(runs, training, arguments.network, seed).join(CHECKPOINTS))
            .collect();
        data.teachers = Teachers::load(&teachers, &data.fingerprint, &backend::device())?;
        run::train(&data, &recipe, &checkpoints, &backend::device())?
    };
    let labels: Vec<Emotion> = valid.iter().map(|item| experiment.clips[item.clip].emotion).collect();
    let rows = probabilities(&network, &valid);
    let temperature = calibration::temperature(&rows, &labels);
    let tempered: Vec<_> = rows.into_iter().map(|row| calibration::tempered(row, temperature)).collect();
    let unsure_below = calibration::unsure_below(&tempered, &labels);
    let network = network.cooled(temperature).with_unsure_below(unsure_below);
    // One corpus's network says nothing of emotions that the corpus lacks.
    let network = match training.corpora()[..] {
        [corpus] => network.restricted(corpus.emotions()),
        _ => network,
    };
    let bytes = export::weights_file(&network)?;
    let path = folder.join(model::WEIGHTS_FILE);
    fs::write(&path, &bytes).with_context(|| format!("cannot write {}", path.display()))?;
    let scored = model::weights::decode_as(&recipe.network, &bytes, &model::device())?;
    let answers = |items: &[Item]| -> Vec<Answer> {
        let answered = items.iter().zip(probabilities(&scored, items));
        answered
            .map(|(item, row)| {
                let clip = &experiment.clips[item.clip];
                Answer::new(clip, experiment.votes.get(&clip.id).and_then(plurality), row)
            })
            .collect()
    };
    Ok(RunRecord {
        training: training.key(),
        network: arguments.network.id().to_owned(),
        seed,
        revision,
        settings: arguments.settings.clone(),
        clips: experiment.counts(),
        parameters: scored.num_params(),
        flops: scored.flops(),
        weights_bytes: bytes.len(),
        best_epoch: run::best_epoch(&history, &recipe),
        temperature,
        unsure_below,
        guide: lessons.digest().map(str::to_owned),
        history,
        valid: answers(&valid),
        test: answers(&experiment.test_features()?),
        recipe,
    })
}

/// A network's answers for some items.
pub fn probabilities(network: &Network, items: &[impl FrameSource + Sync]) -> Vec<[f32; Emotion::COUNT]> {
    let network = network.clone().into_inference();
    let answers =
        items.par_iter().map_init(|| network.scratch(), |scratch, item| network.probabilities(item, scratch));
    answers.collect()
}
