//! The JavaScript edge: what the npm package's hand-written modules call. The only file that knows JavaScript.
//!
//! Samples come as one of two things: an array of `Float32Array`, a channel each, or an `AudioBuffer`. What is
//! refused comes back as a JavaScript `Error` named `SpeechEmotionError`, with the [`Error::code`] as its `code`.

use js_sys::{Array, Float32Array, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::AudioBuffer;

use crate::{Error, audio};

#[cfg(not(feature = "network"))]
mod analysis;
mod features;
mod options;
#[cfg(feature = "network")]
mod recognizer;

#[cfg(not(feature = "network"))]
pub use analysis::*;
#[cfg(feature = "network")]
pub use features::{WasmInputStack, extract_features, features};
#[cfg(feature = "network")]
pub use recognizer::{WasmClip, WasmRecognizer, WasmStream, card, decode_wav, wav_layout};

/// Makes panics readable in the console: the package has none to its knowledge, and wants to hear of any.
#[cfg(feature = "network")]
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// The names of the emotions, in the order of every array of probabilities.
#[cfg(feature = "network")]
#[wasm_bindgen]
pub fn emotions() -> Vec<String> {
    crate::Emotion::ALL.map(|emotion| emotion.name().to_owned()).to_vec()
}

/// The samples of every channel, copied into wasm's memory.
fn channels(samples: &JsValue, sample_rate: u32) -> Result<Vec<Vec<f32>>, JsValue> {
    if Array::is_array(samples) {
        let channels = Array::from(samples);
        let arrays = channels.iter().map(float32_array).collect::<Result<Vec<_>, _>>()?;
        // Before anything is copied, since memory is what runs out.
        let longest = arrays.iter().map(Float32Array::length).max().unwrap_or(0);
        audio::check_size(arrays.len(), longest as usize, sample_rate).map_err(error)?;
        return Ok(arrays.iter().map(Float32Array::to_vec).collect());
    }
    // By what it can do, not by its class: Node and workers have no AudioBuffer.
    if !samples.is_object() || !Reflect::has(samples, &"getChannelData".into())? {
        return Err(invalid_argument("expected an array of Float32Array or an AudioBuffer, got neither"));
    }
    let buffer: &AudioBuffer = samples.unchecked_ref();
    let channels = buffer.number_of_channels();
    audio::check_size(channels as usize, buffer.length() as usize, sample_rate).map_err(error)?;
    (0..channels).map(|channel| buffer.get_channel_data(channel)).collect()
}

fn float32_array(channel: JsValue) -> Result<Float32Array, JsValue> {
    channel
        .dyn_into()
        .map_err(|_| invalid_argument("expected every channel to be a Float32Array, got something else"))
}

fn borrowed(channels: &[Vec<f32>]) -> Vec<&[f32]> {
    channels.iter().map(Vec::as_slice).collect()
}

/// Plain objects instead of maps, null instead of undefined.
#[cfg(feature = "network")]
fn to_js(value: &impl serde::Serialize) -> Result<JsValue, JsValue> {
    Ok(value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?)
}

fn error(error: Error) -> JsValue {
    named_error(error.code(), &error.to_string())
}

fn invalid_argument(message: &str) -> JsValue {
    named_error("invalid-argument", message)
}

fn named_error(code: &str, message: &str) -> JsValue {
    let error = js_sys::Error::new(message);
    error.set_name("SpeechEmotionError");
    // A fresh, extensible object takes any property.
    let _ = Reflect::set(&error, &"code".into(), &code.into());
    error.into()
}
