//! The recognizer, and what it does with audio that comes in pieces.

use wasm_bindgen::prelude::*;

use super::{borrowed, channels, error, to_js};
use crate::{Analyzer, Event, Recognizer, Stream, StreamOptions, audio};

/// A [`Recognizer`] with the shipped weights, for JavaScript.
#[wasm_bindgen]
#[derive(Debug)]
pub struct WasmRecognizer {
    inner: Recognizer,
}

#[wasm_bindgen]
impl WasmRecognizer {
    /// Builds the network with the weights that are part of the module.
    ///
    /// # Errors
    /// What [`Recognizer::new`] refuses.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Result<Self, JsValue> {
        Ok(Self { inner: Recognizer::new().map_err(error)? })
    }

    /// Builds the network with the weights of a file's bytes.
    ///
    /// # Errors
    /// What [`Recognizer::with_weights`] refuses.
    #[wasm_bindgen(js_name = withWeights)]
    pub fn with_weights(bytes: &[u8]) -> Result<Self, JsValue> {
        Ok(Self { inner: Recognizer::with_weights(bytes).map_err(error)? })
    }

    /// Analyses a clip: `{ label, probabilities: { neutral, ... }, speech }`, the first two null where there
    /// is no speech.
    ///
    /// # Errors
    /// What [`Recognizer::analyze`] refuses.
    pub fn analyze(&mut self, samples: &JsValue, sample_rate: u32) -> Result<JsValue, JsValue> {
        let channels = channels(samples, sample_rate)?;
        to_js(&self.inner.analyze(&borrowed(&channels), sample_rate).map_err(error)?)
    }

    /// Begins the analysis of a clip of `samples` in each of `channels`, which comes in pieces.
    ///
    /// # Errors
    /// What [`audio::check_size`] and [`Analyzer::new`] refuse.
    pub fn analyzer(
        &self,
        sample_rate: u32,
        channels: usize,
        samples: usize,
    ) -> Result<WasmAnalyzer, JsValue> {
        audio::check_size(channels, samples, sample_rate).map_err(error)?;
        let inner = Analyzer::new(&self.inner, sample_rate).map_err(error)?;
        Ok(WasmAnalyzer { inner: Some(inner), sample_rate })
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

    /// Takes a speaker's neutral sample as what later analyses and streams are heard against.
    ///
    /// # Errors
    /// What [`Recognizer::calibrate`] refuses.
    pub fn calibrate(&mut self, samples: &JsValue, sample_rate: u32) -> Result<JsValue, JsValue> {
        let channels = channels(samples, sample_rate)?;
        to_js(&self.inner.calibrate(&borrowed(&channels), sample_rate).map_err(error)?)
    }

    /// Forgets the speaker's sample.
    #[wasm_bindgen(js_name = clearCalibration)]
    pub fn clear_calibration(&mut self) {
        self.inner.clear_calibration();
    }
}

/// An [`Analyzer`] for JavaScript.
#[wasm_bindgen]
pub struct WasmAnalyzer {
    /// None after the end.
    inner: Option<Analyzer>,
    sample_rate: u32,
}

#[wasm_bindgen]
impl WasmAnalyzer {
    /// Takes the next piece.
    ///
    /// # Errors
    /// What [`Analyzer::push`] refuses.
    pub fn push(&mut self, samples: &JsValue) -> Result<(), JsValue> {
        let channels = channels(samples, self.sample_rate)?;
        self.inner.as_mut().map_or(Ok(()), |inner| inner.push(&borrowed(&channels)).map_err(error))
    }

    /// Ends the clip and answers it: `{ label, probabilities, speech, segments }`.
    ///
    /// # Errors
    /// What [`Analyzer::finish`] refuses.
    pub fn finish(&mut self, recognizer: &mut WasmRecognizer) -> Result<JsValue, JsValue> {
        let Some(inner) = self.inner.take() else { return Ok(JsValue::NULL) };
        to_js(&inner.finish(&mut recognizer.inner).map_err(error)?)
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
pub fn card() -> String {
    include_str!("../model/card.json").to_owned()
}

/// Reads a wav file: `{ channels: [Float32Array], sampleRate }`.
///
/// # Errors
/// What [`audio::decode_wav`] refuses.
#[wasm_bindgen(js_name = decodeWav)]
pub fn decode_wav(bytes: &[u8]) -> Result<JsValue, JsValue> {
    let wav = audio::decode_wav(bytes).map_err(error)?;
    let channels = js_sys::Array::new();
    for channel in &wav.channels {
        channels.push(&js_sys::Float32Array::from(&channel[..]));
    }
    let result = js_sys::Object::new();
    js_sys::Reflect::set(&result, &"channels".into(), &channels)?;
    js_sys::Reflect::set(&result, &"sampleRate".into(), &wav.sample_rate.into())?;
    Ok(result.into())
}
