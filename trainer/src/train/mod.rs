//! Learning the weights: batches, schedule, averaged weights, checkpoints, the loop.

pub mod batch;
pub mod checkpoint;
pub mod ema;
pub mod export;
pub mod run;
pub mod schedule;

use speech_emotion::Emotion;

/// A clip's features and what it portrays.
#[derive(Debug)]
pub struct Example<'a, S> {
    /// The features, `[STACK_CHANNELS, frames]`.
    pub source: &'a S,
    /// The intended emotion.
    pub emotion: Emotion,
}

// Not derived: a derive would ask `S` to be `Clone` too.
impl<S> Clone for Example<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Example<'_, S> {}
