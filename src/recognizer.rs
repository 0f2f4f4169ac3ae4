//! The whole way from samples to an answer.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::{
    Emotion, Result, audio,
    features::InputStack,
    model::{Network, weights, window::Normalization},
    speech::{self, SpeechActivity},
};

/// What a clip sounds like. Serialised, its probabilities are a map by the emotions' names.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Prediction {
    /// The most probable emotion; none where the clip holds no speech.
    pub label: Option<Emotion>,
    /// The probability of every emotion, in [`Emotion::ALL`]'s order, summing to 1; none where the clip holds
    /// no speech.
    #[serde(serialize_with = "by_name")]
    pub probabilities: Option<[f32; Emotion::COUNT]>,
    /// How much of the clip is speech, 0 to 1.
    pub speech: f32,
}

fn by_name<S: Serializer>(
    probabilities: &Option<[f32; Emotion::COUNT]>,
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    match probabilities {
        Some(values) => serializer.collect_map(Emotion::ALL.iter().map(|emotion| emotion.name()).zip(values)),
        None => serializer.serialize_none(),
    }
}

/// Recognises the emotion that a clip of speech portrays. Built once, used for any number of clips.
///
/// ```
/// # fn main() -> Result<(), speech_emotion::Error> {
/// let mut recognizer = speech_emotion::Recognizer::new()?;
/// let silence = vec![0.0; 44_100];
/// let prediction = recognizer.analyze(&[&silence], 44_100)?;
/// assert_eq!(prediction.label, None);
/// # Ok(())
/// # }
/// ```
pub struct Recognizer {
    network: Network,
    normalization: Normalization,
    stack: InputStack,
}

impl fmt::Debug for Recognizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recognizer").finish_non_exhaustive()
    }
}

impl Recognizer {
    /// A recognizer with the shipped weights.
    ///
    /// # Errors
    /// What [`Recognizer::with_weights`] refuses; the shipped weights are tested.
    pub fn new() -> Result<Self> {
        Self::with_weights(weights::SHIPPED)
    }

    /// A recognizer with the weights of a file's bytes.
    ///
    /// # Errors
    /// What [`weights::decode`] refuses.
    pub fn with_weights(bytes: &[u8]) -> Result<Self> {
        let network = weights::decode(bytes, &crate::model::device())?;
        let normalization = network.normalization();
        Ok(Self { network, normalization, stack: InputStack::new() })
    }

    /// Analyses a clip: channels of equal length at `sample_rate` Hz. Channels are averaged; clips longer
    /// than 3 s are answered by the mean over windows of 3 s, half overlapping.
    ///
    /// # Errors
    /// What [`audio::prepare`] refuses: no samples, channels of different length, samples that are not
    /// finite, a rate out of 8 to 192 kHz, less than 0.25 s, more than an hour.
    pub fn analyze(&mut self, channels: &[&[f32]], sample_rate: u32) -> Result<Prediction> {
        let samples = audio::prepare(channels, sample_rate)?;
        let activity = speech::detect(&samples);
        if !activity.is_speech() {
            return Ok(Prediction { label: None, probabilities: None, speech: activity.share });
        }
        let features = self.stack.compute(&audio::clip::condition(&samples))?;
        Ok(prediction(self.network.probabilities(&features, &self.normalization), activity))
    }
}

fn prediction(probabilities: [f32; Emotion::COUNT], activity: SpeechActivity) -> Prediction {
    let label =
        Emotion::ALL.into_iter().max_by(|a, b| probabilities[a.index()].total_cmp(&probabilities[b.index()]));
    Prediction { label, probabilities: Some(probabilities), speech: activity.share }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    #[test]
    fn silence_has_no_emotion() -> Result<()> {
        let mut recognizer = Recognizer::new()?;
        for rate in [8_000, 44_100, 192_000] {
            let prediction = recognizer.analyze(&[&vec![0.0; rate as usize]], rate)?;
            assert_eq!(prediction, Prediction { label: None, probabilities: None, speech: 0.0 });
        }
        Ok(())
    }

    #[test]
    fn bad_input_is_refused_by_name() -> Result<()> {
        let mut recognizer = Recognizer::new()?;
        let mut code = |channels: &[&[f32]], rate| recognizer.analyze(channels, rate).map_err(|e| e.code());
        let second = vec![0.1; 16_000];
        let broken = [&second[..], &[f32::NAN]].concat();
        assert_eq!(code(&[], 16_000), Err("empty-audio"));
        assert_eq!(code(&[&second, &second[1..]], 16_000), Err("channel-length"));
        assert_eq!(code(&[&broken], 16_000), Err("non-finite-sample"));
        assert_eq!(code(&[&second], 7_999), Err("sample-rate"));
        assert_eq!(code(&[&second[..3_999]], 16_000), Err("too-short"));
        assert_eq!(Recognizer::with_weights(b"nonsense").err().map(|e| e.code()), Some("weights-format"));
        Ok::<(), Error>(())
    }
}
