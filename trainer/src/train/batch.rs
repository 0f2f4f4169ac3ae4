//! Batches: windows cut at random, masked and mixed, with their targets.

use std::collections::BTreeMap;

use rand::{RngExt, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use speech_emotion::{
    Emotion,
    features::STACK_CHANNELS,
    model::window::{FrameSource, Normalization, WINDOW_FRAMES, Windows},
};

use super::{
    Example,
    style::{self, StyleOptions},
    timbre::{MEL_BANDS, Timbre, TimbreOptions},
    wording::Said,
};
use crate::corpora::Corpus;

/// What is done to training windows as they are drawn, beside the augmented copies that are made beforehand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BatchOptions {
    /// Windows in a batch.
    pub batch_size: usize,
    /// Runs of frames set to the mean in each window (SpecAugment, Park et al. 2019).
    pub time_masks: usize,
    /// The longest such run, frames.
    pub time_mask_frames: usize,
    /// Runs of mel bands set to the mean in each window.
    pub band_masks: usize,
    /// The widest such run, bands.
    pub band_mask_bands: usize,
    /// The share of batches that are mixed with themselves in another order (mixup, Zhang et al. 2018).
    pub mixup_share: f64,
    /// The most of the other window that is mixed in, 0 to 0.5.
    pub mixup_most: f32,
    /// The share of a target's probability that goes to all emotions alike.
    pub label_smoothing: f32,
    /// Whether the loss leaves out the emotions that a clip's corpus lacks, so that nothing is learnt about them
    /// from it, neither that they are absent.
    pub mask_absent: bool,
    /// Other voices and microphones.
    pub timbre: TimbreOptions,
    /// Other clips' averages.
    pub style: StyleOptions,
    /// Corpora whose windows get other voices and microphones by options of their own.
    #[serde(default = "BTreeMap::new")]
    pub timbre_of: BTreeMap<Corpus, TimbreOptions>,
}

impl Default for BatchOptions {
    fn default() -> Self {
        Self {
            batch_size: 64,
            time_masks: 2,
            time_mask_frames: 16,
            band_masks: 2,
            band_mask_bands: 8,
            mixup_share: 0.5,
            mixup_most: 0.4,
            label_smoothing: 0.03,
            mask_absent: false,
            timbre: TimbreOptions { share: 0.5, warp: 0.12, equaliser_db: 5.0 },
            style: StyleOptions { share: 0.5, most: 1.0 },
            // Four and two speakers: what they say is also heard in voices farther away.
            timbre_of: BTreeMap::from([Corpus::Savee, Corpus::Tess].map(|corpus| (corpus, FAR))),
        }
    }
}

/// All windows in another voice, up to twice as far away.
const FAR: TimbreOptions = TimbreOptions { share: 1.0, warp: 0.25, equaliser_db: 5.0 };

/// One step's input and what it should give, row-major.
#[derive(Debug)]
pub struct Batch {
    /// How many windows there are.
    pub size: usize,
    /// Normalised windows, `[STACK_CHANNELS, size, WINDOW_FRAMES]`.
    pub windows: Vec<f32>,
    /// Target probabilities, `[size, 8]`, each row summing to 1.
    pub targets: Vec<f32>,
    /// What is added to the logits before the loss, `[size, 8]`: 0, or [`ABSENT`] for an emotion that is left out.
    pub mask: Vec<f32>,
    /// What the guide hears, `[size, width]`; empty without a guide.
    pub guide: Vec<f32>,
    /// What is said, `[size, sentences]`, each row summing to what it counts; empty where it isn't learnt.
    pub said: Vec<f32>,
}

/// A logit's summand that leaves no probability.
pub const ABSENT: f32 = -1e4;

/// Draws one batch. Clips longer than a window are cut at random, shorter ones stand anywhere in it.
pub fn draw<S: FrameSource>(
    examples: &[Example<'_, S>],
    normalization: &Normalization,
    options: &BatchOptions,
    timbre: &Timbre,
    sentences: usize,
    rng: &mut ChaCha8Rng,
) -> Batch {
    let size = examples.len();
    let mut windows = Windows::new(size);
    let mut covered = Vec::with_capacity(size);
    for (index, example) in examples.iter().enumerate() {
        let frames = example.source.frames();
        let start = rng.random_range(0..=frames.saturating_sub(WINDOW_FRAMES));
        let offset = rng.random_range(0..=WINDOW_FRAMES.saturating_sub(frames));
        windows.fill(index, example.source, normalization, start, offset);
        covered.push(offset..offset + frames.min(WINDOW_FRAMES));
        let voices = options.timbre_of.get(&example.corpus).copied().unwrap_or(options.timbre);
        timbre.apply(&mut windows, index, covered[index].clone(), normalization, voices, rng);
    }
    style::mix(&mut windows, &covered, options.style, rng);
    for index in 0..size {
        mask(&mut windows, index, options, rng);
    }
    let mut present: Vec<f32> = examples.iter().flat_map(|example| presence(example, options)).collect();
    let mut targets = smoothed(examples, &present, options.label_smoothing);
    let mut guide: Vec<f32> = examples.iter().flat_map(|example| example.guide).copied().collect();
    let mut said = vec![0.0; size * sentences];
    for (example, row) in examples.iter().zip(said.chunks_exact_mut(sentences.max(1))) {
        if let Some(Said { number, weight }) = example.said {
            row[number] = weight;
        }
    }
    let mut data = windows.into_data();
    if size > 1 && rng.random_bool(options.mixup_share) {
        mix(&mut data, [&mut targets, &mut present, &mut guide, &mut said], size, options.mixup_most, rng);
    }
    let mask = present.iter().map(|&present| if present > 0.0 { 0.0 } else { ABSENT }).collect();
    Batch { size, windows: data, targets, mask, guide, said }
}

/// 1 for each emotion that the loss regards, else 0.
fn presence<S>(example: &Example<'_, S>, options: &BatchOptions) -> [f32; Emotion::COUNT] {
    example.corpus.emotions().map(|present| if present || !options.mask_absent { 1.0 } else { 0.0 })
}

/// `[examples, 8]`, each row a target smoothed over the emotions that are present.
fn smoothed<S>(examples: &[Example<'_, S>], present: &[f32], smoothing: f32) -> Vec<f32> {
    let mut rows = Vec::with_capacity(present.len());
    for (example, present) in examples.iter().zip(present.chunks_exact(Emotion::COUNT)) {
        let rest = smoothing / present.iter().sum::<f32>();
        rows.extend(example.target.iter().zip(present).map(|(t, p)| (1.0 - smoothing) * t + rest * p));
    }
    rows
}

/// Sets runs of frames and of mel bands to zero, the mean.
fn mask(windows: &mut Windows, window: usize, options: &BatchOptions, rng: &mut ChaCha8Rng) {
    for _ in 0..options.time_masks {
        let length = rng.random_range(0..=options.time_mask_frames.min(WINDOW_FRAMES));
        let start = rng.random_range(0..=WINDOW_FRAMES - length);
        for channel in 0..STACK_CHANNELS {
            windows.row_mut(window, channel)[start..start + length].fill(0.0);
        }
    }
    for _ in 0..options.band_masks {
        let width = rng.random_range(0..=options.band_mask_bands.min(MEL_BANDS));
        let start = rng.random_range(0..=MEL_BANDS - width);
        for band in start..start + width {
            windows.row_mut(window, band).fill(0.0);
        }
    }
}

/// Mixes every window, and its row in each of `others`, with another's of the batch, by one drawn share.
fn mix(data: &mut [f32], others: [&mut [f32]; 4], size: usize, most: f32, rng: &mut ChaCha8Rng) {
    let share = rng.random_range(0.0..=most);
    let mut partner: Vec<usize> = (0..size).collect();
    partner.shuffle(rng);
    let blend = |rows: &mut [f32], width: usize| {
        let before = rows.to_vec();
        for (index, &other) in partner.iter().enumerate() {
            let row = &mut rows[index * width..(index + 1) * width];
            for (value, mixed) in row.iter_mut().zip(&before[other * width..]) {
                *value += share * (mixed - *value);
            }
        }
    };
    for channel in data.chunks_exact_mut(size * WINDOW_FRAMES) {
        blend(channel, WINDOW_FRAMES);
    }
    for rows in others {
        let width = rows.len() / size;
        blend(rows, width);
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use speech_emotion::features::FrameMatrix;

    use super::*;
    use crate::corpora::Corpus;

    /// Every value of a clip of `frames` frames is `value`.
    fn constant(frames: usize, value: f32) -> FrameMatrix {
        let values = vec![value; STACK_CHANNELS * frames];
        FrameMatrix::from_data(STACK_CHANNELS, frames, values).expect("the right size")
    }

    fn identity() -> Normalization {
        Normalization::new(vec![0.0; STACK_CHANNELS], &[1.0; STACK_CHANNELS])
    }

    fn timbre() -> Timbre {
        Timbre::new().expect("a plan")
    }

    fn plain() -> BatchOptions {
        let timbre = TimbreOptions { share: 0.0, warp: 0.0, equaliser_db: 0.0 };
        let style = StyleOptions { share: 0.0, most: 1.0 };
        BatchOptions {
            time_masks: 0,
            band_masks: 0,
            mixup_share: 0.0,
            label_smoothing: 0.1,
            timbre,
            timbre_of: BTreeMap::new(),
            style,
            ..BatchOptions::default()
        }
    }

    fn drawn(clips: &[FrameMatrix], options: &BatchOptions, seed: u64) -> (Vec<f32>, Vec<f32>) {
        let examples: Vec<_> = clips
            .iter()
            .zip(Emotion::ALL.into_iter().cycle())
            .map(|(source, emotion)| Example::new(source, emotion, Corpus::CremaD))
            .collect();
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let batch = draw(&examples, &identity(), options, &timbre(), 0, &mut rng);
        (batch.windows, batch.targets)
    }

    #[test]
    fn clips_stand_whole_in_their_windows_or_fill_them() {
        let clips = [constant(50, 1.0), constant(WINDOW_FRAMES, 2.0), constant(500, 3.0)];
        let (windows, targets) = drawn(&clips, &plain(), 1);
        for channel in windows.chunks_exact(3 * WINDOW_FRAMES) {
            let count = |value: f32| channel.iter().filter(|&&v| v == value).count();
            assert_eq!((count(1.0), count(2.0), count(3.0)), (50, WINDOW_FRAMES, WINDOW_FRAMES));
        }
        for (row, emotion) in targets.chunks_exact(8).zip(Emotion::ALL) {
            assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-6);
            assert!((row[emotion.index()] - 0.9125).abs() < 1e-6, "{row:?}");
        }
    }

    #[test]
    fn absent_emotions_have_neither_target_nor_logit() {
        let clips: Vec<_> = (0..2).map(|_| constant(50, 1.0)).collect();
        let options = BatchOptions { mask_absent: true, ..plain() };
        let examples: Vec<_> =
            clips.iter().map(|source| Example::new(source, Emotion::Happy, Corpus::CremaD)).collect();
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let Batch { targets, mask, .. } = draw(&examples, &identity(), &options, &timbre(), 0, &mut rng);
        for (n, emotion) in Emotion::ALL.into_iter().cycle().enumerate().take(16) {
            let absent = matches!(emotion, Emotion::Calm | Emotion::Surprise);
            assert_eq!(mask[n], if absent { ABSENT } else { 0.0 });
            assert_eq!(targets[n] == 0.0, absent, "{emotion}: {}", targets[n]);
        }
        assert!((targets[..8].iter().sum::<f32>() - 1.0).abs() < 1e-6);
    }

    #[test]
    fn a_corpus_with_voices_of_its_own_is_changed_by_them_and_no_other_corpus() {
        let clips = [constant(WINDOW_FRAMES, 1.0), constant(WINDOW_FRAMES, 1.0)];
        let examples = [
            Example::new(&clips[0], Emotion::Sad, Corpus::CremaD),
            Example::new(&clips[1], Emotion::Sad, Corpus::Savee),
        ];
        let voices = TimbreOptions { share: 1.0, warp: 0.0, equaliser_db: 6.0 };
        let options = BatchOptions { timbre_of: BTreeMap::from([(Corpus::Savee, voices)]), ..plain() };
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        let batch = draw(&examples, &identity(), &options, &timbre(), 0, &mut rng);
        let (crema_d, savee) = batch.windows[..2 * WINDOW_FRAMES].split_at(WINDOW_FRAMES);
        assert!(crema_d.iter().all(|&value| value == 1.0));
        assert!(savee.iter().all(|&value| (value - 1.0).abs() > 1e-3), "coloured throughout: {savee:?}");
    }

    #[test]
    fn masks_hide_no_more_than_they_may() {
        let clips: Vec<_> = (0..20).map(|_| constant(WINDOW_FRAMES, 1.0)).collect();
        let options = BatchOptions { mixup_share: 0.0, ..BatchOptions::default() };
        let (windows, _) = drawn(&clips, &options, 2);
        let row = |channel: usize, window: usize| {
            &windows[(channel * 20 + window) * WINDOW_FRAMES..][..WINDOW_FRAMES]
        };
        let mut hidden = 0;
        for window in 0..20 {
            let whole = (0..MEL_BANDS).filter(|&band| row(band, window).iter().all(|&v| v == 0.0)).count();
            assert!(whole <= options.band_masks * options.band_mask_bands);
            // Past the mel bands only runs of frames are hidden.
            let frames = row(STACK_CHANNELS - 1, window).iter().filter(|&&v| v == 0.0).count();
            assert!(frames <= options.time_masks * options.time_mask_frames);
            hidden += whole * frames;
        }
        assert!(hidden > 0);
    }

    #[test]
    fn what_the_guide_says_is_mixed_as_the_targets_are() {
        let clips: Vec<_> = (0..8).map(|n| constant(WINDOW_FRAMES, n as f32)).collect();
        let options = BatchOptions { mixup_share: 1.0, label_smoothing: 0.0, ..plain() };
        // A guide that says the same as the labels, and the same once more.
        let said = Emotion::ALL.map(|emotion| Example::new(&(), emotion, Corpus::Tess).target.repeat(2));
        let examples: Vec<_> = (clips.iter().zip(Emotion::ALL).zip(&said))
            .map(|((source, emotion), said)| Example {
                guide: said,
                ..Example::new(source, emotion, Corpus::Tess)
            })
            .collect();
        let mut rng = ChaCha8Rng::seed_from_u64(4);
        let Batch { targets, guide, .. } = draw(&examples, &identity(), &options, &timbre(), 0, &mut rng);
        assert!(targets.iter().any(|&target| target > 0.0 && target < 1.0), "nothing was mixed");
        for (target, said) in targets.chunks_exact(8).zip(guide.chunks_exact(16)) {
            assert_eq!((target, target), said.split_at(8));
        }
    }

    #[test]
    fn what_is_said_is_mixed_as_the_targets_are_and_counts_what_it_should() {
        let clips: Vec<_> = (0..8).map(|n| constant(WINDOW_FRAMES, n as f32)).collect();
        let options = BatchOptions { mixup_share: 1.0, label_smoothing: 0.0, ..plain() };
        let examples: Vec<_> = (clips.iter().zip(Emotion::ALL))
            .map(|(source, emotion)| Example {
                // Sentence and emotion are one, but nobody knows what the sad ones say.
                said: (emotion != Emotion::Sad).then_some(Said { number: emotion.index(), weight: 2.0 }),
                ..Example::new(source, emotion, Corpus::Savee)
            })
            .collect();
        let mut rng = ChaCha8Rng::seed_from_u64(4);
        let Batch { targets, said, .. } = draw(&examples, &identity(), &options, &timbre(), 8, &mut rng);
        for (target, said) in targets.chunks_exact(8).zip(said.chunks_exact(8)) {
            for (number, (target, said)) in target.iter().zip(said).enumerate() {
                let expected = if number == Emotion::Sad.index() { 0.0 } else { 2.0 * target };
                assert!((said - expected).abs() < 1e-6, "{said} for {expected}");
            }
        }
        assert!(targets.iter().any(|&target| target > 0.0 && target < 1.0), "nothing was mixed");
    }

    #[test]
    fn mixed_windows_and_targets_have_the_same_shares() {
        let clips: Vec<_> = (0..8).map(|n| constant(WINDOW_FRAMES, n as f32)).collect();
        let options = BatchOptions { mixup_share: 1.0, label_smoothing: 0.0, ..plain() };
        let (windows, targets) = drawn(&clips, &options, 3);
        let mut mixed = 0;
        for (window, row) in targets.chunks_exact(8).enumerate() {
            assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5);
            assert!(row[window] >= 0.6 - 1e-6);
            // Clip n holds n everywhere, so its window must hold the mean class.
            let expected: f32 = row.iter().enumerate().map(|(class, share)| class as f32 * share).sum();
            assert!((windows[window * WINDOW_FRAMES] - expected).abs() < 1e-4);
            mixed += usize::from(row[window] < 1.0 - 1e-6);
        }
        assert!(mixed > 0);
    }
}
