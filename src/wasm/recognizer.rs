//! The recognizer.

use wasm_bindgen::prelude::*;

use super::{borrowed, channels, error, to_js};
use crate::Recognizer;

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
}
