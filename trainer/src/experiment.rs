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
    split::{Split, combined_random},
    train::{Example, run::TrainingData},
};

/// Augmented copies of each training clip beside the clean one: noise, time stretching, pitch shifting.
const COPIES: u8 = 3;

/// The protocol's identifier, as the model card names it.
pub const COMBINED_RANDOM: &str = "combined-random";

/// Where the corpora are and where features are kept.
#[derive(Debug, Clone)]
pub struct Places {
    /// The folder of the four corpora.
    pub corpora: PathBuf,
    /// The folder of the feature files.
    pub cache: PathBuf,
}

/// The clips of a protocol and how they are split.
#[derive(Debug)]
pub struct Experiment {
    /// Every clip that is not dropped.
    pub clips: Vec<Clip>,
    /// Who trains, who chooses, who is scored.
    pub split: Split,
    noises: Vec<PathBuf>,
    options: cache::Options,
}

impl Experiment {
    /// Scans the corpora and splits their clips for `combined-random`, saying what is left out.
    ///
    /// # Errors
    /// When the corpora are missing or hold no clip.
    pub fn combined_random(places: &Places, seed: u64) -> Result<Self> {
        let scan = corpora::scan(&places.corpora)?;
        for skipped in &scan.skipped {
            println!("left out: {}: {}", skipped.path.display(), skipped.reason);
        }
        let counts: Vec<String> =
            Corpus::ALL.iter().map(|&corpus| format!("{} {}", corpus.name(), scan.count(corpus))).collect();
        println!("{} clips: {}", scan.clips.len(), counts.join(", "));
        let split = combined_random(&scan.clips, seed);
        println!("{} train, {} valid, {} test", split.train.len(), split.valid.len(), split.test.len());
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self {
            noises: corpora::noise_files(&places.corpora)?,
            clips: scan.clips,
            split,
            options: cache::Options { folder: places.cache.clone(), seed, threads },
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

/// What scoring a network on some clips gave.
#[derive(Debug)]
pub struct Outcome {
    /// Over all the clips.
    pub scores: Scores,
    /// 95 % intervals, by bootstrap over clips.
    pub intervals: Intervals,
    /// Of each corpus's clips.
    pub per_corpus: Vec<(Corpus, Scores)>,
}

/// Scores a network on clips by their features.
///
/// # Errors
/// When there are no clips.
pub fn score(network: &Network, clips: &[Clip], items: &[Item], seed: u64) -> Result<Outcome> {
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
    Ok(Outcome {
        scores: Scores::new(&probabilities, &labels)?,
        intervals: bootstrap(&probabilities, &labels, None, seed)?,
        per_corpus: parts.into_iter().flatten().collect(),
    })
}

/// The corpora's folder: what was asked for, else the variable `SER_CORPORA`, else `../shared/corpora`.
///
/// # Errors
/// When there is no such folder.
pub fn corpora_folder(asked: Option<&Path>) -> Result<PathBuf> {
    let folder = asked
        .map(Path::to_path_buf)
        .or_else(|| std::env::var_os("SER_CORPORA").map(PathBuf::from))
        .unwrap_or_else(|| PathBuf::from("../shared/corpora"));
    ensure!(folder.is_dir(), "expected the corpora's folder at {}: name it by --corpora", folder.display());
    std::fs::canonicalize(&folder).with_context(|| format!("cannot use {}", folder.display()))
}
