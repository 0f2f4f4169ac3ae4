//! Learning the weights: batches, schedule, averaged weights, checkpoints, the loop.

pub mod ahead;
pub mod batch;
pub mod checkpoint;
pub mod ema;
pub mod export;
pub mod guide;
pub mod recipe;
pub mod run;
pub mod schedule;
pub mod settings;
pub mod student;
pub mod style;
pub mod teachers;
pub mod tensors;
pub mod timbre;
pub mod wording;

use speech_emotion::Emotion;

use crate::corpora::{Corpus, Votes};
use wording::Said;

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
    /// What the guide hears in it; empty where there is none.
    pub guide: &'a [f32],
    /// What is said in it; none where that isn't learnt.
    pub said: Option<Said>,
}

impl<'a, S> Example<'a, S> {
    /// An example whose target is its intended emotion.
    pub fn new(source: &'a S, emotion: Emotion, corpus: Corpus) -> Self {
        let target = Emotion::ALL.map(|other| if other == emotion { 1.0 } else { 0.0 });
        Self { source, emotion, corpus, target, guide: &[], said: None }
    }

    /// The same with what listeners heard as `share` of the target; as it was where nobody voted.
    #[must_use]
    pub fn with_votes(mut self, votes: &Votes, share: f32) -> Self {
        let all: u16 = votes.iter().sum();
        if all > 0 {
            for (target, &count) in self.target.iter_mut().zip(votes) {
                *target += share * (f32::from(count) / f32::from(all) - *target);
            }
        }
        self
    }
}

// Not derived: a derive would ask `S` to be `Clone` too.
impl<S> Clone for Example<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Example<'_, S> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn votes_take_their_share_of_the_target() {
        let example = Example::new(&(), Emotion::Sad, Corpus::CremaD);
        let mut votes = Votes::default();
        assert_eq!(example.with_votes(&votes, 0.5).target, example.target, "nobody voted");
        votes[Emotion::Neutral.index()] = 3;
        votes[Emotion::Sad.index()] = 1;
        let target = example.with_votes(&votes, 0.5).target;
        assert_eq!(target[Emotion::Neutral.index()], 0.375);
        assert_eq!(target[Emotion::Sad.index()], 0.625);
        assert_eq!(example.with_votes(&votes, 0.0).target, example.target);
    }
}
