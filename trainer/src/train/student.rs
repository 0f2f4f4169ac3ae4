//! A network while it learns, with what only its lessons need.

use burn::{
    module::Module,
    nn::{Linear, LinearConfig},
    tensor::{Device, Tensor},
};
use speech_emotion::model::Network;

/// A network and, where it has a guide, the layer that tells the guide's numbers from what the network's dense layers get.
#[derive(Module, Debug)]
pub struct Student {
    /// What is to ship.
    pub network: Network,
    guess: Option<Linear>,
}

/// What a student makes of a batch.
pub struct Answers {
    /// `[batch, 8]`
    pub logits: Tensor<2>,
    /// What it takes the guide's numbers for, `[batch, width]`.
    pub guesses: Option<Tensor<2>>,
}

impl Student {
    /// A network whose guide has `width` numbers for each clip; none if it's 0.
    pub fn new(network: Network, width: usize, device: &Device) -> Self {
        let guess = (width > 0).then(|| LinearConfig::new(network.pooled_width(), width).init(device));
        Self { network, guess }
    }

    /// The same with another state of the network.
    #[must_use]
    pub fn map_network(self, change: impl FnOnce(Network) -> Network) -> Self {
        Self { network: change(self.network), guess: self.guess }
    }

    /// Logits and guesses of normalised windows, `[STACK_CHANNELS, batch, WINDOW_FRAMES]`.
    pub fn forward(&self, windows: Tensor<3>) -> Answers {
        let pooled = self.network.pooled(windows);
        let guesses = self.guess.as_ref().map(|guess| guess.forward(pooled.clone()));
        Answers { logits: self.network.classified(pooled), guesses }
    }
}
