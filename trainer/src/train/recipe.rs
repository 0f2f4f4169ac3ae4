//! The recipe of a run: everything that is chosen.

use std::{collections::BTreeMap, ops::Range};

use serde::{Deserialize, Serialize};
use speech_emotion::{features::STACK_CHANNELS, model::NetworkConfig};

use super::{
    batch::BatchOptions,
    schedule::{falling, one_cycle},
};
use crate::{
    augment::Kind,
    cache::{Tones, by_name_or_pitch},
    corpora::Corpus,
};

/// The recipe of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recipe {
    /// The network's layout.
    pub network: NetworkConfig,
    /// Passes over the training clips.
    pub epochs: usize,
    /// Further passes in which every weight is seen in the few steps that its file has, so that the network learns to do
    /// with them (Jacob et al. 2018); the gradient goes to the weight itself.
    pub stepped_epochs: usize,
    /// The first learning rate of these; it falls to nothing along half a cosine.
    pub stepped_rate: f64,
    /// The highest learning rate.
    pub learning_rate: f64,
    /// The share of the epochs in which the learning rate rises; 0 for a cosine that only falls.
    pub warm_up: f64,
    /// The last learning rate, relative to the highest.
    pub last_rate: f64,
    /// AdamW's decoupled weight decay.
    pub weight_decay: f32,
    /// What the weights' average keeps at each step.
    pub ema_decay: f64,
    /// The seed of everything drawn in the run.
    pub seed: u64,
    /// Augmented copies of each training clip beside the clean one, of four kinds in turn; none of them in `legacy`, which
    /// makes its own.
    pub copies: u8,
    /// Kinds of copies that are never drawn.
    pub without_copies: Vec<Kind>,
    /// The share of CREMA-D's targets that listeners' votes have, 0 to 1; the intended emotion has the rest.
    pub votes: f32,
    /// The share of the targets that the teachers' answers have, 0 to 1, where there are teachers.
    pub teaching: f32,
    /// What the guide counts in the loss, where there is one: this times the mean squared error of its numbers.
    pub guiding: f32,
    /// What telling a corpus's sentences apart counts in the loss: this times the cross-entropy of each of its clips; nothing
    /// where nothing is said.
    #[serde(default = "BTreeMap::new")]
    pub wording: BTreeMap<Corpus, f32>,
    /// How often a corpus's clips are drawn in an epoch, on average; once where nothing is said.
    pub draws: BTreeMap<Corpus, f64>,
    /// The share of a window's own mean that is taken out of it, 0 to 1.
    pub centring: f32,
    /// What stands in the place of chroma.
    #[serde(alias = "pitch", deserialize_with = "by_name_or_pitch")]
    pub tones: Tones,
    /// Feature groups that the network doesn't get to see.
    pub without: Vec<FeatureGroup>,
    /// Windows, masks and mixing.
    pub batch: BatchOptions,
}

/// Rows of the input stack that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeatureGroup {
    /// The log-mel spectrogram.
    LogMel,
    /// The cepstral coefficients.
    Mfcc,
    /// The pitch classes, or what stands in their place.
    Chroma,
    /// RMS, zero crossings, centroid, rolloff, flatness.
    Scalars,
}

impl FeatureGroup {
    /// The deviation that hides a row: whatever stands in it becomes zero in normalisation.
    pub const HIDDEN: f32 = 1e20;

    /// Its rows.
    pub fn rows(self) -> Range<usize> {
        match self {
            Self::LogMel => 0..64,
            Self::Mfcc => 64..84,
            Self::Chroma => 84..96,
            Self::Scalars => 96..STACK_CHANNELS,
        }
    }
}

impl Recipe {
    /// Whether a clip's variant is drawn: the clean one always, a copy unless its kind is left out.
    pub fn draws_variant(&self, variant: u8) -> bool {
        variant.checked_sub(1).is_none_or(|copy| !self.without_copies.contains(&Kind::of(copy)))
    }

    /// The same, less what it says of other corpora than these.
    #[must_use]
    pub fn of(mut self, corpora: &[Corpus]) -> Self {
        self.draws.retain(|corpus, _| corpora.contains(corpus));
        self.wording.retain(|corpus, _| corpora.contains(corpus));
        self.batch.timbre_of.retain(|corpus, _| corpora.contains(corpus));
        self
    }

    /// All passes over the training clips.
    pub fn all_epochs(&self) -> usize {
        self.epochs + self.stepped_epochs
    }

    /// The learning rate after so many epochs, whole and part.
    pub(super) fn rate(&self, epochs: f64) -> f64 {
        let beyond = epochs - self.epochs as f64;
        if beyond < 0.0 {
            return one_cycle(epochs / self.epochs as f64, self.warm_up, self.learning_rate, self.last_rate);
        }
        falling(beyond / self.stepped_epochs.max(1) as f64, self.stepped_rate)
    }
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            network: NetworkConfig::default(),
            epochs: 40,
            stepped_epochs: 5,
            stepped_rate: 3e-4,
            learning_rate: 2e-3,
            warm_up: 0.25,
            last_rate: 1e-4,
            weight_decay: 0.02,
            ema_decay: 0.998,
            seed: 1,
            copies: 4,
            without_copies: Vec::new(),
            votes: 0.0,
            teaching: 0.7,
            guiding: 1.0,
            // SAVEE's four speakers say the same sentences; more weight costs what is heard of recordings of other kinds.
            wording: BTreeMap::from([(Corpus::Savee, 0.3)]),
            // Few speakers with many emotions, drawn more often; two speakers who say one sentence 2800 times, less.
            draws: BTreeMap::from([(Corpus::Ravdess, 2.0), (Corpus::Savee, 8.0), (Corpus::Tess, 0.5)]),
            centring: 1.0,
            tones: Tones::Chroma,
            without: Vec::new(),
            batch: BatchOptions::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::timbre::TimbreOptions;

    #[test]
    fn copies_of_a_kind_that_is_left_out_are_not_drawn() {
        let recipe = Recipe { without_copies: vec![Kind::Stretch, Kind::Way], ..Recipe::default() };
        let drawn: Vec<u8> = (0..=8).filter(|&variant| recipe.draws_variant(variant)).collect();
        assert_eq!(drawn, [0, 1, 3, 5, 7], "clean, noise, pitch, and once more");
        assert!((0..=8).all(|variant| Recipe::default().draws_variant(variant)));
    }

    #[test]
    fn two_recipes_are_one_for_the_corpora_that_they_agree_on() {
        let timbre = TimbreOptions { share: 1.0, warp: 0.25, equaliser_db: 5.0 };
        let mut other = Recipe::default();
        other.draws.insert(Corpus::Savee, 9.5);
        other.wording.insert(Corpus::Savee, 9.5);
        other.batch.timbre_of.insert(Corpus::Savee, TimbreOptions { share: 0.125, ..timbre });
        let of = |recipe: &Recipe, corpora: &[Corpus]| recipe.clone().of(corpora);
        let [here, there] = [Corpus::Ravdess, Corpus::Savee].map(|corpus| [corpus, Corpus::Tess]);
        assert_eq!(of(&other, &here), of(&Recipe::default(), &here));
        for change in [
            Recipe { draws: other.draws.clone(), ..Recipe::default() },
            Recipe { wording: other.wording.clone(), ..Recipe::default() },
            Recipe { batch: other.batch.clone(), ..Recipe::default() },
        ] {
            assert_ne!(of(&change, &there), of(&Recipe::default(), &there));
        }
    }

    #[test]
    fn a_recipe_that_says_nothing_of_sentences_and_voices_has_none() -> serde_json::Result<()> {
        let old: Recipe = serde_json::from_str(r#"{"epochs": 3, "batch": {"batch_size": 8}}"#)?;
        assert!(old.wording.is_empty() && old.batch.timbre_of.is_empty());
        assert_eq!((old.epochs, old.batch.batch_size, old.tones), (3, 8, Tones::Chroma));
        let with_pitch: Recipe = serde_json::from_str(r#"{"pitch": true}"#)?;
        assert_eq!(with_pitch.tones, Tones::Pitch);
        Ok(())
    }
}
