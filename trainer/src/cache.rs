//! Features on disk: each clip and variant is computed once and loaded from then on.
//!
//! The file's name and header are a fingerprint of the corpora, the noise, the seed and of what the code
//! makes of a known signal: changed audio or changed code gives another file. What is computed is appended
//! at once, so that an interrupted run goes on where it stopped.

mod compute;
mod store;
mod tones;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use half::{f16, slice::HalfFloatSliceExt};
use rayon::prelude::*;
use speech_emotion::{features::STACK_CHANNELS, model::window::FrameSource};

use crate::{Result, TrainerError, corpora::Clip, progress::Progress};
use compute::{fingerprint, load_noises, stack_of};
use store::{Key, Store};
use tones::Stack;
pub use tones::{Tones, by_name_or_pitch};

/// Jobs between two writes: what an interruption costs.
const JOBS_PER_WRITE: usize = 64;

/// The variant that is the clip as it is; from 1 on come augmented copies, noise, stretched, pitch-shifted and by
/// another way in turn.
pub const CLEAN: u8 = 0;

/// Where and how features are made.
#[derive(Debug, Clone)]
pub struct Options {
    /// The folder of the feature files; made when missing.
    pub folder: PathBuf,
    /// Draws the augmentations, together with the clip's id and the variant.
    pub seed: u64,
    /// What stands in the place of chroma.
    pub tones: Tones,
    /// How many threads compute.
    pub threads: usize,
}

/// The features of one clip in one variant.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The clip's index.
    pub clip: usize,
    /// [`CLEAN`], or the number of the augmented copy.
    pub variant: u8,
    /// How many frames there are.
    pub frames: usize,
    /// The input stack, row-major, `[STACK_CHANNELS, frames]`.
    pub data: Vec<f16>,
}

impl FrameSource for Item {
    fn frames(&self) -> usize {
        self.frames
    }

    fn read(&self, channel: usize, start: usize, out: &mut [f32]) {
        let start = channel * self.frames + start;
        self.data[start..start + out.len()].convert_to_f32_slice(out);
    }
}

/// A file whose features could not be made.
#[derive(Debug)]
pub struct Failure {
    /// The clip's or the noise's file.
    pub path: PathBuf,
    /// What was wrong with it.
    pub error: TrainerError,
}

/// What was asked for, less what failed.
#[derive(Debug, Default)]
pub struct Features {
    /// In the order of the requests.
    pub items: Vec<Item>,
    /// File by file; their requests have no item.
    pub failures: Vec<Failure>,
}

/// Every clip of `indices` in `copies + 1` variants, clean first: the requests of a training side. With no
/// copies, those of a validation or test side.
pub fn requests(indices: &[usize], copies: u8) -> Vec<(usize, u8)> {
    indices.iter().flat_map(|&clip| (0..=copies).map(move |variant| (clip, variant))).collect()
}

/// Loads or computes the features of `requests`: pairs of an index into `clips` and a variant.
///
/// `noises` are files of background noise; generated noise takes their place where there are none. Files that
/// can't be read are reported in the result and left out.
///
/// # Errors
/// [`TrainerError::Io`] when the cache or a clip's size can't be read or written, [`TrainerError::Values`] for a
/// request beyond the clips.
pub fn features(
    clips: &[Clip],
    requests: &[(usize, u8)],
    noises: &[PathBuf],
    options: &Options,
) -> Result<Features> {
    if let Some(&(clip, _)) = requests.iter().find(|request| request.0 >= clips.len()) {
        return Err(TrainerError::Values {
            what: "requests",
            expected: format!("indices under {}", clips.len()),
            got: clip.to_string(),
        });
    }
    fs::create_dir_all(&options.folder).map_err(TrainerError::io(&options.folder))?;
    let fingerprint = fingerprint(clips, noises, options)?;
    let mut store = Store::open(&file_of(&options.folder, &fingerprint), &fingerprint)?;

    let mut jobs: BTreeMap<usize, Vec<u8>> = BTreeMap::new();
    for &(clip, variant) in requests {
        let variants = jobs.entry(clip).or_default();
        if !store.contains(&Key::new(&clips[clip].id, variant)) && !variants.contains(&variant) {
            variants.push(variant);
        }
    }
    jobs.retain(|_, variants| !variants.is_empty());
    let mut features = Features::default();
    if !jobs.is_empty() {
        features.failures = fill(&mut store, clips, jobs.into_iter().collect(), noises, options)?;
    }
    for &(clip, variant) in requests {
        if let Some(data) = store.read(&Key::new(&clips[clip].id, variant))? {
            features.items.push(Item { clip, variant, frames: data.len() / STACK_CHANNELS, data });
        }
    }
    Ok(features)
}

/// The mean and the standard deviation of every channel over all frames of `items`, `[STACK_CHANNELS]` each.
pub fn statistics<'a>(items: impl IntoIterator<Item = &'a Item>) -> (Vec<f32>, Vec<f32>) {
    let mut sums = vec![[0.0_f64; 2]; STACK_CHANNELS];
    let mut frames = 0;
    for item in items {
        frames += item.frames;
        for (sums, row) in sums.iter_mut().zip(item.data.chunks_exact(item.frames.max(1))) {
            for value in row {
                let value = value.to_f64();
                sums[0] += value;
                sums[1] += value * value;
            }
        }
    }
    let count = frames.max(1) as f64;
    let deviation =
        |[sum, squares]: &[f64; 2]| (squares / count - (sum / count).powi(2)).max(0.0).sqrt() as f32;
    (sums.iter().map(|[sum, _]| (sum / count) as f32).collect(), sums.iter().map(deviation).collect())
}

/// Computes the jobs, each a clip with its missing variants, and appends them to the store.
fn fill(
    store: &mut Store,
    clips: &[Clip],
    jobs: Vec<(usize, Vec<u8>)>,
    noises: &[PathBuf],
    options: &Options,
) -> Result<Vec<Failure>> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.threads).build().map_err(|error| {
        TrainerError::Io { path: options.folder.clone(), source: std::io::Error::other(error) }
    })?;
    let mut failures = Vec::new();
    let augments = jobs.iter().any(|(_, variants)| variants.iter().any(|&variant| variant != CLEAN));
    let noises = if augments { pool.install(|| load_noises(noises, &mut failures)) } else { Vec::new() };
    let mut progress = Progress::new("features", jobs.len());
    for chunk in jobs.chunks(JOBS_PER_WRITE) {
        let computed: Vec<_> = pool.install(|| {
            chunk
                .par_iter()
                .map_init(
                    || Stack::new(options.tones),
                    |stack, (clip, variants)| stack_of(&clips[*clip], variants, &noises, options.seed, stack),
                )
                .collect()
        });
        for ((clip, _), result) in chunk.iter().zip(computed) {
            let clip = &clips[*clip];
            match result {
                Ok(stacks) => {
                    for (variant, data) in stacks {
                        store.append(Key::new(&clip.id, variant), &data)?;
                    }
                }
                Err(error) => failures.push(Failure { path: clip.path.clone(), error }),
            }
        }
        store.flush()?;
        progress.advance(chunk.len(), "");
    }
    progress.finish();
    Ok(failures)
}

/// The file for a fingerprint.
fn file_of(folder: &Path, fingerprint: &[u8; 32]) -> PathBuf {
    let name: String = fingerprint.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    folder.join(format!("features-{name}.bin"))
}

#[cfg(test)]
mod tests;
