//! The training loop.

use std::{collections::BTreeMap, time::Instant};

use anyhow::{Result, ensure};
use burn::{
    module::Module,
    optim::{AdamWConfig, GradientsParams, ModuleOptimizer},
    tensor::{Device, Tensor, activation},
};
use rand::{RngExt, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use speech_emotion::model::{
    Network, weights,
    window::{FrameSource, Normalization},
};

use super::{
    Example,
    ahead::ahead,
    batch,
    checkpoint::{Checkpoints, Standing},
    ema::Ema,
    guide::Lessons,
    recipe::{FeatureGroup, Recipe},
    student::Student,
    teachers::{TAUGHT_BY, Teachers},
    tensors::Tensors,
    timbre::Timbre,
};
use crate::{
    corpora::Corpus,
    metrics::{self, Confusion},
    progress::Progress,
};

/// What a run learns from.
#[derive(Debug)]
pub struct TrainingData<'a, S> {
    /// Every training clip with its variants, the clean one first; each epoch draws one of them.
    pub train: Vec<Vec<Example<'a, S>>>,
    /// The clips by which the epoch is chosen, clean.
    pub valid: Vec<Example<'a, S>>,
    /// The training clips' normalisation: mean and standard deviation, `[STACK_CHANNELS]` each.
    pub mean: Vec<f32>,
    /// See `mean`.
    pub deviation: Vec<f32>,
    /// What tells these data from others, for resuming.
    pub fingerprint: String,
    /// Networks whose answers are part of the targets; none where the labels are all.
    pub teachers: Teachers,
    /// What the guide says of the training clips, as the examples hold it.
    pub lessons: &'a Lessons,
    /// How many sentences are told apart, as the examples number them; 0 where that isn't learnt.
    pub sentences: usize,
}

/// What an epoch gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EpochFigures {
    /// Counted from 1.
    pub epoch: usize,
    /// Mean cross-entropy over the training windows, against their smoothed and mixed targets.
    pub train_loss: f64,
    /// The validation clips' accuracy by the averaged weights, a fraction.
    pub valid_wa: f64,
    /// Their mean recall over classes.
    pub valid_ua: f64,
    /// Corpus by corpus their mean recall over its classes, the others' logits left out.
    pub valid_ua_of: BTreeMap<Corpus, f64>,
    /// Training windows a second.
    pub samples_per_second: f64,
}

/// Trains, resuming where the folder's checkpoint stands, and gives the averaged network of the epoch that
/// [`best_epoch`] chooses, with every epoch's figures.
///
/// # Errors
/// When there is nothing to train on, or the checkpoints can't be read or written.
pub fn train<S: FrameSource + Sync>(
    data: &TrainingData<'_, S>,
    recipe: &Recipe,
    checkpoints: &Checkpoints,
    device: &Device,
) -> Result<(Network, Vec<EpochFigures>)> {
    ensure!(
        !data.train.is_empty() && !data.valid.is_empty(),
        "expected training and validation clips, got none"
    );
    let fingerprint =
        format!("{} on {}{}", serde_json::to_string(recipe)?, data.fingerprint, data.teachers.fingerprint());
    let fingerprint = match data.lessons.digest() {
        Some(guide) => format!("{fingerprint}{TAUGHT_BY}the guide {guide}"),
        None => fingerprint,
    };
    let mut deviation = data.deviation.clone();
    for row in recipe.without.iter().flat_map(|group| group.rows()) {
        deviation[row] = FeatureGroup::HIDDEN;
    }
    let normalization = Normalization::new(data.mean.clone(), &deviation).centred(recipe.centring);
    let autodiff = device.clone().autodiff();
    autodiff.seed(recipe.seed);
    let network = recipe
        .network
        .init(&autodiff)
        .with_normalization(&data.mean, &deviation)
        .with_centring(recipe.centring);
    let student =
        Student::new(network, data.lessons.width(), data.sentences, recipe.network.dropout, &autodiff);
    let optimizer = AdamWConfig::new().with_weight_decay(recipe.weight_decay).init();
    let (state, mut progress) = match checkpoints.progress_of(&fingerprint)? {
        Some(progress) => {
            println!("resuming after epoch {}", progress.epochs);
            let (student, ema, optimizer) =
                checkpoints.load(student, optimizer, recipe.ema_decay, &progress)?;
            (State { student, ema, optimizer, step: progress.steps }, progress)
        }
        None => {
            let ema = Ema::new(&student.network, recipe.ema_decay);
            let progress =
                Standing { epochs: 0, steps: 0, history: vec![], best_epoch: 0, recipe: fingerprint };
            (State { student, ema, optimizer, step: 0 }, progress)
        }
    };
    let timbre = Timbre::new()?;
    let mut run = Run { data, recipe, normalization, timbre, device: autodiff, state };
    while progress.epochs < recipe.all_epochs() {
        let figures = run.epoch(progress.epochs)?;
        let left = (recipe.all_epochs() - figures.epoch) as f64 * data.train.len() as f64;
        println!(
            "epoch {:>3}/{}  loss {:.4}  valid WA {:.1} %  UA {:.1} %  {}  {:.0} samples/s, {:.0} minutes left",
            figures.epoch,
            recipe.all_epochs(),
            figures.train_loss,
            100.0 * figures.valid_wa,
            100.0 * figures.valid_ua,
            per_corpus(&figures.valid_ua_of),
            figures.samples_per_second,
            left / figures.samples_per_second / 60.0,
        );
        progress.epochs = figures.epoch;
        progress.steps = run.state.step;
        progress.history.push(figures);
        progress.best_epoch = best_epoch(&progress.history, recipe);
        checkpoints.save(&run.state.student, &run.state.ema, &run.state.optimizer, &progress)?;
    }
    let network = recipe.network.init(device).try_load_record(checkpoints.best_weights()?)?;
    Ok((network, progress.history))
}

/// The last epoch, counted from 1, where the weights were brought to steps: the highest of forty figures of some hundred
/// clips is partly chance, and no earlier epoch knows the steps. Else the one that did best on the validation part, the
/// first of equals.
pub fn best_epoch(history: &[EpochFigures], recipe: &Recipe) -> usize {
    if recipe.stepped_epochs > 0 {
        return history.len();
    }
    let wa: Vec<f32> = history.iter().map(|figures| figures.valid_wa as f32).collect();
    history.get(metrics::argmax(&wa)).map_or(0, |figures| figures.epoch)
}

/// What changes from step to step.
struct State {
    student: Student,
    ema: Ema,
    optimizer: ModuleOptimizer,
    step: usize,
}

impl State {
    /// One step of the optimizer; gives the batch's loss.
    fn step(&mut self, batch: Tensors, recipe: &Recipe, rate: f64, stepped: bool) -> f64 {
        let student = self.student.clone();
        let student = if stepped { student.map_network(weights::in_steps) } else { student };
        let answers = student.forward(batch.windows);
        let mut loss = cross_entropy(answers.logits + batch.mask, batch.targets);
        if let (Some(guesses), Some(guide)) = (answers.guesses, batch.guide) {
            loss = loss + (guesses - guide).square().mean().mul_scalar(recipe.guiding);
        }
        if let (Some(sentences), Some(said)) = (answers.sentences, batch.said) {
            loss = loss + cross_entropy(sentences, said);
        }
        let value: f32 = loss.clone().into_scalar();
        let gradients = GradientsParams::from_grads(loss.backward(), &student);
        self.student = self.optimizer.step(rate, self.student.clone(), gradients);
        self.ema.update(&self.student.network, self.step);
        self.step += 1;
        f64::from(value)
    }
}

struct Run<'a, S> {
    data: &'a TrainingData<'a, S>,
    recipe: &'a Recipe,
    normalization: Normalization,
    timbre: Timbre,
    device: Device,
    state: State,
}

impl<S: FrameSource + Sync> Run<'_, S> {
    /// One pass over the training clips. Everything drawn depends on the seed and the epoch alone, so that a
    /// resumed run draws what an uninterrupted one does.
    fn epoch(&mut self, epoch: usize) -> Result<EpochFigures> {
        let seed = self.recipe.seed.wrapping_mul(1_000_003).wrapping_add(epoch as u64);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        self.device.seed(seed);
        let mut order = self.drawn(&mut rng);
        order.shuffle(&mut rng);
        let mut meter = Progress::new(&format!("epoch {}", epoch + 1), order.len());
        let started = Instant::now();
        let stepped = epoch >= self.recipe.epochs;
        let mut loss = 0.0;
        let mut done = 0;
        let &mut Self { data, recipe, ref normalization, ref timbre, ref device, ref mut state } = self;
        let batches = order.chunks(recipe.batch.batch_size).map(|clips| {
            let examples: Vec<_> = clips
                .iter()
                .map(|&clip| {
                    let variants = &data.train[clip];
                    variants[rng.random_range(0..variants.len())]
                })
                .collect();
            batch::draw(&examples, normalization, &recipe.batch, timbre, data.sentences, &mut rng)
        });
        ahead(batches, |batch| {
            let size = batch.size;
            let mut tensors = batch.on(device);
            if let Some(taught) = data.teachers.probabilities(&tensors.windows) {
                let teaching = recipe.teaching;
                tensors.targets = tensors.targets.mul_scalar(1.0 - teaching) + taught.mul_scalar(teaching);
            }
            // By epochs and not by steps, whose number is drawn.
            let rate = recipe.rate(epoch as f64 + done as f64 / order.len() as f64);
            done += size;
            loss += state.step(tensors, recipe, rate, stepped) * size as f64;
            meter.advance(size, "");
        });
        meter.finish();
        let samples_per_second = order.len() as f64 / started.elapsed().as_secs_f64();
        let Validation { wa: valid_wa, ua: valid_ua, ua_of: valid_ua_of } = self.validate(stepped);
        let train_loss = loss / order.len() as f64;
        ensure!(
            train_loss.is_finite(),
            "the loss is {train_loss} in epoch {}: lower the learning rate",
            epoch + 1
        );
        Ok(EpochFigures { epoch: epoch + 1, train_loss, valid_wa, valid_ua, valid_ua_of, samples_per_second })
    }

    /// The clips of an epoch, each as often as its corpus is to be drawn, fractions by lot.
    fn drawn(&self, rng: &mut ChaCha8Rng) -> Vec<usize> {
        let mut order = Vec::with_capacity(self.data.train.len());
        for (clip, variants) in self.data.train.iter().enumerate() {
            let draws = self.recipe.draws.get(&variants[0].corpus).copied().unwrap_or(1.0);
            let times = draws.floor() as usize + usize::from(rng.random_bool(draws.fract()));
            order.extend(std::iter::repeat_n(clip, times));
        }
        order
    }

    fn validate(&self, stepped: bool) -> Validation {
        let network = self.state.ema.network().clone();
        let network = if stepped { weights::in_steps(network) } else { network };
        let network = network.into_inference();
        // On all cores: beside a GPU one of them would take as long as the epoch.
        let answers = self.data.valid.par_iter().map_init(
            || network.scratch(),
            |scratch, example| network.probabilities(example.source, scratch),
        );
        let answers: Vec<_> = answers.collect();
        let mut confusion = Confusion::default();
        let mut masked: BTreeMap<Corpus, Confusion> = BTreeMap::new();
        for (example, mut probabilities) in self.data.valid.iter().zip(answers) {
            confusion[example.emotion.index()][metrics::argmax(&probabilities)] += 1;
            for (probability, present) in probabilities.iter_mut().zip(example.corpus.emotions()) {
                *probability *= if present { 1.0 } else { 0.0 };
            }
            let corpus = masked.entry(example.corpus).or_default();
            corpus[example.emotion.index()][metrics::argmax(&probabilities)] += 1;
        }
        let (wa, ua) = metrics::accuracies(&confusion);
        Validation {
            wa,
            ua,
            ua_of: masked.iter().map(|(&corpus, c)| (corpus, metrics::accuracies(c).1)).collect(),
        }
    }
}

/// What the averaged weights do on the validation part.
struct Validation {
    wa: f64,
    ua: f64,
    ua_of: BTreeMap<Corpus, f64>,
}

/// One number for each corpus, for the log.
fn per_corpus(ua_of: &BTreeMap<Corpus, f64>) -> String {
    let part = |(corpus, ua): (&Corpus, &f64)| format!("{corpus} {:.1}", 100.0 * ua);
    ua_of.iter().map(part).collect::<Vec<_>>().join("  ")
}

/// Mean cross-entropy of logits against targets, both `[batch, classes]`: probabilities, or these times what a row counts.
fn cross_entropy(logits: Tensor<2>, targets: Tensor<2>) -> Tensor<1> {
    (targets * activation::log_softmax(logits, 1)).sum_dim(1).mean().neg()
}
