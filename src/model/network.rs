//! The network: a one-dimensional CNN over time, the input's features being its channels.

use burn::{
    config::Config,
    module::{Module, Param},
    nn::{
        BatchNorm, BatchNormConfig, Dropout, DropoutConfig, Linear, LinearConfig, PaddingConfig1d,
        conv::{Conv1d, Conv1dConfig},
        pool::{MaxPool1d, MaxPool1dConfig},
    },
    tensor::{Device, Tensor, TensorData, activation},
};

use super::{
    convolution::conv1d_same,
    window::{self, FrameSource, Normalization, WINDOW_FRAMES, Windows},
};
use crate::{Emotion, features::STACK_CHANNELS};

/// Blocks of convolution.
pub const BLOCKS: usize = 3;

/// Windows of a long clip that go through the network together: a few megabytes of activations.
const WINDOWS_AT_A_TIME: usize = 8;

/// The network's layout. The default is what ships; the weights file holds no other.
#[derive(Config, Debug)]
pub struct NetworkConfig {
    /// Output channels of each convolution.
    #[config(default = "[128, 128, 128]")]
    pub channels: [usize; BLOCKS],
    /// Frames of each convolution's kernel; odd.
    #[config(default = "[5, 5, 5]")]
    pub kernels: [usize; BLOCKS],
    /// Frames that each block's max pooling makes one.
    #[config(default = "[2, 2, 4]")]
    pub pools: [usize; BLOCKS],
    /// Units of the hidden dense layer.
    #[config(default = "96")]
    pub hidden: usize,
    /// Probability of dropping a unit, before each dense layer, in training.
    #[config(default = "0.3")]
    pub dropout: f64,
}

/// One block: convolution, batch normalisation, ReLU, max pooling.
#[derive(Module, Debug)]
struct ConvBlock {
    conv: Conv1d,
    norm: BatchNorm,
    pool: MaxPool1d,
}

impl ConvBlock {
    fn new(channels_in: usize, channels_out: usize, kernel: usize, pool: usize, device: &Device) -> Self {
        Self {
            // The normalisation's shift is the bias.
            conv: Conv1dConfig::new(channels_in, channels_out, kernel)
                .with_padding(PaddingConfig1d::Same)
                .with_bias(false)
                .init(device),
            norm: BatchNormConfig::new(channels_out).init(device),
            pool: MaxPool1dConfig::new(pool).init(),
        }
    }

    /// `[channels_in, batch, frames]` -> `[channels_out, batch, frames / pool]`.
    fn forward(&self, input: Tensor<3>) -> Tensor<3> {
        let output = conv1d_same(input, &self.conv);
        let [channels, batch, frames] = output.dims();
        // One batch of one long clip: the statistics run over batch and frames either way.
        let output = self.norm.forward(output.reshape([1, channels, batch * frames]));
        self.pool.forward(activation::relu(output).reshape([channels, batch, frames]))
    }
}

/// Three blocks of convolution, then two dense layers to the eight logits.
#[derive(Module, Debug)]
pub struct Network {
    /// The training clips' mean of every input channel, `[STACK_CHANNELS]`; not trained.
    pub(crate) mean: Param<Tensor<1>>,
    /// Their standard deviation, `[STACK_CHANNELS]`; not trained.
    pub(crate) deviation: Param<Tensor<1>>,
    blocks: Vec<ConvBlock>,
    dropout: Dropout,
    hidden: Linear,
    output: Linear,
}

impl NetworkConfig {
    /// A network with random weights and a normalisation that changes nothing.
    pub fn init(&self, device: &Device) -> Network {
        let mut frames = WINDOW_FRAMES;
        let mut channels_in = STACK_CHANNELS;
        let blocks = (0..BLOCKS)
            .map(|n| {
                let block =
                    ConvBlock::new(channels_in, self.channels[n], self.kernels[n], self.pools[n], device);
                channels_in = self.channels[n];
                frames /= self.pools[n];
                block
            })
            .collect();
        let constant = |tensor: Tensor<1>| Param::from_tensor(tensor).set_require_grad(false);
        Network {
            mean: constant(Tensor::zeros([STACK_CHANNELS], device)),
            deviation: constant(Tensor::ones([STACK_CHANNELS], device)),
            blocks,
            dropout: DropoutConfig::new(self.dropout).init(),
            hidden: LinearConfig::new(channels_in * frames, self.hidden).init(device),
            output: LinearConfig::new(self.hidden, Emotion::COUNT).init(device),
        }
    }
}

impl Network {
    /// The logits of normalised windows: `[STACK_CHANNELS, batch, WINDOW_FRAMES]` -> `[batch, 8]`.
    ///
    /// Channels come first, unlike Burn's `[batch, channels, frames]`: see [`super::window::Windows`], which
    /// lays them out so.
    pub fn forward(&self, windows: Tensor<3>) -> Tensor<2> {
        let maps = self.blocks.iter().fold(windows, |maps, block| block.forward(maps));
        let [channels, batch, frames] = maps.dims();
        let flat = maps.swap_dims(0, 1).reshape([batch, channels * frames]);
        let hidden = activation::relu(self.hidden.forward(self.dropout.forward(flat)));
        self.output.forward(self.dropout.forward(hidden))
    }

    /// The probabilities of a clip by its features: the mean over its windows of theirs, summing to 1.
    /// `normalization` is the network's own, [`Network::normalization`], kept by the caller. Memory is bounded:
    /// a few windows at a time.
    pub fn probabilities(
        &self,
        source: &impl FrameSource,
        normalization: &Normalization,
    ) -> [f32; Emotion::COUNT] {
        let device = self.mean.val().device();
        let starts = window::starts(source.frames());
        let mut mean = [0.0; Emotion::COUNT];
        for starts_now in starts.chunks(WINDOWS_AT_A_TIME) {
            let windows = Windows::of_clip(source, normalization, starts_now);
            let shape = [STACK_CHANNELS, windows.batch(), WINDOW_FRAMES];
            let input = Tensor::from_data(TensorData::new(windows.into_data(), shape), &device);
            let sums = activation::softmax(self.forward(input), 1).sum_dim(0).into_data();
            for (mean, sum) in mean.iter_mut().zip(sums.iter::<f32>()) {
                *mean += sum / starts.len() as f32;
            }
        }
        mean
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Distribution, Tolerance};

    use super::*;
    use crate::features::FrameMatrix;

    #[test]
    fn a_batch_gives_what_its_windows_give_alone() {
        let device = crate::model::device();
        let network = NetworkConfig::new().init(&device);
        let shape = [STACK_CHANNELS, 3, WINDOW_FRAMES];
        let windows = Tensor::<3>::random(shape, Distribution::Normal(0.0, 1.0), &device);
        let together = network.forward(windows.clone());
        assert_eq!(together.dims(), [3, Emotion::COUNT]);
        for n in 0..3 {
            let alone = network.forward(windows.clone().narrow(1, n, 1));
            let row = together.clone().narrow(0, n, 1);
            alone.to_data().assert_approx_eq::<f32>(&row.to_data(), Tolerance::absolute(1e-4));
        }
    }

    #[test]
    fn probabilities_sum_to_one() {
        let network = NetworkConfig::new().init(&crate::model::device());
        for frames in [1, 188, 189, 2_000] {
            let values = (0..STACK_CHANNELS * frames).map(|n| (n as f32 * 0.7).sin()).collect();
            let features = FrameMatrix::from_data(STACK_CHANNELS, frames, values).expect("the right size");
            let sum: f32 = network.probabilities(&features, &network.normalization()).iter().sum();
            assert!((sum - 1.0).abs() < 1e-5, "{frames} frames: {sum}");
        }
    }
}
