//! Examples: clips and windows of speech and of other sounds, clean and as rooms and microphones change them.

use std::path::Path;

use anyhow::Result;
use rand::{Rng, RngExt, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use speech_emotion::{
    audio::{self, SAMPLE_RATE},
    features::InputStack,
    speech::{SpeechDetector, gate},
};

use super::FOLDS;
use crate::{
    augment::{Channel, add_noise},
    corpora::{self, Clip, Corpus},
    decode::prepared,
};

/// Noise recordings longer than this are cut into parts of 5 s, as long as the others are.
const LONGEST_NOISE: usize = 10 * SAMPLE_RATE as usize;
const NOISE_PART: usize = 5 * SAMPLE_RATE as usize;
/// Parts of one long recording, so that none outweighs the others.
const MOST_PARTS: usize = 20;
/// A window's length, samples: from the stream's first answer to its full window.
const WINDOW: std::ops::RangeInclusive<usize> = 8_000..=48_000;
/// Signal-to-noise ratios of augmented speech, dB.
const SNR_DB: std::ops::Range<f32> = 0.0..30.0;

/// What an example shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A whole file, as it is.
    Clip,
    /// A part of 0.5 to 3 s of it.
    Window,
    /// Such a part in another room, through another microphone; speech with noise added.
    Augmented,
    /// Such a part by another way: a telephone's band or a low sample rate's, a room, hum, a codec.
    Way,
}

/// One example.
#[derive(Debug, Clone)]
pub struct Example {
    /// Whether it is speech.
    pub speech: bool,
    /// The fold of its speaker or recording, from 0.
    pub fold: u8,
    /// What it shows.
    pub kind: Kind,
    /// Where it comes from.
    pub name: String,
    /// Whether the detector alone finds enough speech.
    pub detected: bool,
    /// The gate's input.
    pub statistics: Vec<f32>,
}

/// How many examples are made, and from which seed.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Clips drawn from each corpus.
    pub clips: usize,
    /// The seed of every draw.
    pub seed: u64,
}

/// The examples of the corpora and the noise below `data`.
///
/// # Errors
/// When a file can't be read.
pub fn examples(data: &Path, settings: &Settings) -> Result<Vec<Example>> {
    let noises = noises(data)?;
    let clips = draw(corpora::scan(data)?.clips, settings);
    let rng = |n: usize| ChaCha8Rng::seed_from_u64(settings.seed ^ (n as u64) << 20);
    let of_noises = noises.par_iter().enumerate().map(|(n, noise)| of_noise(noise, &mut rng(n)));
    let of_clips =
        clips.par_iter().enumerate().map(|(n, clip)| of_clip(clip, &noises, &mut rng(noises.len() + n)));
    let all: Vec<Vec<Example>> = of_noises.chain(of_clips).collect::<Result<_>>()?;
    Ok(all.into_iter().flatten().collect())
}

/// The files that no shipped gate was trained on: whether each is speech, its name, and its samples at 16 kHz.
/// `clips` of each corpus at most; of long noise its parts.
///
/// # Errors
/// When a file can't be read.
pub fn held_out(data: &Path, clips: usize) -> Result<Vec<(bool, String, Vec<f32>)>> {
    let last = FOLDS - 1;
    let of_fold = corpora::scan(data)?.clips.into_iter().filter(|clip| fold_of(&clip.speaker_id()) == last);
    let speech = draw(of_fold.collect(), &Settings { clips, seed: 0 });
    let mut files: Vec<(bool, String, Vec<f32>)> =
        speech.into_iter().map(|clip| Ok((true, clip.id, prepared(&clip.path)?))).collect::<Result<_>>()?;
    let noises = noises(data)?.into_iter().filter(|noise| noise.fold == last);
    files.extend(noises.map(|noise| (false, noise.name, noise.samples)));
    Ok(files)
}

/// What the gate looks at in samples at 16 kHz, and whether the detector alone finds enough speech.
///
/// # Errors
/// When there are no samples.
pub fn measure(samples: &[f32]) -> Result<(bool, Vec<f32>)> {
    let mut detector = SpeechDetector::new();
    let detected = detector.detect(samples).is_speech();
    let features = InputStack::new().compute(&audio::clip::condition(samples))?;
    Ok((detected, gate::statistics(detector.scores(), &features).to_vec()))
}

/// A recording that is not speech.
pub(super) struct Noise {
    name: String,
    pub(super) fold: u8,
    pub(super) samples: Vec<f32>,
}

pub(super) fn noises(data: &Path) -> Result<Vec<Noise>> {
    let mut noises = Vec::new();
    for path in corpora::noise_files(data)? {
        let name = path.strip_prefix(data).unwrap_or(&path).display().to_string();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let samples = prepared(&path)?;
        // ESC-10 names its files `fold-source-take`, and no source is in two folds.
        let fold = match stem.split_once('-').and_then(|(fold, _)| fold.parse::<u8>().ok()) {
            Some(fold) => fold.wrapping_sub(1) % FOLDS,
            None => fold_of(&stem),
        };
        if samples.len() > LONGEST_NOISE {
            for (n, part) in samples.chunks_exact(NOISE_PART).take(MOST_PARTS).enumerate() {
                noises.push(Noise { name: format!("{name} {n}"), fold, samples: part.to_vec() });
            }
        } else {
            noises.push(Noise { name, fold, samples });
        }
    }
    Ok(noises)
}

/// The same number of clips from each corpus.
pub(super) fn draw(clips: Vec<Clip>, settings: &Settings) -> Vec<Clip> {
    let mut rng = ChaCha8Rng::seed_from_u64(settings.seed);
    let mut drawn = Vec::new();
    for corpus in Corpus::ALL {
        let mut of_corpus: Vec<Clip> = clips.iter().filter(|clip| clip.corpus == corpus).cloned().collect();
        of_corpus.sort_by(|a, b| a.id.cmp(&b.id));
        of_corpus.shuffle(&mut rng);
        drawn.extend(of_corpus.into_iter().take(settings.clips));
    }
    drawn
}

fn of_noise(noise: &Noise, rng: &mut ChaCha8Rng) -> Result<Vec<Example>> {
    let mut parts = vec![(Kind::Clip, noise.samples.clone())];
    for _ in 0..3 {
        parts.push((Kind::Window, cut(&noise.samples, rng).to_vec()));
        parts.push((Kind::Augmented, recorded_elsewhere(cut(&noise.samples, rng), rng)));
        let way = Channel::draw(rng);
        parts.push((Kind::Way, way.apply(cut(&noise.samples, rng), rng)?));
    }
    Ok(example_of(false, noise.fold, &noise.name, parts))
}

fn of_clip(clip: &Clip, noises: &[Noise], rng: &mut ChaCha8Rng) -> Result<Vec<Example>> {
    let samples = prepared(&clip.path)?;
    let fold = fold_of(&clip.speaker_id());
    let mut parts = vec![(Kind::Clip, samples.clone())];
    parts.push((Kind::Window, spoken(cut(&samples, rng), &samples).to_vec()));
    let of_fold: Vec<&Noise> = noises.iter().filter(|noise| noise.fold == fold).collect();
    for _ in 0..2 {
        let mut part = recorded_elsewhere(spoken(cut(&samples, rng), &samples), rng);
        if !of_fold.is_empty() {
            let noise = &of_fold[rng.random_range(0..of_fold.len())].samples;
            let start = rng.random_range(0..noise.len());
            let noise: Vec<f32> = noise.iter().copied().cycle().skip(start).take(part.len()).collect();
            part = add_noise(&part, &noise, rng.random_range(SNR_DB), rng);
        }
        parts.push((Kind::Augmented, part));
        let way = Channel::draw(rng);
        parts.push((Kind::Way, way.apply(spoken(cut(&samples, rng), &samples), rng)?));
    }
    Ok(example_of(true, fold, &clip.id, parts))
}

/// The part, or the whole clip where there is not enough speech in the part: RAVDESS is half silence.
fn spoken<'a>(part: &'a [f32], whole: &'a [f32]) -> &'a [f32] {
    if SpeechDetector::new().detect(part).seconds >= 0.4 { part } else { whole }
}

fn example_of(speech: bool, fold: u8, name: &str, parts: Vec<(Kind, Vec<f32>)>) -> Vec<Example> {
    let measured = parts.into_iter().filter_map(|(kind, samples)| Some((kind, measure(&samples).ok()?)));
    measured
        .map(|(kind, (detected, statistics))| Example {
            speech,
            fold,
            kind,
            name: name.to_owned(),
            detected,
            statistics,
        })
        .collect()
}

pub(super) fn cut<'a>(samples: &'a [f32], rng: &mut impl Rng) -> &'a [f32] {
    let length = rng.random_range(WINDOW).min(samples.len());
    let start = rng.random_range(0..=samples.len() - length);
    &samples[start..start + length]
}

/// The same in another room, through another microphone: a tilt of the spectrum, and in half the cases 200 echoes
/// that fade over 0.1 to 0.6 s. The gate must not know a studio when it hears one.
pub(super) fn recorded_elsewhere(samples: &[f32], rng: &mut impl Rng) -> Vec<f32> {
    let tilt = rng.random_range(-0.7..0.7_f32);
    let before = std::iter::once(0.0).chain(samples.iter().copied());
    let tilted: Vec<f32> = samples.iter().zip(before).map(|(now, before)| now - tilt * before).collect();
    if rng.random_bool(0.5) {
        return tilted;
    }
    // The level falls by 60 dB, e^-6.9, over the reverberation time.
    let samples_60_db = rng.random_range(0.1..0.6_f32) * SAMPLE_RATE as f32;
    let wet = rng.random_range(0.03..0.24_f32);
    let mut out = tilted.clone();
    for _ in 0..200 {
        let delay = rng.random_range(16..samples_60_db as usize / 2);
        let gain = wet * rng.random_range(-1.0..1.0_f32) * (-6.9 * delay as f32 / samples_60_db).exp();
        for (out, sample) in out.iter_mut().skip(delay).zip(&tilted) {
            *out += gain * sample;
        }
    }
    out
}

/// A fold that depends on the name alone (FNV-1a).
pub(super) fn fold_of(name: &str) -> u8 {
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    ((hash >> 32) % u64::from(FOLDS)) as u8
}
