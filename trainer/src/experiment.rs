//! One training's data: corpora, split, features.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

use crate::{
    cache::{self, Item, Tones},
    corpora::{self, Clip, Corpus, Votes},
    protocol::Training,
    split::{Split, TEST_FRACTION, VALID_FRACTION},
    train::{
        Example,
        guide::{Guide, Lessons},
        recipe::Recipe,
        run::TrainingData,
        teachers::Teachers,
        wording::Sentences,
    },
};

/// Augmented copies of each clip in `legacy`, beside the clean one: one of each kind.
const LEAKY_COPIES: u8 = 4;

/// Where the data are.
#[derive(Debug, Clone, clap::Args)]
pub struct Arguments {
    /// The corpora's folder [default: SER_CORPORA, else ../shared/corpora].
    #[arg(long)]
    pub corpora: Option<PathBuf>,
    /// Where features are kept between runs.
    #[arg(long, default_value = ".cache/features")]
    pub cache: PathBuf,
}

/// What is read of a clip: its index and its variant.
type Request = (usize, u8);

/// The clips of a training and how they are split.
#[derive(Debug)]
pub struct Experiment {
    /// Every clip that is not dropped.
    pub clips: Vec<Clip>,
    /// What CREMA-D's listeners heard, by clip id.
    pub votes: BTreeMap<String, Votes>,
    /// What it is.
    pub training: Training,
    /// The seed of everything drawn.
    pub seed: u64,
    /// What trains, chooses and is scored.
    train: Vec<Request>,
    valid: Vec<Request>,
    test: Vec<Request>,
    noises: Vec<PathBuf>,
    root: PathBuf,
    options: cache::Options,
}

impl Experiment {
    /// Scans the corpora and splits their clips, saying what is left out.
    ///
    /// # Errors
    /// When the corpora are missing or hold no clip.
    pub fn new(arguments: &Arguments, training: Training, seed: u64) -> Result<Self> {
        let root = corpora_folder(arguments.corpora.as_deref())?;
        let scan = corpora::scan(&root)?;
        for skipped in &scan.skipped {
            println!("left out: {}: {}", skipped.path.display(), skipped.reason);
        }
        let counts: Vec<String> =
            Corpus::ALL.iter().map(|&corpus| format!("{} {}", corpus.name(), scan.count(corpus))).collect();
        println!("{} clips: {}", scan.clips.len(), counts.join(", "));
        let [train, valid, test] = match training {
            Training::Legacy => leaky(scan.clips.len(), seed),
            _ => {
                let Split { train, valid, test } = training.split(&scan.clips, seed);
                [train, valid, test].map(|clips| cache::requests(&clips, 0))
            }
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let experiment = Self {
            noises: corpora::noise_files(&root)?,
            root: root.clone(),
            votes: corpora::votes(&root)?,
            clips: scan.clips,
            training,
            seed,
            train,
            valid,
            test,
            options: cache::Options { folder: arguments.cache.clone(), seed, tones: Tones::Chroma, threads },
        };
        let [train, valid, test] = experiment.counts();
        println!("{}: {train} train, {valid} valid, {test} test", training.key());
        Ok(experiment)
    }

    /// The same with these tones in the place of chroma.
    #[must_use]
    pub fn with_tones(mut self, tones: Tones) -> Self {
        self.options.tones = tones;
        self
    }

    /// How many clips train, choose and are scored; for `legacy`, copies counted each.
    pub fn counts(&self) -> [usize; 3] {
        [self.train.len(), self.valid.len(), self.test.len()]
    }

    /// What is scored.
    pub fn test_clips(&self) -> impl Iterator<Item = &Clip> {
        self.test.iter().map(|&(clip, _)| &self.clips[clip])
    }

    /// The features of what trains: every clip as it is and in so many augmented copies, which only this side has. In
    /// `legacy` the copies were split and are what they are.
    ///
    /// # Errors
    /// When the cache can't be read or written, or nothing is left. Clips that can't be read are named and left out.
    pub fn train_features(&self, copies: u8) -> Result<Vec<Item>> {
        match self.training {
            Training::Legacy => self.features(&self.train),
            _ => self.features(&copied(&self.train, copies)),
        }
    }

    /// The features of what chooses the epoch and fits the temperature.
    ///
    /// # Errors
    /// As for [`Self::train_features`].
    pub fn valid_features(&self) -> Result<Vec<Item>> {
        self.features(&self.valid)
    }

    /// The features of what is scored; none where nothing is.
    ///
    /// # Errors
    /// As for [`Self::train_features`].
    pub fn test_features(&self) -> Result<Vec<Item>> {
        if self.test.is_empty() { Ok(Vec::new()) } else { self.features(&self.test) }
    }

    /// The clips that choose the epoch and fit the temperature.
    pub fn valid_clips(&self) -> impl Iterator<Item = &Clip> {
        self.valid.iter().map(|&(clip, _)| &self.clips[clip])
    }

    /// The recordings of background noise.
    pub fn noise_files(&self) -> &[PathBuf] {
        &self.noises
    }

    fn features(&self, requests: &[Request]) -> Result<Vec<Item>> {
        let features = cache::features(&self.clips, requests, &self.noises, &self.options)?;
        for failure in &features.failures {
            println!("left out: {}: {}", failure.path.display(), failure.error);
        }
        ensure!(!features.items.is_empty(), "expected features of {} clips, got none", requests.len());
        Ok(features.items)
    }

    /// What a guide says of the clips that train.
    ///
    /// # Errors
    /// When it lacks some.
    pub fn lessons(&self, guide: &Guide) -> Result<Lessons> {
        let mut clips: Vec<usize> = self.train.iter().map(|request| request.0).collect();
        clips.sort_unstable();
        clips.dedup();
        guide.lessons(clips.into_iter().map(|clip| {
            let path = &self.clips[clip].path;
            (clip, path.strip_prefix(&self.root).unwrap_or(path))
        }))
    }

    /// What a run learns from: the training side in all its variants, the validation part clean. The normalisation
    /// comes from the training side's clean clips alone. Of the recipe `votes`, `without_copies` and `wording` are done
    /// here.
    pub fn training_data<'a>(
        &self,
        train: &'a [Item],
        valid: &'a [Item],
        recipe: &Recipe,
        lessons: &'a Lessons,
    ) -> TrainingData<'a, Item> {
        let (mean, deviation) = cache::statistics(train.iter().filter(|item| item.variant == cache::CLEAN));
        let sentences =
            Sentences::of(self.train.iter().map(|request| &self.clips[request.0]), &recipe.wording);
        let example = |item: &'a Item| {
            let clip = &self.clips[item.clip];
            let mut example = Example::new(item, clip.emotion, clip.corpus);
            example.guide = lessons.of(item.clip);
            example.said = sentences.said(clip);
            match self.votes.get(&clip.id) {
                Some(heard) => example.with_votes(heard, recipe.votes),
                None => example,
            }
        };
        TrainingData {
            train: drawn(train, recipe)
                .into_iter()
                .map(|items| items.into_iter().map(example).collect())
                .collect(),
            valid: valid.iter().map(example).collect(),
            fingerprint: fingerprint(train.len() + valid.len(), recipe.tones, &mean),
            mean,
            deviation,
            teachers: Teachers::default(),
            lessons,
            sentences: sentences.len(),
        }
    }
}

/// Each clip's variants that the recipe draws. In `legacy` a clip may have copies alone, and all of them be left out: it is
/// left out itself then.
fn drawn<'a>(items: &'a [Item], recipe: &Recipe) -> Vec<Vec<&'a Item>> {
    items
        .chunk_by(|a, b| a.clip == b.clip)
        .map(|items| items.iter().filter(|item| recipe.draws_variant(item.variant)).collect())
        .filter(|variants: &Vec<_>| !variants.is_empty())
        .collect()
}

/// What tells data from others: how many items, of which input, and their normalisation.
fn fingerprint(items: usize, tones: Tones, mean: &[f32]) -> String {
    let with = match tones {
        Tones::Chroma => String::new(),
        Tones::Pitch => " with pitch".to_owned(),
        other => format!(" with {other:?}"),
    };
    format!("{items} items{with}, mean {:?}", &mean[..4])
}

/// The same clips, in so many copies beside the clean one.
fn copied(clean: &[Request], copies: u8) -> Vec<Request> {
    let clips: Vec<usize> = clean.iter().map(|request| request.0).collect();
    cache::requests(&clips, copies)
}

/// Copies first, then the split: what `legacy` is about.
fn leaky(clips: usize, seed: u64) -> [Vec<Request>; 3] {
    let mut items = cache::requests(&(0..clips).collect::<Vec<_>>(), LEAKY_COPIES);
    items.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    let test = items.split_off(items.len() - (items.len() as f64 * TEST_FRACTION) as usize);
    let valid = items.split_off(items.len() - (items.len() as f64 * VALID_FRACTION) as usize);
    items.sort_unstable();
    [items, valid, test]
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

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::augment::Kind;

    #[test]
    fn legacy_has_copies_of_one_clip_on_both_sides_but_no_copy_twice() {
        let [train, valid, test] = leaky(500, 1);
        let all: HashSet<Request> = train.iter().chain(&valid).chain(&test).copied().collect();
        assert_eq!(all.len(), 500 * (usize::from(LEAKY_COPIES) + 1));
        assert_eq!(train.len() + valid.len() + test.len(), all.len());
        let heard: HashSet<usize> = train.iter().map(|request| request.0).collect();
        let leaked = test.iter().filter(|request| heard.contains(&request.0)).count();
        assert!(leaked * 10 > test.len() * 9, "{leaked} of {}", test.len());
    }

    #[test]
    fn a_clip_whose_copies_are_all_left_out_is_not_drawn() {
        let item = |clip, variant| Item { clip, variant, frames: 0, data: Vec::new() };
        // Of clip 1 the training side got a copy with noise alone.
        let items = [item(0, 0), item(0, 1), item(1, 1), item(2, 1), item(2, 3)];
        let recipe = Recipe { without_copies: vec![Kind::Noise], ..Recipe::default() };
        let variants = |recipe: &Recipe| -> Vec<Vec<(usize, u8)>> {
            let drawn = drawn(&items, recipe).into_iter();
            drawn.map(|items| items.iter().map(|item| (item.clip, item.variant)).collect()).collect()
        };
        assert_eq!(variants(&recipe), [vec![(0, 0)], vec![(2, 3)]]);
        assert_eq!(variants(&Recipe::default()).concat().len(), items.len());
    }

    #[test]
    fn data_of_another_input_are_other_data() {
        let mean = [0.5; 101];
        let all = [Tones::Chroma, Tones::Pitch, Tones::Contrast, Tones::Deltas, Tones::LongFrames];
        let apart: HashSet<String> = all.iter().map(|&tones| fingerprint(9, tones, &mean)).collect();
        assert_eq!(apart.len(), all.len());
        assert_ne!(fingerprint(9, Tones::Chroma, &mean), fingerprint(8, Tones::Chroma, &mean));
        assert_eq!(
            fingerprint(9, Tones::Chroma, &mean),
            "9 items, mean [0.5, 0.5, 0.5, 0.5]",
            "as checkpoints know it"
        );
    }

    #[test]
    fn copies_are_of_the_same_clips() {
        let clean = cache::requests(&[0, 3], 0);
        assert_eq!(clean, [(0, cache::CLEAN), (3, cache::CLEAN)]);
        assert_eq!(copied(&clean, 2), [(0, 0), (0, 1), (0, 2), (3, 0), (3, 1), (3, 2)]);
    }
}
