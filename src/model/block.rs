//! Convolutions with what follows them: normalisation, ReLU, a shortcut, pooling.

use burn::{
    module::{Module, Param},
    nn::{
        BatchNorm, BatchNormConfig,
        conv::{Conv1d, Conv1dConfig},
        pool::{MaxPool1d, MaxPool1dConfig},
    },
    tensor::{Device, Tensor, activation},
};

use super::{config::StageConfig, convolution::conv1d_same};

/// Frames of the residual convolutions' kernels.
pub(super) const RESIDUAL_KERNEL: usize = 3;

/// Convolution, batch normalisation, ReLU.
#[derive(Module, Debug)]
pub(super) struct ConvBlock {
    conv: Conv1d,
    /// None once it is folded into the convolution.
    norm: Option<BatchNorm>,
}

impl ConvBlock {
    fn new(conv: Conv1dConfig, folded: bool, device: &Device) -> Self {
        let norm = (!folded).then(|| BatchNormConfig::new(conv.channels_out).init(device));
        // The normalisation's shift is the bias.
        Self { conv: conv.with_bias(folded).init(device), norm }
    }

    /// `[channels_in, batch, frames]` -> `[channels_out, batch, frames / stride]`.
    fn forward(&self, input: Tensor<3>) -> Tensor<3> {
        let output = conv1d_same(input, &self.conv);
        let Some(norm) = &self.norm else { return activation::relu(output) };
        let [channels, batch, frames] = output.dims();
        // One batch of one long clip: the statistics run over batch and frames either way.
        let output = norm.forward(output.reshape([1, channels, batch * frames]));
        activation::relu(output).reshape([channels, batch, frames])
    }

    /// The same map with the normalisation's running statistics worked into weights and bias:
    /// `g (w x - m) / sqrt(v + e) + b`, for each output channel.
    fn folded(&self) -> Self {
        let Some(norm) = &self.norm else { return self.clone() };
        let deviation = (norm.running_var.value() + norm.epsilon).sqrt();
        let scale = norm.gamma.val() / deviation;
        let bias = norm.beta.val() - norm.running_mean.value() * scale.clone();
        let mut conv = self.conv.clone();
        let [channels, ..] = conv.weight.dims();
        conv.weight = conv.weight.map(|weight| weight * scale.reshape([channels, 1, 1]));
        conv.bias = Some(Param::from_tensor(bias));
        Self { conv, norm: None }
    }

    /// Multiply-adds for `frames` frames coming in.
    fn products(&self, frames: usize) -> usize {
        self.conv.weight.shape().num_elements() * frames.div_ceil(self.conv.stride)
    }
}

/// A stage: a convolution, residual ones, max pooling.
#[derive(Module, Debug)]
pub(super) struct Stage {
    first: ConvBlock,
    residual: Vec<ConvBlock>,
    pool: MaxPool1d,
}

impl Stage {
    pub(super) fn new(channels_in: usize, config: &StageConfig, folded: bool, device: &Device) -> Self {
        let StageConfig { channels, kernel, stride, pool, .. } = *config;
        let first = Conv1dConfig::new(channels_in, channels, kernel).with_stride(stride);
        let residual = |&dilation: &usize| {
            let conv = Conv1dConfig::new(channels, channels, RESIDUAL_KERNEL).with_dilation(dilation);
            ConvBlock::new(conv, folded, device)
        };
        Self {
            first: ConvBlock::new(first, folded, device),
            residual: config.residual.iter().map(residual).collect(),
            pool: MaxPool1dConfig::new(pool).init(),
        }
    }

    /// `[channels_in, batch, frames]` -> `[channels_out, batch, frames / stride / pool]`.
    pub(super) fn forward(&self, input: Tensor<3>) -> Tensor<3> {
        let maps = self.first.forward(input);
        let maps = self.residual.iter().fold(maps, |maps, block| maps.clone() + block.forward(maps));
        self.pool.forward(maps)
    }

    /// A folded stage's first convolution, its residual ones, and how many frames its pooling makes one.
    pub(super) fn into_parts(self) -> (Conv1d, impl Iterator<Item = Conv1d>, usize) {
        (self.first.conv, self.residual.into_iter().map(|block| block.conv), self.pool.kernel_size)
    }

    pub(super) fn folded(&self) -> Self {
        let residual = self.residual.iter().map(ConvBlock::folded).collect();
        Self { first: self.first.folded(), residual, pool: self.pool.clone() }
    }

    /// Frames that leave for `frames` that enter.
    pub(super) fn frames_out(&self, frames: usize) -> usize {
        frames.div_ceil(self.first.conv.stride) / self.pool.kernel_size
    }

    /// Multiply-adds for `frames` frames coming in.
    pub(super) fn products(&self, frames: usize) -> usize {
        let inner = frames.div_ceil(self.first.conv.stride);
        let residual: usize = self.residual.iter().map(|block| block.products(inner)).sum();
        self.first.products(frames) + residual
    }
}
