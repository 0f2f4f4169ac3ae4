//! The network: a one-dimensional CNN over time, the input's features being its channels.

use burn::{
    module::{Module, Param},
    nn::{Dropout, DropoutConfig, Linear, LinearConfig},
    tensor::{Device, Tensor, activation},
};

use super::{
    block::Stage,
    config::{NetworkConfig, Pooling},
    pooling::StatisticsPooling,
    window::WINDOW_FRAMES,
};
use crate::{Emotion, features::STACK_CHANNELS};

/// Added to a logit that is to have no probability: far below what a trained network gives, and finite.
const ABSENT: f32 = -1e4;

/// Stages of convolution, ReLU and max pooling, then two dense layers to the eight logits.
#[derive(Module, Debug)]
pub struct Network {
    /// The training clips' mean of every input channel, `[STACK_CHANNELS]`; not trained.
    pub(crate) mean: Param<Tensor<1>>,
    /// Their standard deviation, `[STACK_CHANNELS]`; not trained.
    pub(crate) deviation: Param<Tensor<1>>,
    /// The share of a window's own mean that is taken out of it, `[1]`; not trained.
    pub(crate) centring: Param<Tensor<1>>,
    /// The confidence below which an answer is unsure, `[1]`; not trained.
    pub(crate) unsure_below: Param<Tensor<1>>,
    stages: Vec<Stage>,
    /// None where the frames are flattened.
    pooling: Option<StatisticsPooling>,
    dropout: Dropout,
    hidden: Linear,
    output: Linear,
}

/// What follows a network's last stage.
pub(super) struct Ending {
    pub pooling: Option<StatisticsPooling>,
    pub hidden: Linear,
    pub output: Linear,
}

impl NetworkConfig {
    /// A network with random weights and a normalisation that changes nothing.
    pub fn init(&self, device: &Device) -> Network {
        self.build(false, device)
    }

    /// A network whose batch normalisations are folded into its convolutions, as [`Network::folded`] leaves them.
    pub fn init_folded(&self, device: &Device) -> Network {
        self.build(true, device)
    }

    fn build(&self, folded: bool, device: &Device) -> Network {
        let mut frames = WINDOW_FRAMES;
        let mut channels = STACK_CHANNELS;
        let mut stages = Vec::with_capacity(self.stages.len());
        for config in &self.stages {
            let stage = Stage::new(channels, config, folded, device);
            frames = stage.frames_out(frames);
            channels = config.channels;
            stages.push(stage);
        }
        let (pooling, pooled) = match self.pooling {
            Pooling::Flatten => (None, channels * frames),
            Pooling::Statistics => (Some(StatisticsPooling::new(channels, device)), 2 * channels),
        };
        let constant = |tensor: Tensor<1>| Param::from_tensor(tensor).set_require_grad(false);
        Network {
            mean: constant(Tensor::zeros([STACK_CHANNELS], device)),
            deviation: constant(Tensor::ones([STACK_CHANNELS], device)),
            centring: constant(Tensor::zeros([1], device)),
            unsure_below: constant(Tensor::zeros([1], device)),
            stages,
            pooling,
            dropout: DropoutConfig::new(self.dropout).init(),
            hidden: LinearConfig::new(pooled, self.hidden).init(device),
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
        self.classified(self.pooled(windows))
    }

    /// What the dense layers get of normalised windows: `[STACK_CHANNELS, batch, WINDOW_FRAMES]` -> `[batch, pooled]`,
    /// [`Self::pooled_width`] numbers each.
    pub fn pooled(&self, windows: Tensor<3>) -> Tensor<2> {
        let maps = self.stages.iter().fold(windows, |maps, stage| stage.forward(maps));
        let [channels, batch, frames] = maps.dims();
        match &self.pooling {
            Some(pooling) => pooling.forward(maps).swap_dims(0, 1),
            None => maps.swap_dims(0, 1).reshape([batch, channels * frames]),
        }
    }

    /// The numbers of a window that the dense layers get.
    pub fn pooled_width(&self) -> usize {
        self.hidden.weight.dims()[0]
    }

    /// The logits of what [`Self::pooled`] gives: `[batch, pooled]` -> `[batch, 8]`.
    pub fn classified(&self, pooled: Tensor<2>) -> Tensor<2> {
        let hidden = activation::relu(self.hidden.forward(self.dropout.forward(pooled)));
        self.output.forward(self.dropout.forward(hidden))
    }

    /// The stages and what follows them, to be laid out anew.
    pub(super) fn into_parts(self) -> (Vec<Stage>, Ending) {
        let Self { stages, pooling, hidden, output, .. } = self;
        (stages, Ending { pooling, hidden, output })
    }

    /// The same network with its batch normalisations worked into its convolutions: half the passes over the maps.
    /// For inference alone.
    #[must_use]
    pub fn folded(&self) -> Self {
        Self { stages: self.stages.iter().map(Stage::folded).collect(), ..self.clone() }
    }

    /// The same network with its logits divided by `temperature`, so that confidence is calibrated and every answer
    /// stays (Guo et al. 2017).
    #[must_use]
    pub fn cooled(mut self, temperature: f32) -> Self {
        self.output.weight = self.output.weight.map(|weight| weight / temperature);
        self.output.bias = self.output.bias.map(|bias| bias.map(|bias| bias / temperature));
        self
    }

    /// The same network without the emotions that are not `present`: their probability is 0 whatever it hears, and the
    /// others have what was theirs. For networks that were trained without them.
    #[must_use]
    pub fn restricted(mut self, present: [bool; Emotion::COUNT]) -> Self {
        let absent = present.map(|present| if present { 0.0 } else { ABSENT });
        let absent = Tensor::<1>::from_floats(absent, &self.mean.val().device());
        self.output.bias = self.output.bias.map(|bias| bias.map(|bias| bias + absent));
        self
    }

    /// The confidence, 0 to 1, below which an answer is unsure: fitted on clips that the network was not trained on.
    pub fn unsure_below(&self) -> f32 {
        number(&self.unsure_below)
    }

    /// The share, 0 to 1, of a window's own mean that is taken out of it: see [`Normalization::centred`].
    pub fn centring(&self) -> f32 {
        number(&self.centring)
    }

    /// Sets the share of a window's own mean that is taken out of it.
    #[must_use]
    pub fn with_centring(mut self, share: f32) -> Self {
        self.centring = self.centring.map(|value| Tensor::full_like(&value, share));
        self
    }

    /// Sets the confidence below which an answer is unsure.
    #[must_use]
    pub fn with_unsure_below(mut self, confidence: f32) -> Self {
        self.unsure_below = self.unsure_below.map(|value| Tensor::full_like(&value, confidence));
        self
    }

    /// Floating-point operations for one window, a multiply-add counting as two; the matrix products alone, which
    /// are nearly all of it.
    pub fn flops(&self) -> usize {
        let mut frames = WINDOW_FRAMES;
        let mut products = 0;
        for stage in &self.stages {
            products += stage.products(frames);
            frames = stage.frames_out(frames);
        }
        products += self.pooling.as_ref().map_or(0, |pooling| pooling.products(frames));
        let elements = |linear: &Linear| linear.weight.shape().num_elements();
        2 * (products + elements(&self.hidden) + elements(&self.output))
    }
}

/// The value of a parameter that is one number.
fn number(param: &Param<Tensor<1>>) -> f32 {
    param.val().into_data().iter::<f32>().next().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Distribution, Tolerance};

    use super::*;

    #[test]
    fn a_batch_gives_what_its_windows_give_alone() {
        let device = crate::model::device();
        for config in [NetworkConfig::compact(), NetworkConfig::textbook()] {
            check_batch(&config.init(&device));
        }
    }

    fn check_batch(network: &Network) {
        let device = crate::model::device();
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
}
