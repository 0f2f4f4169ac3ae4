//! A network while it learns, with what only its lessons need.

use burn::{
    module::Module,
    nn::{Dropout, DropoutConfig, Linear, LinearConfig},
    tensor::{Device, Tensor},
};
use speech_emotion::model::Network;

/// A network and, where they are learnt, the layers that tell the guide's numbers and the sentence from what the network's
/// dense layers get.
#[derive(Module, Debug)]
pub struct Student {
    /// What is to ship.
    pub network: Network,
    guess: Option<Linear>,
    /// Tells what is said, where that is learnt.
    words: Option<Linear>,
    dropout: Dropout,
}

/// What a student makes of a batch.
pub struct Answers {
    /// `[batch, 8]`
    pub logits: Tensor<2>,
    /// What it takes the guide's numbers for, `[batch, width]`.
    pub guesses: Option<Tensor<2>>,
    /// Its logits for the sentences, `[batch, sentences]`.
    pub sentences: Option<Tensor<2>>,
}

impl Student {
    /// A network whose guide has `width` numbers for each clip and that tells so many `sentences` apart, dropping units with
    /// probability `dropout` before that; none if they're 0.
    pub fn new(network: Network, width: usize, sentences: usize, dropout: f64, device: &Device) -> Self {
        let guess = (width > 0).then(|| LinearConfig::new(network.pooled_width(), width).init(device));
        let words =
            (sentences > 0).then(|| LinearConfig::new(network.pooled_width(), sentences).init(device));
        Self { network, guess, words, dropout: DropoutConfig::new(dropout).init() }
    }

    /// The same with another state of the network.
    #[must_use]
    pub fn map_network(self, change: impl FnOnce(Network) -> Network) -> Self {
        Self { network: change(self.network), ..self }
    }

    /// Logits and guesses of normalised windows, `[STACK_CHANNELS, batch, WINDOW_FRAMES]`.
    pub fn forward(&self, windows: Tensor<3>) -> Answers {
        let pooled = self.network.pooled(windows);
        let guesses = self.guess.as_ref().map(|guess| guess.forward(pooled.clone()));
        let sentences = self.words.as_ref().map(|words| words.forward(self.dropout.forward(pooled.clone())));
        Answers { logits: self.network.classified(pooled), guesses, sentences }
    }
}
