//! The training loop on generated tones: it learns, it repeats itself, and an interrupted run ends as if it had
//! never stopped, on whatever the cargo features say trains. One test, since the backend's random numbers are the process's.

#![allow(clippy::unwrap_used)]

use std::{
    f32::consts::TAU,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};

use safetensors::{Dtype, tensor::TensorView};
use speech_emotion::{
    Emotion,
    features::{FrameMatrix, InputStack, STACK_CHANNELS},
    model::{Network, weights, window::FrameSource},
};
use temp_dir::TempDir;
use trainer::{
    backend,
    corpora::Corpus,
    train::{
        Example,
        checkpoint::Checkpoints,
        export::weights_file,
        guide::{Guide, Lessons},
        recipe::Recipe,
        run::{EpochFigures, TrainingData, train},
        teachers::Teachers,
        wording::Said,
    },
};

/// Features that can be read so many times before the power fails.
struct Tone<'a> {
    features: FrameMatrix,
    reads_left: &'a AtomicUsize,
}

impl FrameSource for Tone<'_> {
    fn frames(&self) -> usize {
        self.features.frames()
    }

    fn read(&self, channel: usize, start: usize, out: &mut [f32]) {
        let left =
            self.reads_left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        assert!(left.is_ok(), "the power failed");
        self.features.read(channel, start, out);
    }
}

/// A second of a tone whose pitch tells the class, whose fine tuning and phase tell the clip.
fn tone(class: usize, clip: usize, stack: &mut InputStack) -> FrameMatrix {
    let frequency = 200.0 * 1.3_f32.powi(class as i32) * (1.0 + 0.004 * (clip % 7) as f32);
    let samples: Vec<f32> = (0..16_000)
        .map(|n| 0.2 * (TAU * frequency * n as f32 / 16_000.0 + clip as f32).sin())
        .map(|sample| sample + 1e-3 * ((sample * 1e4 + clip as f32).sin()))
        .collect();
    stack.compute(&samples).unwrap()
}

fn tones(clips: std::ops::Range<usize>, reads_left: &AtomicUsize) -> Vec<(Emotion, Tone<'_>)> {
    let mut stack = InputStack::new();
    clips
        .flat_map(|clip| Emotion::ALL.map(|emotion| (emotion, clip)))
        .map(|(emotion, clip)| {
            (emotion, Tone { features: tone(emotion.index(), clip, &mut stack), reads_left })
        })
        .collect()
}

fn examples<'a>(tones: &'a [(Emotion, Tone<'a>)]) -> Vec<Example<'a, Tone<'a>>> {
    tones.iter().map(|(emotion, source)| Example::new(source, *emotion, Corpus::Ravdess)).collect()
}

/// A guide that says two numbers of every training tone, the second of them another for each `scale`.
fn lessons(scale: f32) -> Lessons {
    let clips: Vec<String> = (0..12 * Emotion::COUNT).map(|clip| clip.to_string()).collect();
    let rows: Vec<Vec<u8>> = (0..clips.len())
        .map(|clip| (clip % Emotion::COUNT) as f32)
        .map(|class| [class, (scale * class).cos()].iter().flat_map(|value| value.to_le_bytes()).collect())
        .collect();
    let views =
        clips.iter().zip(&rows).map(|(n, row)| (n, TensorView::new(Dtype::F32, vec![2], row).unwrap()));
    let folder = TempDir::new().unwrap();
    let path = folder.child("guide.safetensors");
    std::fs::write(&path, safetensors::serialize(views, None).unwrap()).unwrap();
    Guide::load(&path).unwrap().lessons(clips.iter().map(Path::new).enumerate()).unwrap()
}

fn run(recipe: &Recipe, folder: &TempDir, reads: usize) -> anyhow::Result<(Network, Vec<EpochFigures>)> {
    run_guided(recipe, folder, reads, &lessons(1.0))
}

fn run_guided(
    recipe: &Recipe,
    folder: &TempDir,
    reads: usize,
    lessons: &Lessons,
) -> anyhow::Result<(Network, Vec<EpochFigures>)> {
    let reads_left = AtomicUsize::new(reads);
    let (train_tones, valid_tones) = (tones(0..12, &reads_left), tones(12..15, &reads_left));
    let guided = |(clip, example)| vec![Example { guide: lessons.of(clip), ..example }];
    let data = TrainingData {
        train: examples(&train_tones).into_iter().enumerate().map(guided).collect(),
        valid: examples(&valid_tones),
        mean: vec![0.0; STACK_CHANNELS],
        deviation: vec![20.0; STACK_CHANNELS],
        fingerprint: "tones".to_owned(),
        teachers: Teachers::default(),
        lessons,
        sentences: 0,
    };
    train(&data, recipe, &Checkpoints::new(folder.path())?, &backend::device())
}

/// A run that is told nothing by its labels, and everything by who was trained in `teacher`.
fn run_taught(recipe: &Recipe, teacher: &TempDir, folder: &TempDir) -> Vec<EpochFigures> {
    let reads_left = AtomicUsize::new(usize::MAX);
    let (train_tones, valid_tones) = (tones(0..12, &reads_left), tones(12..15, &reads_left));
    let load = |data| Teachers::load(&[teacher.path()], data, &backend::device());
    let stranger = load("other tones").unwrap_err();
    assert!(format!("{stranger:#}").contains("the same clips"), "{stranger:#}");
    let silent = |example| vec![Example { target: [1.0 / Emotion::COUNT as f32; Emotion::COUNT], ..example }];
    let data = TrainingData {
        train: examples(&train_tones).into_iter().map(silent).collect(),
        valid: examples(&valid_tones),
        mean: vec![0.0; STACK_CHANNELS],
        deviation: vec![20.0; STACK_CHANNELS],
        fingerprint: "tones".to_owned(),
        teachers: load("tones").unwrap(),
        lessons: &Lessons::default(),
        sentences: 0,
    };
    let recipe = Recipe { teaching: 1.0, ..recipe.clone() };
    let (_, history) =
        train(&data, &recipe, &Checkpoints::new(folder.path()).unwrap(), &backend::device()).unwrap();
    history
}

/// The losses of a run that is told nothing by its labels, and, where it is asked to, tells the emotions apart as if they
/// were sentences.
fn run_worded(recipe: &Recipe, sentences: usize) -> Vec<f64> {
    let reads_left = AtomicUsize::new(usize::MAX);
    let (train_tones, valid_tones) = (tones(0..12, &reads_left), tones(12..13, &reads_left));
    let (number, target) = (Emotion::index, [1.0 / Emotion::COUNT as f32; Emotion::COUNT]);
    let said = |emotion| (sentences > 0).then_some(Said { number: number(emotion), weight: 2.0 });
    let data = TrainingData {
        train: examples(&train_tones)
            .into_iter()
            .map(|example| vec![Example { target, said: said(example.emotion), ..example }])
            .collect(),
        valid: examples(&valid_tones),
        mean: vec![0.0; STACK_CHANNELS],
        deviation: vec![20.0; STACK_CHANNELS],
        fingerprint: "tones".to_owned(),
        teachers: Teachers::default(),
        lessons: &Lessons::default(),
        sentences,
    };
    let folder = TempDir::new().unwrap();
    let (_, history) =
        train(&data, recipe, &Checkpoints::new(folder.path()).unwrap(), &backend::device()).unwrap();
    history.iter().map(|figures| figures.train_loss).collect()
}

fn check_that_sentences_are_told_apart() {
    let mut recipe = Recipe { epochs: 6, stepped_epochs: 2, ema_decay: 0.8, seed: 7, ..Recipe::default() };
    recipe.batch.batch_size = 16;
    recipe.batch.mixup_share = 0.0;
    recipe.centring = 0.0;
    recipe.batch.style.share = 0.0;
    let (worded, silent) = (run_worded(&recipe, Emotion::COUNT), run_worded(&recipe, 0));
    // Uniform labels leave the logarithm of eight, and that of eight guesses counts twice at the start.
    let guess = (Emotion::COUNT as f64).ln();
    assert!(worded[0] - silent[0] > guess, "{worded:?} {silent:?}");
    let last = worded.len() - 1;
    assert!(silent[last] >= guess - 1e-3 && worded[last] - guess < 0.5 * guess, "{worded:?} {silent:?}");
}

#[test]
fn learns_tones_and_resumes_to_the_same_weights() {
    let mut recipe = Recipe { epochs: 8, ema_decay: 0.8, seed: 7, ..Recipe::default() };
    recipe.batch.batch_size = 16;
    // A steady tone is told by its average spectrum, which is what these two take out.
    recipe.centring = 0.0;
    recipe.batch.style.share = 0.0;

    let whole = TempDir::new().unwrap();
    let (network, history) = run(&recipe, &whole, usize::MAX).unwrap();
    let best = history.iter().map(|figures| figures.valid_wa).fold(0.0, f64::max);
    assert!(best >= 0.95, "{history:#?}");
    assert!(history[0].train_loss > history[7].train_loss);

    // The exported weights of 8 bits still know tones that were in no training clip.
    let bytes = weights_file(&network).unwrap();
    let shipped = weights::decode(&bytes, &speech_emotion::model::device()).unwrap().into_inference();
    let mut scratch = shipped.scratch();
    let unseen = AtomicUsize::new(usize::MAX);
    let unseen = tones(20..22, &unseen);
    let right = unseen.iter().map(|(emotion, source)| {
        let probabilities = shipped.probabilities(source, &mut scratch);
        usize::from(trainer::metrics::argmax(&probabilities) == emotion.index())
    });
    assert!(right.sum::<usize>() >= 15, "of {}", unseen.len());

    // Three and a half epochs of reading (each training clip twice, as RAVDESS's are), then an interruption: the next call goes
    // on after the third.
    let interrupted = TempDir::new().unwrap();
    let reads = (2 * 96 + 24) * STACK_CHANNELS * 7 / 2;
    let quiet = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| ()));
    assert!(catch_unwind(AssertUnwindSafe(|| run(&recipe, &interrupted, reads))).is_err());
    std::panic::set_hook(quiet);
    assert!(interrupted.child("epoch-003").is_dir());
    let (resumed, resumed_history) = run(&recipe, &interrupted, usize::MAX).unwrap();
    let figures = |history: &[EpochFigures]| -> Vec<_> {
        history.iter().map(|figures| (figures.epoch, figures.train_loss, figures.valid_wa)).collect()
    };
    assert_eq!(figures(&resumed_history), figures(&history));
    assert!(weights_file(&resumed).unwrap() == bytes, "the resumed run's weights differ");

    // What a student knows, it has from its teacher.
    let taught = run_taught(&recipe, &whole, &TempDir::new().unwrap());
    let best = taught.iter().map(|figures| figures.valid_wa).fold(0.0, f64::max);
    assert!(best >= 0.75, "chance is an eighth: {taught:#?}");

    // A checkpoint of another guide or another recipe is not gone on with.
    let refused = run_guided(&recipe, &interrupted, usize::MAX, &lessons(2.0)).unwrap_err();
    assert!(refused.to_string().contains("another recipe"), "{refused}");
    recipe.learning_rate = 1e-3;
    let refused = run(&recipe, &interrupted, usize::MAX).unwrap_err();
    assert!(refused.to_string().contains("another recipe"), "{refused}");

    check_that_sentences_are_told_apart();
}
