//! The training loop.

use std::time::Instant;

use anyhow::{Result, ensure};
use burn::{
    module::Module,
    optim::{AdamWConfig, GradientsParams, ModuleOptimizer},
    store::ModuleRecord,
    tensor::{Device, Tensor, activation},
};
use rand::{RngExt, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use speech_emotion::{
    Emotion,
    model::{
        Network, NetworkConfig,
        window::{FrameSource, Normalization},
    },
};

use super::{
    Example,
    batch::{self, BatchOptions},
    checkpoint::{Checkpoints, Standing},
    ema::Ema,
    schedule::one_cycle,
};
use crate::{metrics, progress::Progress};

/// The recipe of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// Passes over the training clips.
    pub epochs: usize,
    /// The highest learning rate.
    pub learning_rate: f64,
    /// AdamW's decoupled weight decay.
    pub weight_decay: f32,
    /// What the weights' average keeps at each step.
    pub ema_decay: f64,
    /// The seed of everything drawn in the run.
    pub seed: u64,
    /// Windows, masks and mixing.
    pub batch: BatchOptions,
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            epochs: 40,
            learning_rate: 2e-3,
            weight_decay: 0.02,
            ema_decay: 0.998,
            seed: 1,
            batch: BatchOptions::default(),
        }
    }
}

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
    /// Training windows a second.
    pub samples_per_second: f64,
}

/// Trains, resuming where the folder's checkpoint stands, and gives the averaged network of the epoch that did
/// best on the validation part, with every epoch's figures.
///
/// # Errors
/// When there is nothing to train on, or the checkpoints can't be read or written.
pub fn train<S: FrameSource>(
    data: &TrainingData<'_, S>,
    recipe: &Recipe,
    checkpoints: &Checkpoints,
    device: &Device,
) -> Result<(Network, Vec<EpochFigures>)> {
    ensure!(
        !data.train.is_empty() && !data.valid.is_empty(),
        "expected training and validation clips, got none"
    );
    let fingerprint = format!("{} on {}", serde_json::to_string(recipe)?, data.fingerprint);
    let normalization = Normalization::new(data.mean.clone(), &data.deviation);
    let autodiff = device.clone().autodiff();
    autodiff.seed(recipe.seed);
    let network = NetworkConfig::new().init(&autodiff).with_normalization(&data.mean, &data.deviation);
    let optimizer = AdamWConfig::new().with_weight_decay(recipe.weight_decay).init();
    let (state, mut progress) = match checkpoints.progress_of(&fingerprint)? {
        Some(progress) => {
            println!("resuming after epoch {}", progress.epochs);
            let (network, ema, optimizer) =
                checkpoints.load(network, optimizer, recipe.ema_decay, &progress)?;
            (State { network, ema, optimizer, step: progress.steps }, progress)
        }
        None => {
            let ema = Ema::new(&network, recipe.ema_decay);
            let progress =
                Standing { epochs: 0, steps: 0, history: vec![], best_epoch: 0, recipe: fingerprint };
            (State { network, ema, optimizer, step: 0 }, progress)
        }
    };
    let mut run = Run { data, recipe, normalization, device: autodiff, state };
    while progress.epochs < recipe.epochs {
        let figures = run.epoch(progress.epochs)?;
        let left = (recipe.epochs - figures.epoch) as f64 * data.train.len() as f64;
        println!(
            "epoch {:>3}/{}  loss {:.4}  valid WA {:.1} %  UA {:.1} %  {:.0} samples/s, {:.0} minutes left",
            figures.epoch,
            recipe.epochs,
            figures.train_loss,
            100.0 * figures.valid_wa,
            100.0 * figures.valid_ua,
            figures.samples_per_second,
            left / figures.samples_per_second / 60.0,
        );
        let best = progress.history.iter().map(|figures| figures.valid_wa).fold(0.0, f64::max);
        if figures.valid_wa > best || progress.epochs == 0 {
            progress.best_epoch = figures.epoch;
        }
        progress.epochs = figures.epoch;
        progress.steps = run.state.step;
        progress.history.push(figures);
        checkpoints.save(&run.state.network, &run.state.ema, &run.state.optimizer, &progress)?;
    }
    let best = ModuleRecord::load(checkpoints.best())?;
    Ok((NetworkConfig::new().init(device).try_load_record(best)?, progress.history))
}

/// What changes from step to step.
struct State {
    network: Network,
    ema: Ema,
    optimizer: ModuleOptimizer,
    step: usize,
}

struct Run<'a, S> {
    data: &'a TrainingData<'a, S>,
    recipe: &'a Recipe,
    normalization: Normalization,
    device: Device,
    state: State,
}

impl<S: FrameSource> Run<'_, S> {
    /// One pass over the training clips. Everything drawn depends on the seed and the epoch alone, so that a
    /// resumed run draws what an uninterrupted one does.
    fn epoch(&mut self, epoch: usize) -> Result<EpochFigures> {
        let seed = self.recipe.seed.wrapping_mul(1_000_003).wrapping_add(epoch as u64);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        self.device.seed(seed);
        let mut order: Vec<usize> = (0..self.data.train.len()).collect();
        order.shuffle(&mut rng);
        let batches = order.len().div_ceil(self.recipe.batch.batch_size);
        let mut meter = Progress::new(&format!("epoch {}", epoch + 1), order.len());
        let started = Instant::now();
        let mut loss = 0.0;
        for clips in order.chunks(self.recipe.batch.batch_size) {
            let examples: Vec<_> = clips
                .iter()
                .map(|&clip| {
                    let variants = &self.data.train[clip];
                    variants[rng.random_range(0..variants.len())]
                })
                .collect();
            let batch =
                batch::draw(&examples, &self.normalization, &self.recipe.batch, &mut rng, &self.device);
            let rate = one_cycle(self.state.step, batches * self.recipe.epochs, self.recipe.learning_rate);
            loss += self.step(batch, rate) * clips.len() as f64;
            meter.advance(clips.len(), "");
        }
        meter.finish();
        let samples_per_second = order.len() as f64 / started.elapsed().as_secs_f64();
        let (valid_wa, valid_ua) = self.validate();
        let train_loss = loss / order.len() as f64;
        ensure!(
            train_loss.is_finite(),
            "the loss is {train_loss} in epoch {}: lower the learning rate",
            epoch + 1
        );
        Ok(EpochFigures { epoch: epoch + 1, train_loss, valid_wa, valid_ua, samples_per_second })
    }

    /// One step of the optimizer; gives the batch's loss.
    fn step(&mut self, batch: batch::Batch, rate: f64) -> f64 {
        let state = &mut self.state;
        let loss = cross_entropy(state.network.forward(batch.windows), batch.targets);
        let value: f32 = loss.clone().into_scalar();
        let gradients = GradientsParams::from_grads(loss.backward(), &state.network);
        state.network = state.optimizer.step(rate, state.network.clone(), gradients);
        state.ema.update(&state.network, state.step);
        state.step += 1;
        f64::from(value)
    }

    fn validate(&self) -> (f64, f64) {
        let network = self.state.ema.network();
        let mut confusion = [[0; Emotion::COUNT]; Emotion::COUNT];
        for example in &self.data.valid {
            let predicted = metrics::argmax(&network.probabilities(example.source, &self.normalization));
            confusion[example.emotion.index()][predicted] += 1;
        }
        metrics::accuracies(&confusion)
    }
}

/// Mean cross-entropy of logits against target probabilities, both `[batch, 8]`.
fn cross_entropy(logits: Tensor<2>, targets: Tensor<2>) -> Tensor<1> {
    (targets * activation::log_softmax(logits, 1)).sum_dim(1).mean().neg()
}
