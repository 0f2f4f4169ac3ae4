//! A whole clip: its prediction and its time course, in memory that does not grow with its length.

use serde::Serialize;

use crate::{
    Error, Prediction, Recognizer, Result,
    audio::{MAX_SECONDS, MIN_SECONDS, SAMPLE_RATE},
    recognizer::Probabilities,
    stream::{Event, Segment, Stream, StreamOptions},
};

/// Clips up to this length are conditioned as a whole, as in training; longer ones window by window. Seconds.
pub const WHOLE_SECONDS: f64 = 10.0;

const WHOLE: usize = WHOLE_SECONDS as usize * SAMPLE_RATE as usize;

/// A clip's overall prediction and its time course.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Analysis {
    /// What the whole clip sounds like. Past [`WHOLE_SECONDS`] it is the mean over the segments with speech.
    #[serde(flatten)]
    pub prediction: Prediction,
    /// A segment every half second, each about the 3 s before its end; the last one ends with the clip.
    pub segments: Vec<Segment>,
}

/// Analyses a clip that comes in pieces of any size, for callers that do not want to hold all of it, or want to
/// stop on the way.
///
/// 10 s of audio are kept and the segments, half a megabyte for an hour.
pub struct Analyzer {
    stream: Stream,
    sample_rate: u32,
    taken: u64,
    /// The clip at 16 kHz while it is short enough to be conditioned as a whole.
    whole: Option<Vec<f32>>,
    /// Whether segments are wanted for their own sake, and not for the mean over a long clip alone.
    course: bool,
    segments: Vec<Segment>,
}

impl Analyzer {
    /// An analysis of audio at `sample_rate` Hz.
    ///
    /// # Errors
    /// [`Error::SampleRate`] out of 8 to 192 kHz.
    pub fn new(recognizer: &Recognizer, sample_rate: u32) -> Result<Self> {
        let stream = Stream::new(recognizer, sample_rate, &StreamOptions::default())?;
        let (whole, segments) = (Some(Vec::new()), Vec::new());
        Ok(Self { stream, sample_rate, taken: 0, whole, course: true, segments })
    }

    /// Leaves the time course of clips up to [`WHOLE_SECONDS`] out, which answers them several times as fast. Longer
    /// clips have it all the same, since their prediction is made of it.
    #[must_use]
    pub fn without_course(mut self) -> Self {
        self.course = false;
        self
    }

    /// The time course as far as it is known.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Takes the next piece: channels of equal length, which are averaged.
    ///
    /// # Errors
    /// What [`audio::to_mono`](crate::audio::to_mono) refuses, and [`Error::TooLong`] past an hour; the piece is
    /// then left out.
    pub fn push(&mut self, channels: &[&[f32]]) -> Result<()> {
        let taken = self.taken + channels.first().map_or(0, |first| first.len()) as u64;
        let seconds = taken as f64 / f64::from(self.sample_rate);
        if seconds > f64::from(MAX_SECONDS) {
            return Err(Error::TooLong { maximum: MAX_SECONDS, got: seconds as f32 });
        }
        self.stream.take(channels).map_err(|error| error.after(self.taken as usize))?;
        self.taken = taken;
        self.answer_taken()
    }

    /// Ends the clip and answers it.
    ///
    /// # Errors
    /// [`Error::EmptyAudio`] without a sample, [`Error::TooShort`] under 0.25 s.
    pub fn finish(mut self, recognizer: &mut Recognizer) -> Result<Analysis> {
        if self.taken == 0 {
            return Err(Error::EmptyAudio);
        }
        let got = (self.taken as f64 / f64::from(self.sample_rate)) as f32;
        if got < MIN_SECONDS {
            return Err(Error::TooShort { minimum: MIN_SECONDS, got });
        }
        self.stream.take_rest();
        self.answer_taken()?;
        if self.course || self.whole.is_none() {
            let segments = &mut self.segments;
            self.stream.end(|event| keep(segments, event))?;
        }
        let prediction = match (&self.whole, self.segments.last()) {
            // The last window was the whole clip.
            (Some(_), Some(&Segment { start: 0.0, speech, probabilities, .. })) => {
                recognizer.prediction(probabilities, speech)
            }
            (Some(samples), _) => recognizer.predict(samples)?,
            (None, _) => {
                let (probabilities, speech) = mean(&self.segments);
                recognizer.prediction(probabilities, speech)
            }
        };
        Ok(Analysis { prediction, segments: self.segments })
    }

    /// Keeps what the stream took last while the clip is short, and answers the windows that it completes.
    fn answer_taken(&mut self) -> Result<()> {
        let segments = &mut self.segments;
        let mut on_event = |event| keep(segments, event);
        let more = self.stream.taken().len();
        match &mut self.whole {
            Some(whole) if whole.len() + more <= WHOLE => {
                whole.extend_from_slice(self.stream.taken());
                if !self.course {
                    return Ok(());
                }
            }
            Some(whole) if !self.course => {
                // Longer than it could have been known to be: what was passed over is answered now.
                self.stream.answer(whole, &mut on_event)?;
                self.whole = None;
            }
            _ => self.whole = None,
        }
        self.stream.answer_taken(on_event)
    }
}

fn keep(segments: &mut Vec<Segment>, event: Event) {
    if let Event::Prediction(segment) = event {
        segments.push(segment);
    }
}

/// The mean over the segments with speech.
fn mean(segments: &[Segment]) -> (Option<Probabilities>, f32) {
    let speech = segments.iter().map(|segment| segment.speech).sum::<f32>() / segments.len().max(1) as f32;
    let spoken: Vec<&Probabilities> = segments.iter().filter_map(|s| s.probabilities.as_ref()).collect();
    if spoken.is_empty() {
        return (None, speech);
    }
    let mut mean: Probabilities = Default::default();
    for probabilities in &spoken {
        for (mean, p) in mean.iter_mut().zip(*probabilities) {
            *mean += p / spoken.len() as f32;
        }
    }
    (Some(mean), speech)
}
