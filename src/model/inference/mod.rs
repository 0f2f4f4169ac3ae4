//! The network as it answers.
//!
//! Burn's operations go through memory once each: a convolution's stacked copies, its product, bias, ReLU and shortcut,
//! and its matrix product packs the weights again for every call. Here the weights are laid out once and a convolution
//! with all that follows it is one pass; what comes after the stages is Burn's matrix products. [`Network::forward`] is the
//! same network by Burn alone: what is trained, and what this is compared with.

mod head;
mod layers;
mod maps;
mod panels;

pub(super) use self::layers::{Convolution, Dense, StageLayers};
use burn::tensor::Device;

use self::{
    head::Head,
    maps::Maps,
    panels::{Panel, Panels},
};
use super::{
    Network,
    network::Ending,
    window::{self, FrameSource, Normalization, WINDOW_FRAMES, Windows},
};
use crate::{Emotion, Error, Result, features::STACK_CHANNELS};

/// Windows of a long clip that go through the network together: a few megabytes of activations.
const WINDOWS_AT_A_TIME: usize = 8;

/// A network made ready to answer: what [`Network::forward`] says of a folded network, within rounding, in less time.
#[derive(Debug)]
pub struct Inference {
    stages: Vec<Layers>,
    head: Head,
    normalization: Normalization,
    unsure_below: f32,
}

/// Memory that answers work in, kept from one to the next.
#[derive(Debug)]
pub struct Scratch {
    panel: Panel,
    /// The maps that go into a layer, and those that come out.
    maps: [Maps; 2],
}

/// A stage: a convolution, residual ones, max pooling.
#[derive(Debug)]
struct Layers {
    first: Panels,
    residual: Vec<Panels>,
    pool: usize,
}

impl Layers {
    fn new(StageLayers { first, residual, pool }: StageLayers) -> Self {
        Self { first: Panels::new(first), residual: residual.into_iter().map(Panels::new).collect(), pool }
    }

    fn convolutions(&self) -> impl Iterator<Item = &Panels> {
        std::iter::once(&self.first).chain(&self.residual)
    }

    /// From the first of the two maps to the first of them.
    fn forward(&self, Scratch { panel, maps }: &mut Scratch) {
        for (index, convolution) in self.convolutions().enumerate() {
            let [input, output] = maps;
            convolution.convolve(input, output, index > 0, panel);
            maps.swap(0, 1);
        }
        maps[0].pool(self.pool);
    }
}

impl Network {
    /// The network made ready to answer. Of weights that nobody else holds nothing is copied twice.
    pub fn into_inference(self) -> Inference {
        let (normalization, unsure_below) = (self.normalization(), self.unsure_below());
        let device = self.mean.val().device();
        let folded = self.folded();
        drop(self);
        let (stages, Ending { pooling, hidden, output }) = folded.into_parts();
        let stages = stages.into_iter().map(|stage| {
            let (first, residual, pool) = stage.into_parts();
            StageLayers { first: first.into(), residual: residual.map(Convolution::from).collect(), pool }
        });
        let pooling = pooling.map(|pooling| pooling.into_parts().map(Convolution::from));
        let parts = Parts {
            normalization,
            unsure_below,
            stages: stages.collect(),
            pooling,
            dense: [hidden.into(), output.into()],
        };
        Inference::new(parts, &device)
    }
}

/// What a network is made of.
pub(super) struct Parts {
    pub normalization: Normalization,
    pub unsure_below: f32,
    pub stages: Vec<StageLayers>,
    /// The two convolutions of attentive statistics; none where the frames are flattened.
    pub pooling: Option<[Convolution; 2]>,
    pub dense: [Dense; 2],
}

impl Inference {
    /// Lays out the weights.
    pub(super) fn new(parts: Parts, device: &Device) -> Self {
        let Parts { normalization, unsure_below, stages, pooling, dense } = parts;
        let stages = stages.into_iter().map(Layers::new).collect();
        Self { stages, head: Head::new(pooling, dense, device), normalization, unsure_below }
    }

    /// Memory for [`Inference::probabilities`] and [`Inference::logits`].
    pub fn scratch(&self) -> Scratch {
        let convolutions = || self.stages.iter().flat_map(Layers::convolutions);
        let before = convolutions().map(Panels::padding).max().unwrap_or(0);
        let after = convolutions().map(Panels::reach).max().unwrap_or(0);
        Scratch { panel: Panel::new(), maps: [Maps::new(before, after), Maps::new(before, after)] }
    }

    /// The confidence, 0 to 1, below which an answer is unsure: see [`Network::unsure_below`].
    pub fn unsure_below(&self) -> f32 {
        self.unsure_below
    }

    /// The logits of one normalised window, `[STACK_CHANNELS, WINDOW_FRAMES]` row-major.
    ///
    /// # Errors
    /// [`Error::Parameter`] for another number of values.
    pub fn logits(&self, window: &[f32], scratch: &mut Scratch) -> Result<[f32; Emotion::COUNT]> {
        if window.len() != STACK_CHANNELS * WINDOW_FRAMES {
            return Err(Error::Parameter {
                name: "window",
                expected: format!("{STACK_CHANNELS} x {WINDOW_FRAMES} values"),
                got: window.len().to_string(),
            });
        }
        Ok(self.forward(window, 1, scratch)[0])
    }

    /// The probabilities of a clip by its features: the mean over its windows of theirs, summing to 1. Memory is bounded:
    /// a few windows at a time.
    pub fn probabilities(&self, source: &impl FrameSource, scratch: &mut Scratch) -> [f32; Emotion::COUNT] {
        let starts = window::starts(source.frames());
        let mut mean = [0.0; Emotion::COUNT];
        for starts_now in starts.chunks(WINDOWS_AT_A_TIME) {
            let windows = Windows::of_clip(source, &self.normalization, starts_now);
            let logits = self.forward(&windows.into_data(), starts_now.len(), scratch);
            for logits in logits {
                let probabilities = softmax(logits);
                mean.iter_mut().zip(probabilities).for_each(|(mean, p)| *mean += p / starts.len() as f32);
            }
        }
        mean
    }

    /// `[STACK_CHANNELS, batch, WINDOW_FRAMES]` -> the logits, `[batch, 8]`. Window by window, since one's maps stay in
    /// the processor's cache.
    fn forward(&self, windows: &[f32], batch: usize, scratch: &mut Scratch) -> Vec<[f32; Emotion::COUNT]> {
        let mut pooled = Vec::new();
        for window in 0..batch {
            scratch.maps[0].clear(STACK_CHANNELS, WINDOW_FRAMES);
            for (channel, row) in windows.chunks_exact(batch * WINDOW_FRAMES).enumerate() {
                let row = &row[window * WINDOW_FRAMES..][..WINDOW_FRAMES];
                scratch.maps[0].row_mut(channel).copy_from_slice(row);
            }
            self.stages.iter().for_each(|stage| stage.forward(scratch));
            let maps = &scratch.maps[0];
            let (channels, frames) = (maps.channels(), maps.frames());
            pooled.resize(channels * batch * frames, 0.0);
            for channel in 0..channels {
                let at = (channel * batch + window) * frames;
                pooled[at..at + frames].copy_from_slice(maps.row(channel));
            }
        }
        self.head.logits(&pooled, batch, scratch.maps[0].frames())
    }
}

/// Probabilities by logits.
fn softmax(logits: [f32; Emotion::COUNT]) -> [f32; Emotion::COUNT] {
    let greatest = logits.into_iter().fold(f32::NEG_INFINITY, f32::max);
    let powers = logits.map(|logit| (logit - greatest).exp());
    let sum: f32 = powers.iter().sum();
    powers.map(|power| power / sum)
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Distribution, Tensor, TensorData};

    use super::*;
    use crate::{
        features::FrameMatrix,
        model::{NetworkConfig, StageConfig},
    };

    fn odd() -> NetworkConfig {
        let stage = |channels, kernel, stride, residual: &[usize], pool| StageConfig {
            channels,
            kernel,
            stride,
            residual: residual.to_vec(),
            pool,
        };
        // Neither channels nor frames fill their panels.
        let stages = vec![stage(13, 7, 3, &[1, 4], 2), stage(5, 1, 2, &[3], 1)];
        NetworkConfig { stages, ..NetworkConfig::compact() }
    }

    #[test]
    fn answers_are_those_of_burns_operations() {
        let device = crate::model::device();
        for config in [NetworkConfig::compact(), NetworkConfig::textbook(), odd()] {
            let network = config.init(&device);
            let shape = [STACK_CHANNELS, 3, WINDOW_FRAMES];
            let windows = Tensor::<3>::random(shape, Distribution::Normal(0.0, 1.0), &device);
            let expected = network.folded().forward(windows.clone()).into_data();
            let expected: Vec<f32> = expected.iter().collect();
            let values: Vec<f32> = windows.into_data().iter().collect();
            let inference = network.into_inference();
            let mut scratch = inference.scratch();
            // What was there before does not matter.
            for _ in 0..2 {
                let got = inference.forward(&values, 3, &mut scratch);
                for (got, expected) in got.as_flattened().iter().zip(&expected) {
                    assert!((got - expected).abs() < 1e-5, "{got} for {expected}");
                }
            }
        }
    }

    #[test]
    fn an_emotion_left_out_has_no_probability() {
        let network = NetworkConfig::default().init(&crate::model::device());
        let values = (0..STACK_CHANNELS * 50).map(|n| (n as f32 * 0.7).sin()).collect();
        let features = FrameMatrix::from_data(STACK_CHANNELS, 50, values).expect("the right size");
        let probabilities = |network: &Network| {
            let inference = network.clone().into_inference();
            inference.probabilities(&features, &mut inference.scratch())
        };
        let all = probabilities(&network);
        let present = std::array::from_fn(|index| index != 1 && index != 7);
        let left = probabilities(&network.clone().restricted(present));
        let kept = 1.0 - all[1] - all[7];
        for index in 0..Emotion::COUNT {
            let expected = if present[index] { all[index] / kept } else { 0.0 };
            assert!((left[index] - expected).abs() < 1e-5, "{index}: {} for {expected}", left[index]);
        }
    }

    #[test]
    fn logits_are_those_of_forward_for_one_window() -> Result<()> {
        let device = crate::model::device();
        let network = NetworkConfig::default().init_folded(&device);
        let window: Vec<f32> = (0..STACK_CHANNELS * WINDOW_FRAMES).map(|n| (n as f32 * 0.3).sin()).collect();
        let data = TensorData::new(window.clone(), [STACK_CHANNELS, 1, WINDOW_FRAMES]);
        let expected: Vec<f32> =
            network.forward(Tensor::from_data(data, &device)).into_data().iter().collect();
        let inference = network.into_inference();
        let mut scratch = inference.scratch();
        let got = inference.logits(&window, &mut scratch)?;
        assert!(
            got.iter().zip(&expected).all(|(got, expected)| (got - expected).abs() < 1e-5),
            "{got:?} {expected:?}"
        );
        for length in [0, 1, STACK_CHANNELS * WINDOW_FRAMES + 1] {
            let refused = inference.logits(&vec![0.0; length], &mut scratch);
            assert!(matches!(refused, Err(Error::Parameter { name: "window", .. })), "{length}");
        }
        Ok(())
    }

    #[test]
    fn probabilities_sum_to_one() {
        let inference = NetworkConfig::default().init(&crate::model::device()).into_inference();
        let mut scratch = inference.scratch();
        for frames in [1, 188, 189, 2_000] {
            let values = (0..STACK_CHANNELS * frames).map(|n| (n as f32 * 0.7).sin()).collect();
            let features = FrameMatrix::from_data(STACK_CHANNELS, frames, values).expect("the right size");
            let sum: f32 = inference.probabilities(&features, &mut scratch).iter().sum();
            assert!((sum - 1.0).abs() < 1e-5, "{frames} frames: {sum}");
        }
    }
}
