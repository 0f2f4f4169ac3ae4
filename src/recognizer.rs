//! The whole way from samples to an answer.

use std::{fmt, ops::ControlFlow, sync::Arc};

use serde::{Serialize, Serializer};

use crate::{
    Analysis, Analyzer, Baseline, Emotion, Error, Result, analysis, audio,
    features::FrameMatrix,
    model::{Inference, Scratch, weights},
    stream::{Answer, Listener},
};

/// The probability of every emotion, in [`Emotion::ALL`]'s order.
pub(crate) type Probabilities = [f32; Emotion::COUNT];

/// What a clip sounds like. Serialised, its probabilities are a map by the emotions' names.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Prediction {
    /// The most probable emotion; none where the clip holds no speech.
    pub label: Option<Emotion>,
    /// The probability of every emotion, in [`Emotion::ALL`]'s order, summing to 1; none where the clip holds
    /// no speech.
    #[serde(serialize_with = "by_name")]
    pub probabilities: Option<[f32; Emotion::COUNT]>,
    /// Whether the label's probability is too low for an answer: such answers were as often wrong as right, on
    /// clips that the network was not trained on. False where the clip holds no speech.
    pub unsure: bool,
    /// How much of the clip is speech, 0 to 1.
    pub speech: f32,
}

pub(crate) fn by_name<S: Serializer>(
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
    classifier: Arc<Classifier>,
    listener: Listener,
}

/// The network and whose voice it hears: shared by a recognizer and its streams,
/// and never changed.
pub(crate) struct Classifier {
    network: Arc<Inference>,
    unsure_below: f32,
    baseline: Option<Baseline>,
}

impl Classifier {
    /// The probabilities of a conditioned clip by its features.
    pub fn probabilities(&self, features: &FrameMatrix, scratch: &mut Scratch) -> Probabilities {
        match &self.baseline {
            Some(baseline) => self.network.probabilities(&baseline.heard(features), scratch),
            None => self.network.probabilities(features, scratch),
        }
    }

    /// Whether samples are far below the level of the speaker who calibrated.
    pub fn is_background(&self, samples: &[f32]) -> bool {
        self.baseline.as_ref().is_some_and(|baseline| baseline.is_background(samples))
    }

    /// Whether `label` is too improbable for an answer.
    pub fn is_unsure(&self, probabilities: &Probabilities, label: Emotion) -> bool {
        probabilities[label.index()] < self.unsure_below
    }

    /// Memory for [`Classifier::probabilities`].
    pub fn scratch(&self) -> Scratch {
        self.network.scratch()
    }

    fn with_baseline(&self, baseline: Option<Baseline>) -> Arc<Self> {
        Arc::new(Self { network: Arc::clone(&self.network), unsure_below: self.unsure_below, baseline })
    }
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
    /// What [`weights::decode_inference`] refuses.
    pub fn with_weights(bytes: &[u8]) -> Result<Self> {
        let network = weights::decode_inference(bytes, &crate::model::device())?;
        let unsure_below = network.unsure_below();
        let classifier = Classifier { network: Arc::new(network), unsure_below, baseline: None };
        let listener = Listener::new(&classifier);
        Ok(Self { classifier: Arc::new(classifier), listener })
    }

    /// Analyses a clip: channels of equal length at `sample_rate` Hz. Channels are averaged; clips longer
    /// than 3 s are answered by the mean over windows of 3 s, half overlapping, and clips longer than 10 s by
    /// the mean over the segments of [`Recognizer::analyze_course`] that hold speech.
    ///
    /// # Errors
    /// What [`audio::prepare`] refuses: no samples, channels of different length, samples that are not
    /// finite, a rate out of 8 to 192 kHz, less than 0.25 s, more than an hour.
    pub fn analyze(&mut self, channels: &[&[f32]], sample_rate: u32) -> Result<Prediction> {
        let frames = channels.first().map_or(0, |first| first.len());
        if frames as f64 > analysis::WHOLE_SECONDS * f64::from(sample_rate) {
            let course = self.analyze_course(channels, sample_rate, |_| ControlFlow::Continue(()))?;
            return Ok(course.prediction);
        }
        self.predict(&audio::prepare(channels, sample_rate)?)
    }

    /// Analyses a clip as [`Recognizer::analyze`] does, and gives its time course as well: a segment every half
    /// second, the same that a [`Stream`](crate::Stream) gives. `on_progress` hears how much is done, 0 to 1, at
    /// least once for every 10 s of audio, and may end the analysis.
    ///
    /// # Errors
    /// What [`Recognizer::analyze`] refuses, and [`Error::Aborted`] when `on_progress` breaks.
    pub fn analyze_course(
        &mut self,
        channels: &[&[f32]],
        sample_rate: u32,
        mut on_progress: impl FnMut(f32) -> ControlFlow<()>,
    ) -> Result<Analysis> {
        audio::check(channels, sample_rate)?;
        let frames = channels.first().map_or(0, |first| first.len());
        let mut analyzer = Analyzer::new(self, sample_rate)?;
        let piece = 10 * sample_rate as usize;
        for start in (0..frames).step_by(piece) {
            let end = (start + piece).min(frames);
            let pieces: Vec<&[f32]> = channels.iter().map(|channel| &channel[start..end]).collect();
            analyzer.push(&pieces)?;
            if on_progress(end as f32 / frames as f32).is_break() {
                return Err(Error::Aborted);
            }
        }
        analyzer.finish(self)
    }

    /// Takes a few sentences that a speaker says neutrally, and hears what comes after them against their voice and
    /// microphone: a voice that moves less or more than the average neutral one is evened out half of the way, and what is more
    /// than 25 dB below the speaker's level is background and not speech. Streams that run already go on as before.
    ///
    /// # Errors
    /// What [`Recognizer::analyze`] refuses, and [`Error::NoSpeech`] for less than a second of speech.
    pub fn calibrate(&mut self, channels: &[&[f32]], sample_rate: u32) -> Result<Baseline> {
        const MINIMUM: f32 = 1.0;
        let samples = audio::prepare(channels, sample_rate)?;
        let (activity, features) = self.listener.hear(&samples)?;
        let Some(features) = features.filter(|_| activity.seconds >= MINIMUM) else {
            let got = if activity.seconds < MINIMUM { activity.seconds } else { 0.0 };
            return Err(Error::NoSpeech { minimum: MINIMUM, got });
        };
        let baseline = Baseline::new(&samples, activity.share, &features);
        self.classifier = self.classifier.with_baseline(Some(baseline.clone()));
        Ok(baseline)
    }

    /// Hears what comes after against a baseline that [`Recognizer::calibrate`] gave before.
    pub fn calibrate_to(&mut self, baseline: Baseline) {
        self.classifier = self.classifier.with_baseline(Some(baseline));
    }

    /// Forgets the speaker of [`Recognizer::calibrate`].
    pub fn clear_calibration(&mut self) {
        self.classifier = self.classifier.with_baseline(None);
    }

    /// The network's logits for one window of normalised features, `[STACK_CHANNELS, WINDOW_FRAMES]` row-major, in
    /// [`Emotion::ALL`]'s order: the network without what stands around it.
    ///
    /// # Errors
    /// [`Error::Parameter`] for another number of values.
    pub fn logits(&mut self, window: &[f32]) -> Result<[f32; Emotion::COUNT]> {
        self.classifier.network.logits(window, self.listener.scratch())
    }

    /// The prediction of a clip at 16 kHz.
    pub(crate) fn predict(&mut self, samples: &[f32]) -> Result<Prediction> {
        let Answer { activity, probabilities } = self.listener.answer(&self.classifier, samples)?;
        Ok(self.prediction(probabilities, activity.share))
    }

    /// The prediction that says `probabilities`.
    pub(crate) fn prediction(&self, probabilities: Option<Probabilities>, speech: f32) -> Prediction {
        let label = probabilities.as_ref().map(most_probable);
        let unsure = label.zip(probabilities.as_ref());
        let unsure = unsure.is_some_and(|(label, values)| self.classifier.is_unsure(values, label));
        Prediction { label, probabilities, unsure, speech }
    }

    pub(crate) fn classifier(&self) -> Arc<Classifier> {
        Arc::clone(&self.classifier)
    }
}

/// The emotion with the greatest probability.
pub(crate) fn most_probable(probabilities: &Probabilities) -> Emotion {
    let first = Emotion::ALL[0];
    let greater = |best: Emotion, emotion: Emotion| {
        if probabilities[emotion.index()] >= probabilities[best.index()] { emotion } else { best }
    };
    Emotion::ALL.into_iter().fold(first, greater)
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
            assert_eq!(
                prediction,
                Prediction { label: None, probabilities: None, unsure: false, speech: 0.0 }
            );
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
