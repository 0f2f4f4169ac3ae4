//! Frames for the speech detector to learn from: what its teacher heard in a clean clip, and the clip as it came
//! through noise, rooms, telephones and codecs.

use std::path::Path;

use anyhow::Result;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use speech_emotion::{
    audio::clip,
    speech::{
        FRAME,
        network::{Frames, INPUTS},
    },
};

use super::{
    Settings,
    examples::{Noise, cut, draw, fold_of, noises, recorded_elsewhere},
};
use crate::{
    augment::{Channel, add_noise},
    corpora::{self, Clip},
    decode::prepared,
};

/// Frames taken from each version of a clip.
const FRAMES: usize = 48;
/// Signal-to-noise ratios, dB.
const SNR_DB: std::ops::Range<f32> = 0.0..30.0;

/// One frame.
#[derive(Debug, Clone)]
pub struct Lesson {
    /// The fold of its speaker or recording, from 0.
    pub fold: u8,
    /// Whether it is of speech, pauses between words included, or of a noise.
    pub speech: bool,
    /// The network's inputs.
    pub inputs: Box<[f32; INPUTS]>,
    /// The probability of speech.
    pub target: f32,
}

/// The frames of the corpora and the noise below `data`.
///
/// # Errors
/// When a file can't be read.
pub fn lessons(data: &Path, settings: &Settings) -> Result<Vec<Lesson>> {
    let noises = noises(data)?;
    let clips = draw(corpora::scan(data)?.clips, settings);
    let rng = |n: usize| ChaCha8Rng::seed_from_u64(settings.seed ^ (n as u64) << 24);
    let of_noises = noises.par_iter().enumerate().map(|(n, noise)| of_noise(noise, &mut rng(n)));
    let of_clips =
        clips.par_iter().enumerate().map(|(n, clip)| of_clip(clip, &noises, &mut rng(noises.len() + n)));
    let all: Vec<Vec<Lesson>> = of_noises.chain(of_clips).collect::<Result<_>>()?;
    Ok(all.into_iter().flatten().collect())
}

/// What earshot thinks of the frames of a clip, 0 to 1, at the level and without the hum that the detector hears.
fn taught(samples: &[f32]) -> Vec<f32> {
    let mut levelled = samples.to_vec();
    clip::filter(&mut levelled);
    clip::level(&mut levelled);
    let mut teacher = earshot::Detector::default_boxed();
    let limited = |frame: &[f32]| frame.iter().map(|sample| sample.clamp(-1.0, 1.0)).collect::<Vec<f32>>();
    levelled.chunks_exact(FRAME).map(|frame| teacher.predict_f32(&limited(frame))).collect()
}

fn of_noise(noise: &Noise, rng: &mut ChaCha8Rng) -> Result<Vec<Lesson>> {
    let mut lessons = Vec::new();
    for version in 0..6 {
        let part = cut(&noise.samples, rng);
        let heard = match version % 3 {
            0 => part.to_vec(),
            1 => recorded_elsewhere(part, rng),
            _ => Channel::draw(rng).apply(part, rng)?,
        };
        let targets = vec![0.0; heard.len() / FRAME];
        let (heard, targets) = amid_silence(heard, targets, rng);
        drawn(&mut lessons, (noise.fold, false), &heard, &targets, rng);
    }
    Ok(lessons)
}

fn of_clip(clip: &Clip, noises: &[Noise], rng: &mut ChaCha8Rng) -> Result<Vec<Lesson>> {
    let samples = prepared(&clip.path)?;
    let fold = fold_of(&clip.speaker_id());
    let of_fold: Vec<&Noise> = noises.iter().filter(|noise| noise.fold == fold).collect();
    let mut lessons = Vec::new();
    for version in 0..4 {
        let part = cut(&samples, rng);
        let targets = taught(part);
        let heard = match version {
            0 => part.to_vec(),
            1 | 2 => {
                let elsewhere = if version == 1 { part.to_vec() } else { recorded_elsewhere(part, rng) };
                if of_fold.is_empty() {
                    elsewhere
                } else {
                    let noise = &of_fold[rng.random_range(0..of_fold.len())].samples;
                    let start = rng.random_range(0..noise.len());
                    let noise: Vec<f32> =
                        noise.iter().copied().cycle().skip(start).take(part.len()).collect();
                    add_noise(&elsewhere, &noise, rng.random_range(SNR_DB), rng)
                }
            }
            _ => Channel::draw(rng).apply(part, rng)?,
        };
        let (heard, targets) = amid_silence(heard, targets, rng);
        drawn(&mut lessons, (fold, true), &heard, &targets, rng);
    }
    Ok(lessons)
}

/// In a third of the cases up to two and a half seconds of digital silence before or after, as streams have them.
fn amid_silence(heard: Vec<f32>, targets: Vec<f32>, rng: &mut ChaCha8Rng) -> (Vec<f32>, Vec<f32>) {
    if rng.random_bool(2.0 / 3.0) {
        return (heard, targets);
    }
    let frames = rng.random_range(10..150);
    let (silence, no_speech) = (vec![0.0; frames * FRAME], vec![0.0; frames]);
    if rng.random_bool(0.5) {
        ([silence, heard].concat(), [no_speech, targets].concat())
    } else {
        let whole = targets.len() * FRAME;
        ([&heard[..whole], &silence].concat(), [targets, no_speech].concat())
    }
}

/// Some frames of what is heard, drawn.
fn drawn(
    lessons: &mut Vec<Lesson>,
    (fold, speech): (u8, bool),
    heard: &[f32],
    targets: &[f32],
    rng: &mut ChaCha8Rng,
) {
    let mut levelled = heard.to_vec();
    clip::filter(&mut levelled);
    clip::level(&mut levelled);
    let share = (FRAMES as f64 / targets.len().max(1) as f64).min(1.0);
    let mut frame = 0;
    Frames::new(FRAME).each(&levelled, targets.len(), |inputs| {
        if rng.random_bool(share) {
            lessons.push(Lesson { fold, speech, inputs: Box::new(*inputs), target: targets[frame] });
        }
        frame += 1;
    });
}
