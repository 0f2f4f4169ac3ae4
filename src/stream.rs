//! Emotion while somebody speaks: audio in pieces of any size, an answer every half second.

mod smoothing;
mod turns;
mod window;

use std::sync::Arc;

use serde::Serialize;

pub use smoothing::StreamOptions;
pub(crate) use window::{Answer, Listener};

use self::{smoothing::Smoother, turns::Turns};
use crate::{
    Emotion, Recognizer, Result,
    audio::{self, SAMPLE_RATE, StreamResampler},
    recognizer::{Classifier, Probabilities, by_name},
};

/// What an answer hears, seconds: the network's own window.
pub const WINDOW_SECONDS: f64 = 3.0;

/// From one answer to the next, seconds.
pub const HOP_SECONDS: f64 = 0.5;

const WINDOW: usize = 3 * SAMPLE_RATE as usize;
const HOP: usize = SAMPLE_RATE as usize / 2;

/// What one window sounds like: the last 3 s before `end`, or as much as there was.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Segment {
    /// Where the window begins, seconds.
    pub start: f64,
    /// Where it ends, seconds.
    pub end: f64,
    /// How much of it is speech, 0 to 1.
    pub speech: f32,
    /// The steadied label: it changes when another emotion's smoothed probability is clearly ahead. None where
    /// the window holds no speech.
    pub label: Option<Emotion>,
    /// Whether the label's smoothed probability is too low for an answer, as in [`Prediction`](crate::Prediction).
    pub unsure: bool,
    /// The probabilities of this window alone, in [`Emotion::ALL`]'s order, summing to 1; none where the window
    /// holds no speech.
    #[serde(serialize_with = "by_name")]
    pub probabilities: Option<Probabilities>,
    /// The same smoothed over the windows since the speech began.
    #[serde(serialize_with = "by_name")]
    pub smoothed: Option<Probabilities>,
}

/// What a stream has to say.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Event {
    /// How loud the piece is that just came.
    Level {
        /// The level of its mean power, dB of full scale, not below -100.
        rms: f32,
        /// The level of its loudest sample, dB of full scale, not below -100.
        peak: f32,
    },
    /// Somebody began to speak. Comes up to a second later, when the gate is sure.
    #[serde(rename = "speech-start")]
    SpeechStart {
        /// When, seconds since the stream's beginning.
        time: f64,
    },
    /// They ended: half a second without speech.
    #[serde(rename = "speech-end")]
    SpeechEnd {
        /// When, seconds since the stream's beginning.
        time: f64,
    },
    /// Another half second is over.
    Prediction(Segment),
}

/// Recognises emotion in audio that comes in pieces of any size. What it answers depends on the samples alone and
/// not on how they are cut: [`Recognizer::analyze_course`] is the same computation.
///
/// A few seconds of audio are kept, however long the stream is. From window to window nothing is allocated but the
/// network's input and Burn's tensors, which are freed before the next.
///
/// ```
/// use speech_emotion::{Event, Recognizer, Stream, StreamOptions};
///
/// # fn main() -> Result<(), speech_emotion::Error> {
/// let recognizer = Recognizer::new()?;
/// let mut stream = Stream::new(&recognizer, 48_000, &StreamOptions::default())?;
/// let mut answers = 0;
/// for piece in vec![0.0; 96_000].chunks(2_048) {
///     stream.push(&[piece], |event| answers += usize::from(matches!(event, Event::Prediction(_))))?;
/// }
/// stream.finish(|event| answers += usize::from(matches!(event, Event::Prediction(_))))?;
/// assert_eq!(answers, 4);
/// # Ok(())
/// # }
/// ```
pub struct Stream {
    core: Core,
    resampler: StreamResampler,
    sample_rate: u32,
    /// The last piece, mixed down.
    mono: Vec<f32>,
    /// What the resampler gave of it.
    resampled: Vec<f32>,
}

impl Stream {
    /// A stream of audio at `sample_rate` Hz. Streams of one recognizer share its weights.
    ///
    /// # Errors
    /// [`Error::SampleRate`](crate::Error::SampleRate) out of 8 to 192 kHz, and what [`StreamOptions::check`]
    /// refuses.
    pub fn new(recognizer: &Recognizer, sample_rate: u32, options: &StreamOptions) -> Result<Self> {
        options.check()?;
        Ok(Self {
            core: Core::new(recognizer.classifier(), options),
            resampler: StreamResampler::new(sample_rate, SAMPLE_RATE)?,
            sample_rate,
            mono: Vec::new(),
            resampled: Vec::new(),
        })
    }

    /// Takes the next piece, channels of equal length, and reports what it completes. Channels are averaged.
    ///
    /// # Errors
    /// What [`audio::to_mono`] refuses; the piece is then left out.
    pub fn push(&mut self, channels: &[&[f32]], mut on_event: impl FnMut(Event)) -> Result<()> {
        self.take(channels)?;
        on_event(level(&self.mono));
        self.answer_taken(on_event)
    }

    /// Ends the stream: answers what came since the last window, and ends what is being said.
    ///
    /// # Errors
    /// None that is known of.
    pub fn finish(mut self, mut on_event: impl FnMut(Event)) -> Result<()> {
        self.take_rest();
        self.answer_taken(&mut on_event)?;
        self.end(on_event)
    }

    /// Does what [`Stream::finish`] does and keeps the stream for what comes after a pause: it goes on in time where
    /// it stopped, and hears nothing of what was before.
    ///
    /// # Errors
    /// None that is known of.
    pub fn flush(&mut self, mut on_event: impl FnMut(Event)) -> Result<()> {
        self.take_rest();
        self.answer_taken(&mut on_event)?;
        self.end(on_event)?;
        self.resampler = StreamResampler::new(self.sample_rate, SAMPLE_RATE)?;
        self.core.begin_anew();
        Ok(())
    }

    /// Mixes the next piece down and resamples it, without an answer: see [`Stream::taken`].
    pub(crate) fn take(&mut self, channels: &[&[f32]]) -> Result<()> {
        audio::mix_into(channels, &mut self.mono)?;
        self.resampled.clear();
        self.resampler.push(&self.mono, &mut self.resampled);
        Ok(())
    }

    /// Takes what the resampler still holds: nothing comes after it.
    pub(crate) fn take_rest(&mut self) {
        self.resampled.clear();
        self.resampler.finish(&mut self.resampled);
    }

    /// What was taken last, at 16 kHz.
    pub(crate) fn taken(&self) -> &[f32] {
        &self.resampled
    }

    /// Answers the windows that the samples taken last complete.
    pub(crate) fn answer_taken(&mut self, on_event: impl FnMut(Event)) -> Result<()> {
        self.core.push(&self.resampled, on_event)
    }

    /// Answers the windows that samples at 16 kHz complete.
    pub(crate) fn answer(&mut self, samples: &[f32], on_event: impl FnMut(Event)) -> Result<()> {
        self.core.push(samples, on_event)
    }

    /// Answers what came since the last window, and ends what is being said.
    pub(crate) fn end(&mut self, on_event: impl FnMut(Event)) -> Result<()> {
        self.core.finish(on_event)
    }
}

/// The stream behind the resampler: 16 kHz, one channel.
struct Core {
    classifier: Arc<Classifier>,
    /// None before the first answer: a short clip without its course needs none.
    listener: Option<Listener>,
    smoother: Smoother,
    turns: Turns,
    options: StreamOptions,
    /// The last samples: a window and what came since the last answer.
    recent: Vec<f32>,
    /// Samples taken since the beginning.
    taken: u64,
    /// Samples taken since the last answer.
    since_answer: usize,
}

impl Core {
    fn new(classifier: Arc<Classifier>, options: &StreamOptions) -> Self {
        Self {
            listener: None,
            classifier,
            smoother: Smoother::new(options),
            turns: Turns::default(),
            options: *options,
            recent: Vec::with_capacity(WINDOW + HOP),
            taken: 0,
            since_answer: 0,
        }
    }

    fn begin_anew(&mut self) {
        self.smoother = Smoother::new(&self.options);
        self.recent.clear();
        self.since_answer = 0;
    }

    fn push(&mut self, mut samples: &[f32], mut on_event: impl FnMut(Event)) -> Result<()> {
        while !samples.is_empty() {
            let missing = HOP - self.since_answer;
            let (now, later) = samples.split_at(missing.min(samples.len()));
            self.recent.extend_from_slice(now);
            self.taken += now.len() as u64;
            self.since_answer += now.len();
            samples = later;
            if now.len() == missing {
                self.answer(&mut on_event)?;
            }
        }
        Ok(())
    }

    fn finish(&mut self, mut on_event: impl FnMut(Event)) -> Result<()> {
        if self.since_answer > 0 {
            self.answer(&mut on_event)?;
        }
        self.turns.stop().into_iter().for_each(on_event);
        Ok(())
    }

    /// Answers the window that ends here.
    fn answer(&mut self, mut on_event: impl FnMut(Event)) -> Result<()> {
        self.since_answer = 0;
        let surplus = self.recent.len().saturating_sub(WINDOW);
        self.recent.drain(..surplus);
        let begin = self.taken - self.recent.len() as u64;
        let listener = self.listener.get_or_insert_with(|| Listener::new(&self.classifier));
        let Answer { activity, probabilities } = listener.answer(&self.classifier, &self.recent)?;
        let open = probabilities.is_some();
        let frames = listener.speech_frames().map(|(from, to)| (begin + from as u64, begin + to as u64));
        self.turns.next(open, frames, self.taken).into_iter().for_each(&mut on_event);
        let steady = self.smoother.next(probabilities.as_ref());
        on_event(Event::Prediction(Segment {
            start: seconds(begin),
            end: seconds(self.taken),
            speech: activity.share,
            label: steady.map(|(_, label)| label),
            unsure: steady.is_some_and(|(smoothed, label)| self.classifier.is_unsure(&smoothed, label)),
            probabilities,
            smoothed: steady.map(|(smoothed, _)| smoothed),
        }));
        Ok(())
    }
}

/// The level of a piece; silence, and a hum below the 16-bit noise floor, is -100 dB.
fn level(samples: &[f32]) -> Event {
    let decibels = |power: f64| (10.0 * power.max(1e-10).log10()) as f32;
    let power = |sample: &f32| f64::from(*sample).powi(2);
    let mean = samples.iter().map(power).sum::<f64>() / samples.len().max(1) as f64;
    Event::Level { rms: decibels(mean), peak: decibels(samples.iter().map(power).fold(0.0, f64::max)) }
}

fn seconds(samples: u64) -> f64 {
    samples as f64 / f64::from(SAMPLE_RATE)
}
