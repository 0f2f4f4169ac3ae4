//! Learning the weights: batches, schedule, averaged weights, checkpoints, the loop.

pub mod batch;
pub mod checkpoint;
pub mod ema;
pub mod export;
pub mod run;
pub mod schedule;
pub mod settings;
pub mod timbre;

use speech_emotion::Emotion;

use crate::corpora::Corpus;

/// A clip's features and what it portrays.
#[derive(Debug)]
pub struct Example<'a, S> {
    /// The features, `[STACK_CHANNELS, frames]`.
    pub source: &'a S,
    /// The intended emotion.
    pub emotion: Emotion,
    /// Where the clip comes from.
    pub corpus: Corpus,
    /// What it is to be taken for: probabilities that sum to 1.
    pub target: [f32; Emotion::COUNT],
}

impl<'a, S> Example<'a, S> {
    /// An example whose target is its intended emotion.
    pub fn new(source: &'a S, emotion: Emotion, corpus: Corpus) -> Self {
        let target = Emotion::ALL.map(|other| if other == emotion { 1.0 } else { 0.0 });
        Self { source, emotion, corpus, target }
    }
}

// Not derived: a derive would ask `S` to be `Clone` too.
impl<S> Clone for Example<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Example<'_, S> {}
