//! One window's answer: what streams and clips have in common.

use crate::{
    Result,
    audio::clip,
    features::{FrameMatrix, InputStack},
    model::Scratch,
    recognizer::{Classifier, Probabilities},
    speech::{FRAME, SpeechActivity, SpeechDetector, THRESHOLD, gate},
};

/// What a window or a clip holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Answer {
    pub activity: SpeechActivity,
    /// None where the gate is closed.
    pub probabilities: Option<Probabilities>,
}

/// Answers windows and whole clips, one after another, none depending on those before.
pub(crate) struct Listener {
    detector: SpeechDetector,
    stack: InputStack,
    conditioned: Vec<f32>,
    scratch: Scratch,
}

impl Listener {
    /// A listener for the network of `classifier`.
    pub fn new(classifier: &Classifier) -> Self {
        Self {
            detector: SpeechDetector::new(),
            stack: InputStack::new(),
            conditioned: Vec::new(),
            scratch: classifier.scratch(),
        }
    }

    /// The memory that the network works in.
    pub fn scratch(&mut self) -> &mut Scratch {
        &mut self.scratch
    }

    /// Answers samples at 16 kHz: the gate, and behind it the network.
    ///
    /// # Errors
    /// What [`InputStack::compute`] refuses; nothing of what [`crate::audio`] lets through.
    pub fn answer(&mut self, classifier: &Classifier, samples: &[f32]) -> Result<Answer> {
        let (activity, features) = self.hear(samples)?;
        let speech = features.filter(|_| !classifier.is_background(samples));
        let scratch = &mut self.scratch;
        let probabilities = speech.map(|features| classifier.probabilities(&features, scratch));
        Ok(Answer { activity, probabilities })
    }

    /// What speech there is in samples at 16 kHz, and their features where the gate is open.
    ///
    /// # Errors
    /// As [`Listener::answer`].
    pub fn hear(&mut self, samples: &[f32]) -> Result<(SpeechActivity, Option<FrameMatrix>)> {
        self.conditioned.clear();
        self.conditioned.extend_from_slice(samples);
        clip::filter(&mut self.conditioned);
        let activity = self.detector.detect_filtered(&self.conditioned);
        if !activity.is_speech() {
            return Ok((activity, None));
        }
        clip::condition_filtered(&mut self.conditioned);
        let features = self.stack.compute(&self.conditioned)?;
        let open = gate::is_speech(self.detector.scores(), &features);
        Ok((activity, Some(features).filter(|_| open)))
    }

    /// The last answer's frames of speech, as samples counted from the window's start: first and end of each.
    pub fn speech_frames(&self) -> impl Iterator<Item = (usize, usize)> {
        let frames = self.detector.scores().iter().enumerate();
        frames.filter(|&(_, &score)| score > THRESHOLD).map(|(n, _)| (n * FRAME, (n + 1) * FRAME))
    }
}
