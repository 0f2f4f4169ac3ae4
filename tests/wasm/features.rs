use js_sys::{Array, Float32Array};
use speech_emotion::wasm::{emotions, extract_features, features};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{code, js_channels, keys, property, tone};

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.into()).collect()
}

fn data(features: &JsValue, name: &str) -> Vec<f32> {
    property(&property(features, name), "data").unchecked_into::<Float32Array>().to_vec()
}

#[wasm_bindgen_test]
fn a_tone_has_its_level_and_its_frequency() {
    let channels = js_channels(&[&tone(16_000, 1.0)]);
    let result =
        extract_features(&channels, 16_000, names(&["rms", "spectral_centroid"]), &JsValue::UNDEFINED)
            .unwrap();
    // Frames in the middle: the outer ones reach past the ends.
    for rms in &data(&result, "rms")[4..28] {
        assert!((rms - 0.5_f32 / 2.0_f32.sqrt()).abs() < 1e-3, "{rms}");
    }
    for centroid in &data(&result, "spectral_centroid")[4..28] {
        assert!((centroid - 440.0).abs() < 5.0, "{centroid} Hz");
    }
}

#[wasm_bindgen_test]
fn every_feature_has_its_shape_and_no_other_is_there() {
    let channels = js_channels(&[&tone(22_050, 1.0), &tone(22_050, 1.0)]);
    let result = extract_features(&channels, 22_050, features(), &JsValue::UNDEFINED).unwrap();
    assert_eq!(keys(&result), features());
    for name in features() {
        let shape: Vec<f64> = property(&property(&result, &name), "shape")
            .unchecked_into::<Array>()
            .iter()
            .map(|size| size.as_f64().unwrap())
            .collect();
        let bands = match name.as_str() {
            "melspectrogram" | "log_mel" => 128.0,
            "mfcc" => 20.0,
            "chroma_stft" => 12.0,
            "spectral_contrast" => 7.0,
            "poly_features" => 2.0,
            "tonnetz" => 6.0,
            _ => 1.0,
        };
        assert_eq!(shape, [bands, 44.0], "{name}");
        assert_eq!(data(&result, &name).len(), bands as usize * 44, "{name}");
    }
}

#[wasm_bindgen_test]
fn what_is_refused_has_its_code() {
    let second = tone(16_000, 1.0);
    let refused = |channels: &JsValue, rate, name: &str| {
        code(&extract_features(channels, rate, names(&[name]), &JsValue::UNDEFINED).expect_err("an error"))
    };
    assert_eq!(refused(&js_channels(&[]), 16_000, "rms"), "empty-audio");
    assert_eq!(refused(&js_channels(&[&[]]), 16_000, "rms"), "empty-audio");
    assert_eq!(refused(&js_channels(&[&second, &second[1..]]), 16_000, "rms"), "channel-length");
    assert_eq!(refused(&js_channels(&[&[f32::NAN]]), 16_000, "rms"), "non-finite-sample");
    assert_eq!(refused(&js_channels(&[&second]), 1, "rms"), "sample-rate");
    assert_eq!(refused(&js_channels(&[&second]), 16_000, "loudness"), "unknown-feature");
    assert_eq!(refused(&JsValue::NULL, 16_000, "rms"), "invalid-argument");
    assert_eq!(refused(&"samples".into(), 16_000, "rms"), "invalid-argument");
    assert_eq!(refused(&Array::of1(&1.into()).into(), 16_000, "rms"), "invalid-argument");
}

#[wasm_bindgen_test]
fn the_emotions_are_in_their_order() {
    assert_eq!(emotions(), ["neutral", "calm", "happy", "sad", "angry", "fear", "disgust", "surprise"]);
}
