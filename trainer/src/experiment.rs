//! One protocol's data: corpora, split, features, and what a run on them is scored by.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use speech_emotion::{
    Emotion,
    model::{Network, window::Normalization},
};

use crate::{
    cache::{self, Item},
    corpora::{self, Clip, Corpus},
    metrics::{Intervals, Scores, bootstrap},
    split::{FOLDS, Split, combined_random, combined_speaker},
    train::{Example, run::TrainingData},
};

/// Augmented copies of each training clip beside the clean one: noise, time stretching, pitch shifting.
const COPIES: u8 = 3;

/// How clips are split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Protocol {
    /// By clip, 80 to 20, stratified by corpus and emotion.
    CombinedRandom,
    /// By speaker, one of five joint folds: no test speaker is heard in training.
    CombinedSpeaker,
}

/// Which data a command works on.
#[derive(Debug, Clone, clap::Args)]
pub struct Arguments {
    /// The corpora's folder [default: SER_CORPORA, else ../shared/corpora].
    #[arg(long)]
    pub corpora: Option<PathBuf>,
    /// Where features are kept between runs.
    #[arg(long, default_value = ".cache/features")]
    pub cache: PathBuf,
    /// How the clips are split.
    #[arg(long, default_value = "combined-random")]
    pub protocol: Protocol,
    /// The fold that is scored, for combined-speaker.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=FOLDS as i64))]
    pub fold: u8,
    /// Seed of the split, the augmentation and the run.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

impl Arguments {
    /// The protocol's identifier, with the fold where there are several.
    pub fn id(&self) -> String {
        match self.protocol {
            Protocol::CombinedRandom => "combined-random".to_owned(),
            Protocol::CombinedSpeaker => format!("combined-speaker-fold-{}", self.fold),
        }
    }
}

/// The clips of a protocol and how they are split.
#[derive(Debug)]
pub struct Experiment {
    /// Every clip that is not dropped.
    pub clips: Vec<Clip>,
    /// Who trains, who chooses, who is scored.
    pub split: Split,
    /// The protocol's identifier.
    pub id: String,
    /// The seed of everything drawn.
    pub seed: u64,
    /// Whether the interval is drawn over speakers and not over clips.
    by_speaker: bool,
    noises: Vec<PathBuf>,
    options: cache::Options,
}

impl Experiment {
    /// Scans the corpora and splits their clips, saying what is left out.
    ///
    /// # Errors
    /// When the corpora are missing or hold no clip.
    pub fn new(arguments: &Arguments) -> Result<Self> {
        let seed = arguments.seed;
        let root = corpora_folder(arguments.corpora.as_deref())?;
        let scan = corpora::scan(&root)?;
        for skipped in &scan.skipped {
            println!("left out: {}: {}", skipped.path.display(), skipped.reason);
        }
        let counts: Vec<String> =
            Corpus::ALL.iter().map(|&corpus| format!("{} {}", corpus.name(), scan.count(corpus))).collect();
        println!("{} clips: {}", scan.clips.len(), counts.join(", "));
        let split = match arguments.protocol {
            Protocol::CombinedRandom => combined_random(&scan.clips, seed),
            Protocol::CombinedSpeaker => combined_speaker(&scan.clips, usize::from(arguments.fold) - 1, seed),
        };
        println!("{} train, {} valid, {} test", split.train.len(), split.valid.len(), split.test.len());
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self {
            noises: corpora::noise_files(&root)?,
            clips: scan.clips,
            split,
            id: arguments.id(),
            seed,
            by_speaker: arguments.protocol == Protocol::CombinedSpeaker,
            options: cache::Options { folder: arguments.cache.clone(), seed, threads },
        })
    }

    /// The features of the clips at `indices`, clean, or with the augmented copies of a training side.
    ///
    /// # Errors
    /// When the cache can't be read or written. Clips that can't be read are named and left out.
    pub fn features(&self, indices: &[usize], augmented: bool) -> Result<Vec<Item>> {
        let requests = cache::requests(indices, if augmented { COPIES } else { 0 });
        let features = cache::features(&self.clips, &requests, &self.noises, &self.options)?;
        for failure in &features.failures {
            println!("left out: {}: {}", failure.path.display(), failure.error);
        }
        ensure!(!features.items.is_empty(), "expected features of {} clips, got none", indices.len());
        Ok(features.items)
    }

    /// What a run learns from: the training side in all its variants, the validation part clean. The
    /// normalisation comes from the training side's clean clips alone.
    pub fn training_data<'a>(&self, train: &'a [Item], valid: &'a [Item]) -> TrainingData<'a, Item> {
        let (mean, deviation) = cache::statistics(train.iter().filter(|item| item.variant == cache::CLEAN));
        let example = |item: &'a Item| Example { source: item, emotion: self.clips[item.clip].emotion };
        let variants = train.chunk_by(|a, b| a.clip == b.clip);
        TrainingData {
            train: variants.map(|items| items.iter().map(example).collect()).collect(),
            valid: valid.iter().map(example).collect(),
            fingerprint: format!("{} items, mean {:?}", train.len() + valid.len(), &mean[..4]),
            mean,
            deviation,
        }
    }
}

/// What scoring a network on the test side gave.
#[derive(Debug)]
pub struct Outcome {
    /// Over all the clips.
    pub scores: Scores,
    /// 95 % intervals, by bootstrap over clips, or over speakers where the split is by speaker.
    pub intervals: Intervals,
    /// Of each corpus's clips.
    pub per_corpus: Vec<(Corpus, Scores)>,
}

/// Scores a network on the test side.
///
/// # Errors
/// When its features can't be made.
pub fn score(network: &Network, experiment: &Experiment) -> Result<Outcome> {
    let items = experiment.features(&experiment.split.test, false)?;
    let clips = &experiment.clips;
    let normalization: Normalization = network.normalization();
    let probabilities: Vec<[f32; Emotion::COUNT]> =
        items.iter().map(|item| network.probabilities(item, &normalization)).collect();
    let labels: Vec<Emotion> = items.iter().map(|item| clips[item.clip].emotion).collect();
    let part = |corpus: Corpus| -> Result<Option<(Corpus, Scores)>> {
        let (rows, names): (Vec<_>, Vec<_>) = (0..items.len())
            .filter(|&n| clips[items[n].clip].corpus == corpus)
            .map(|n| (probabilities[n], labels[n]))
            .unzip();
        Ok(if rows.is_empty() { None } else { Some((corpus, Scores::new(&rows, &names)?)) })
    };
    let parts = Corpus::ALL.into_iter().map(part).collect::<Result<Vec<_>>>()?;
    let speakers: Vec<String> = items.iter().map(|item| clips[item.clip].speaker_id()).collect();
    let groups = experiment.by_speaker.then_some(speakers.as_slice());
    Ok(Outcome {
        scores: Scores::new(&probabilities, &labels)?,
        intervals: bootstrap(&probabilities, &labels, groups, experiment.seed)?,
        per_corpus: parts.into_iter().flatten().collect(),
    })
}

/// The corpora's folder: what was asked for, else the variable `SER_CORPORA`, else `../shared/corpora`.
///
/// # Errors
/// When there is no such folder.
fn corpora_folder(asked: Option<&Path>) -> Result<PathBuf> {
    let folder = asked
        .map(Path::to_path_buf)
        .or_else(|| std::env::var_os("SER_CORPORA").map(PathBuf::from))
        .unwrap_or_else(|| PathBuf::from("../shared/corpora"));
    ensure!(folder.is_dir(), "expected the corpora's folder at {}: name it by --corpora", folder.display());
    std::fs::canonicalize(&folder).with_context(|| format!("cannot use {}", folder.display()))
}
