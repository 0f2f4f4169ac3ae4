//! The recognizer, and what it does with audio that comes in pieces.

use js_sys::{Array, Float32Array};
use wasm_bindgen::prelude::*;

use super::{borrowed, channels, error, float32_array, to_js};
use crate::{Analyzer, Baseline, Event, Recognizer, Stream, StreamOptions, audio};

/// A [`Recognizer`] with the shipped weights, for JavaScript.
#[wasm_bindgen]
#[derive(Debug)]
pub struct WasmRecognizer {
    inner: Recognizer,
}

#[wasm_bindgen]
impl WasmRecognizer {
    /// Builds the network with the weights of a file's bytes, or with those that are part of the module.
    ///
    /// # Errors
    /// What [`Recognizer::with_weights`] refuses.
    #[wasm_bindgen(constructor)]
    pub fn new(weights: Option<Vec<u8>>) -> Result<Self, JsValue> {
        let inner = weights.map_or_else(Recognizer::new, |bytes| Recognizer::with_weights(&bytes));
        Ok(Self { inner: inner.map_err(error)? })
    }

    /// Begins the analysis of a clip of `samples` in each of `channels`, with its time course or without.
    ///
    /// # Errors
    /// What [`audio::check_size`] and [`Analyzer::new`] refuse.
    pub fn analyzer(
        &self,
        sample_rate: u32,
        channels: usize,
        samples: usize,
        course: bool,
    ) -> Result<WasmClip, JsValue> {
        audio::check_size(channels, samples, sample_rate).map_err(error)?;
        let analyzer = Analyzer::new(&self.inner, sample_rate).map_err(error)?;
        let analyzer = Box::new(if course { analyzer } else { analyzer.without_course() });
        Ok(WasmClip { purpose: Purpose::Analysis { analyzer, course, given: 0 }, sample_rate })
    }

    /// Begins a speaker's neutral sample: what later analyses and streams are heard against.
    ///
    /// # Errors
    /// What [`audio::check_size`] refuses.
    pub fn sample(&self, sample_rate: u32, channels: usize, samples: usize) -> Result<WasmClip, JsValue> {
        audio::check_size(channels, samples, sample_rate).map_err(error)?;
        Ok(WasmClip { purpose: Purpose::Calibration(Vec::new()), sample_rate })
    }

    /// Begins a stream; `smoothing` in seconds, `hysteresis` in probability.
    ///
    /// # Errors
    /// What [`Stream::new`] refuses.
    pub fn stream(&self, sample_rate: u32, smoothing: f32, hysteresis: f32) -> Result<WasmStream, JsValue> {
        let options = StreamOptions { smoothing, hysteresis };
        let inner = Stream::new(&self.inner, sample_rate, &options).map_err(error)?;
        Ok(WasmStream { inner, sample_rate })
    }

    /// Takes a baseline that was kept: what a sample gave.
    ///
    /// # Errors
    /// What [`Baseline::restore`] refuses, and a `scale` that is no Float32Array.
    #[wasm_bindgen(js_name = calibrateTo)]
    pub fn calibrate_to(&mut self, level: f32, speech: f32, scale: JsValue) -> Result<(), JsValue> {
        let scale = float32_array(scale)?.to_vec();
        self.inner.calibrate_to(Baseline::restore(level, speech, scale).map_err(error)?);
        Ok(())
    }

    /// The network's eight logits for one normalised window, `[101, 188]`: what the benchmark compares with other
    /// runtimes.
    ///
    /// # Errors
    /// What [`Recognizer::logits`] refuses.
    pub fn logits(&mut self, window: &[f32]) -> Result<Vec<f32>, JsValue> {
        Ok(self.inner.logits(window).map_err(error)?.to_vec())
    }

    /// Forgets the speaker's sample.
    #[wasm_bindgen(js_name = clearCalibration)]
    pub fn clear_calibration(&mut self) {
        self.inner.clear_calibration();
    }
}

/// A clip that comes in pieces.
#[wasm_bindgen]
pub struct WasmClip {
    purpose: Purpose,
    sample_rate: u32,
}

/// What a clip is for.
enum Purpose {
    Analysis {
        analyzer: Box<Analyzer>,
        course: bool,
        /// Segments that were given already.
        given: usize,
    },
    /// With its samples, mixed down.
    Calibration(Vec<f32>),
    /// It has ended.
    Nothing,
}

#[wasm_bindgen]
impl WasmClip {
    /// Takes the next piece and gives the segments that it completes: all of an hour's at its end would hold up the
    /// thread that reads them.
    ///
    /// # Errors
    /// What [`Analyzer::push`] refuses.
    pub fn push(&mut self, samples: &JsValue) -> Result<JsValue, JsValue> {
        let channels = channels(samples, self.sample_rate)?;
        match &mut self.purpose {
            Purpose::Analysis { analyzer, course, given } => {
                analyzer.push(&borrowed(&channels)).map_err(error)?;
                let new = std::mem::replace(given, analyzer.segments().len());
                to_js(&analyzer.segments().get(new..).filter(|_| *course).unwrap_or_default())
            }
            Purpose::Calibration(mono) => {
                let piece = audio::to_mono(&borrowed(&channels));
                mono.extend(piece.map_err(|refused| error(refused.after(mono.len())))?);
                to_js(&[(); 0])
            }
            Purpose::Nothing => Ok(JsValue::NULL),
        }
    }

    /// Ends the clip and answers it. An analysis: `{ label, probabilities, speech, segments }` with the segments that
    /// were not given yet, the first two null where there is no speech. A sample: `{ level, speech }`.
    ///
    /// # Errors
    /// What [`Analyzer::finish`] and [`Recognizer::calibrate`] refuse.
    pub fn finish(&mut self, recognizer: &mut WasmRecognizer) -> Result<JsValue, JsValue> {
        let recognizer = &mut recognizer.inner;
        match std::mem::replace(&mut self.purpose, Purpose::Nothing) {
            Purpose::Analysis { analyzer, course, given } => {
                let mut analysis = analyzer.finish(recognizer).map_err(error)?;
                analysis.segments.drain(..if course { given } else { analysis.segments.len() });
                to_js(&analysis)
            }
            Purpose::Calibration(mono) => {
                to_js(&recognizer.calibrate(&[&mono], self.sample_rate).map_err(error)?)
            }
            Purpose::Nothing => Ok(JsValue::NULL),
        }
    }
}

/// A [`Stream`] for JavaScript.
#[wasm_bindgen]
pub struct WasmStream {
    inner: Stream,
    sample_rate: u32,
}

#[wasm_bindgen]
impl WasmStream {
    /// Takes the next piece and gives the events that it completes, each with its `type`.
    ///
    /// # Errors
    /// What [`Stream::push`] refuses.
    pub fn push(&mut self, samples: &JsValue) -> Result<JsValue, JsValue> {
        let channels = channels(samples, self.sample_rate)?;
        let mut events = Vec::new();
        self.inner.push(&borrowed(&channels), |event| events.push(event)).map_err(error)?;
        to_js(&events)
    }

    /// Ends what is being said, answers what came since the last window, and begins anew.
    ///
    /// # Errors
    /// None that is known of.
    pub fn flush(&mut self) -> Result<JsValue, JsValue> {
        let mut events: Vec<Event> = Vec::new();
        self.inner.flush(|event| events.push(event)).map_err(error)?;
        to_js(&events)
    }
}

/// The model card of the weights in the module, JSON.
#[wasm_bindgen]
pub fn card() -> JsValue {
    include_str!("../model/card.json").into()
}

/// Reads a wav file, or a piece of one: a list of `Float32Array`, a channel each.
///
/// # Errors
/// What [`audio::decode_wav`] refuses.
#[wasm_bindgen(js_name = decodeWav)]
pub fn decode_wav(bytes: &[u8]) -> Result<Array, JsValue> {
    let wav = audio::decode_wav(bytes).map_err(error)?;
    Ok(wav.channels.iter().map(|channel| JsValue::from(Float32Array::from(&channel[..]))).collect())
}

/// Where the samples of a wav file of `size` bytes lie, by its first bytes: `{ start, frame, frames, channels,
/// sampleRate }`.
///
/// # Errors
/// What [`audio::wav_layout`] refuses.
#[wasm_bindgen(js_name = wavLayout)]
pub fn wav_layout(head: &[u8], size: f64) -> Result<JsValue, JsValue> {
    to_js(&audio::wav_layout(head, size as usize).map_err(error)?)
}
