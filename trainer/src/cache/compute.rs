//! From a clip's file to the network's input, and what identifies that way.

use std::path::{Path, PathBuf};

use half::f16;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use speech_emotion::audio;

use super::{CLEAN, Failure, Options, Stack};
use crate::{
    Result, TrainerError,
    augment::Augmentation,
    corpora::Clip,
    decode::{Decoded, decode, prepared},
};

/// The stacks of a clip's variants, each `[STACK_CHANNELS, frames]`.
pub(super) fn stack_of(
    clip: &Clip,
    variants: &[u8],
    noises: &[Vec<f32>],
    seed: u64,
    stack: &mut Stack,
) -> Result<Vec<(u8, Vec<f16>)>> {
    let refused = |source| TrainerError::Audio { path: clip.path.clone(), source };
    let Decoded { channels, sample_rate } = decode(&clip.path)?;
    let channels: Vec<&[f32]> = channels.iter().map(Vec::as_slice).collect();
    let samples = audio::prepare(&channels, sample_rate).map_err(refused)?;
    variants
        .iter()
        .map(|&variant| {
            let data = variant_of(&samples, (&clip.id, &clip.path), variant, noises, seed, stack)?;
            match data.iter().find(|value| !value.is_finite()) {
                None => Ok((variant, data)),
                Some(value) => Err(TrainerError::Values {
                    what: "features",
                    expected: "finite values within half precision".to_owned(),
                    got: format!("{value} in variant {variant} of {}", clip.path.display()),
                }),
            }
        })
        .collect()
}

/// One variant: the augmentation, then what the recognizer does to every clip, then its features.
fn variant_of(
    samples: &[f32],
    (id, path): (&str, &Path),
    variant: u8,
    noises: &[Vec<f32>],
    seed: u64,
    stack: &mut Stack,
) -> Result<Vec<f16>> {
    let conditioned = if variant == CLEAN {
        audio::clip::condition(samples)
    } else {
        let mut rng = generator(seed, id, variant);
        let augmentation = Augmentation::draw(variant - 1, &mut rng);
        audio::clip::condition(&augmentation.apply(samples, noises, &mut rng)?)
    };
    let refused = |source| TrainerError::Audio { path: path.to_owned(), source };
    Ok(stack.compute(&conditioned).map_err(refused)?.into_iter().map(f16::from_f32).collect())
}

/// The generator of one clip's variant: the same whatever else is computed, and in whichever order.
fn generator(seed: u64, id: &str, variant: u8) -> ChaCha8Rng {
    let digest =
        Sha256::new().chain_update(seed.to_le_bytes()).chain_update([variant]).chain_update(id).finalize();
    ChaCha8Rng::from_seed(digest.into())
}

/// Reads the noise files to mono at 16 kHz; those that fail are added to `failures`.
pub(super) fn load_noises(paths: &[PathBuf], failures: &mut Vec<Failure>) -> Vec<Vec<f32>> {
    let loaded: Vec<Result<Vec<f32>>> = paths.par_iter().map(|path| prepared(path)).collect();
    let mut noises = Vec::new();
    for (path, result) in paths.iter().zip(loaded) {
        match result {
            Ok(samples) => noises.push(samples),
            Err(error) => failures.push(Failure { path: path.clone(), error }),
        }
    }
    noises
}

/// Identifies everything that the features depend on: the clips and noises (by name and size), the seed, and
/// the code, by what it makes of a known signal in every kind of variant.
pub(super) fn fingerprint(clips: &[Clip], noises: &[PathBuf], options: &Options) -> Result<[u8; 32]> {
    let seed = options.seed;
    let size = |path: &PathBuf| path.metadata().map(|data| data.len()).map_err(TrainerError::io(path));
    let mut sizes: Vec<(&str, u64)> = Vec::new();
    for clip in clips {
        sizes.push((&clip.id, size(&clip.path)?));
    }
    sizes.sort_unstable();
    let mut hash = Sha256::new().chain_update("speech-emotion features 2").chain_update(seed.to_le_bytes());
    for (id, bytes) in sizes {
        hash.update(format!("{id} {bytes}\n"));
    }
    for path in noises {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        hash.update(format!("{name} {}\n", size(path)?));
    }
    let known: Vec<f32> = (0..24_000)
        .map(|n| {
            let t = n as f32 / 16_000.0;
            (t * 700.0 + (t * 20.0).sin()).sin() * (t * 6.0).sin().max(0.0) * 0.3
        })
        .collect();
    let mut stack = Stack::new(options.tones);
    for variant in 0..=Augmentation::KINDS {
        let named = ("known", Path::new("a generated signal"));
        let data = variant_of(&known, named, variant, &[], seed, &mut stack)?;
        for value in data {
            hash.update(value.to_le_bytes());
        }
    }
    Ok(hash.finalize().into())
}
