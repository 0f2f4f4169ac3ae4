//! From the frames that leave the last stage to one vector.

use burn::{
    module::Module,
    nn::conv::{Conv1d, Conv1dConfig},
    tensor::{Device, Tensor, activation},
};

use super::convolution::conv1d_same;

/// Units between the maps and their attention weights.
pub(super) const ATTENTION_UNITS: usize = 32;

/// The least variance, so that its root has a gradient.
pub(super) const LEAST_VARIANCE: f32 = 1e-4;

/// Attentive statistics pooling (Okabe, Koshinaka and Shinoda 2018, "Attentive Statistics Pooling for Deep Speaker
/// Embedding"), with attention weights of its own for each channel as in ECAPA-TDNN (Desplanques et al. 2020).
#[derive(Module, Debug)]
pub(super) struct StatisticsPooling {
    units: Conv1d,
    scores: Conv1d,
}

impl StatisticsPooling {
    pub(super) fn new(channels: usize, device: &Device) -> Self {
        Self {
            units: Conv1dConfig::new(channels, ATTENTION_UNITS, 1).init(device),
            scores: Conv1dConfig::new(ATTENTION_UNITS, channels, 1).init(device),
        }
    }

    /// `[channels, batch, frames]` -> `[2 * channels, batch]`: means, then standard deviations.
    pub(super) fn forward(&self, maps: Tensor<3>) -> Tensor<2> {
        let units = activation::tanh(conv1d_same(maps.clone(), &self.units));
        let weights = activation::softmax(conv1d_same(units, &self.scores), 2);
        let weighted = maps.clone() * weights;
        let mean = weighted.clone().sum_dim(2);
        let variance = (weighted * maps).sum_dim(2) - mean.clone() * mean.clone();
        let deviation = variance.clamp_min(LEAST_VARIANCE).sqrt();
        Tensor::cat(vec![mean, deviation], 0).squeeze_dim(2)
    }

    /// Its layers: from the maps to the units, and from them to the scores.
    pub(super) fn into_parts(self) -> [Conv1d; 2] {
        [self.units, self.scores]
    }

    /// Multiply-adds of its matrix products.
    pub(super) fn products(&self, frames: usize) -> usize {
        let elements = |conv: &Conv1d| conv.weight.shape().num_elements();
        (elements(&self.units) + elements(&self.scores)) * frames
    }
}
