//! Signals and readers that the tests share.

use js_sys::{Array, Float32Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// A sine of 440 Hz at half of full scale.
pub fn tone(sample_rate: u32, seconds: f32) -> Vec<f32> {
    let step = std::f32::consts::TAU * 440.0 / sample_rate as f32;
    (0..(sample_rate as f32 * seconds) as usize).map(|n| 0.5 * (n as f32 * step).sin()).collect()
}

/// Like a voice: harmonics of 140 Hz under a slow swell, so that the speech gate lets it pass.
pub fn voice(sample_rate: u32, seconds: f32) -> Vec<f32> {
    let rate = sample_rate as f32;
    let tau = std::f32::consts::TAU;
    (0..(rate * seconds) as usize)
        .map(|n| {
            let t = n as f32 / rate;
            let swell = 0.55 - 0.45 * (tau * 3.0 * t).cos();
            let harmonics: f32 = (1..20).map(|k| (tau * 140.0 * k as f32 * t).sin() / k as f32).sum();
            0.3 * swell * harmonics
        })
        .collect()
}

/// Channels as JavaScript passes them.
pub fn js_channels(channels: &[&[f32]]) -> JsValue {
    channels.iter().map(|channel| Float32Array::from(*channel)).collect::<Array>().into()
}

/// A property of an object.
pub fn property(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}

/// An object's own keys in their order.
pub fn keys(object: &JsValue) -> Vec<String> {
    let object: &Object = object.unchecked_ref();
    Object::keys(object).iter().map(|key| key.as_string().unwrap()).collect()
}

/// The `code` of a thrown error, which must be an `Error` of the agreed name with a message.
pub fn code(error: &JsValue) -> String {
    let thrown: &js_sys::Error = error.dyn_ref().expect("an Error");
    assert_eq!(String::from(thrown.name()), "SpeechEmotionError");
    assert!(String::from(thrown.message()).contains("expected"));
    property(error, "code").as_string().expect("a code")
}
