//! The network: a one-dimensional CNN over time, the input's features being its channels.

use burn::{
    module::{Module, Param},
    nn::{Dropout, DropoutConfig, Linear, LinearConfig},
    tensor::{Device, Tensor, TensorData, activation},
};

use super::{
    block::Stage,
    config::{NetworkConfig, Pooling},
    pooling::StatisticsPooling,
    window::{self, FrameSource, Normalization, WINDOW_FRAMES, Windows},
};
use crate::{Emotion, Error, Result, features::STACK_CHANNELS};

/// Windows of a long clip that go through the network together: a few megabytes of activations.
const WINDOWS_AT_A_TIME: usize = 8;

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
        let maps = self.stages.iter().fold(windows, |maps, stage| stage.forward(maps));
        let [channels, batch, frames] = maps.dims();
        let flat = match &self.pooling {
            Some(pooling) => pooling.forward(maps).swap_dims(0, 1),
            None => maps.swap_dims(0, 1).reshape([batch, channels * frames]),
        };
        let hidden = activation::relu(self.hidden.forward(self.dropout.forward(flat)));
        self.output.forward(self.dropout.forward(hidden))
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

    /// The logits of one normalised window, `[STACK_CHANNELS, WINDOW_FRAMES]` row-major.
    ///
    /// # Errors
    /// [`Error::Parameter`] for another number of values.
    pub fn logits(&self, window: Vec<f32>) -> Result<[f32; Emotion::COUNT]> {
        let shape = [STACK_CHANNELS, 1, WINDOW_FRAMES];
        if window.len() != shape.iter().product::<usize>() {
            return Err(Error::Parameter {
                name: "window",
                expected: format!("{STACK_CHANNELS} x {WINDOW_FRAMES} values"),
                got: window.len().to_string(),
            });
        }
        let input = Tensor::from_data(TensorData::new(window, shape), &self.mean.val().device());
        let mut logits = [0.0; Emotion::COUNT];
        for (logit, value) in logits.iter_mut().zip(self.forward(input).into_data().iter::<f32>()) {
            *logit = value;
        }
        Ok(logits)
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

/// The value of a parameter that is one number.
fn number(param: &Param<Tensor<1>>) -> f32 {
    param.val().into_data().iter::<f32>().next().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Distribution, Tolerance};

    use super::*;
    use crate::features::FrameMatrix;

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

    #[test]
    fn an_emotion_left_out_has_no_probability() {
        let network = NetworkConfig::default().init(&crate::model::device());
        let values = (0..STACK_CHANNELS * 50).map(|n| (n as f32 * 0.7).sin()).collect();
        let features = FrameMatrix::from_data(STACK_CHANNELS, 50, values).expect("the right size");
        let all = network.probabilities(&features, &network.normalization());
        let present = std::array::from_fn(|index| index != 1 && index != 7);
        let left = network.clone().restricted(present).probabilities(&features, &network.normalization());
        let kept = 1.0 - all[1] - all[7];
        for index in 0..Emotion::COUNT {
            let expected = if present[index] { all[index] / kept } else { 0.0 };
            assert!((left[index] - expected).abs() < 1e-5, "{index}: {} for {expected}", left[index]);
        }
    }

    #[test]
    fn logits_are_those_of_forward_for_one_window() -> Result<()> {
        let device = crate::model::device();
        let network = NetworkConfig::default().init(&device);
        let window: Vec<f32> = (0..STACK_CHANNELS * WINDOW_FRAMES).map(|n| (n as f32 * 0.3).sin()).collect();
        let data = TensorData::new(window.clone(), [STACK_CHANNELS, 1, WINDOW_FRAMES]);
        let expected: Vec<f32> =
            network.forward(Tensor::from_data(data, &device)).into_data().iter().collect();
        assert_eq!(network.logits(window)?.to_vec(), expected);
        for length in [0, 1, STACK_CHANNELS * WINDOW_FRAMES + 1] {
            let refused = network.logits(vec![0.0; length]);
            assert!(matches!(refused, Err(Error::Parameter { name: "window", .. })), "{length}");
        }
        Ok(())
    }

    #[test]
    fn probabilities_sum_to_one() {
        let network = NetworkConfig::default().init(&crate::model::device());
        for frames in [1, 188, 189, 2_000] {
            let values = (0..STACK_CHANNELS * frames).map(|n| (n as f32 * 0.7).sin()).collect();
            let features = FrameMatrix::from_data(STACK_CHANNELS, frames, values).expect("the right size");
            let sum: f32 = network.probabilities(&features, &network.normalization()).iter().sum();
            assert!((sum - 1.0).abs() < 1e-5, "{frames} frames: {sum}");
        }
    }
}
