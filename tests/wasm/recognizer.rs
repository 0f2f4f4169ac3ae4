use js_sys::{Float32Array, Function};
use speech_emotion::wasm::{WasmRecognizer, emotions};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{code, js_channels, keys, property, voice};

fn probabilities(prediction: &JsValue) -> Vec<f64> {
    let object = property(prediction, "probabilities");
    emotions().iter().map(|name| property(&object, name).as_f64().expect(name)).collect()
}

#[wasm_bindgen_test]
fn a_voice_has_eight_probabilities_and_their_greatest_as_label() {
    let mut recognizer = WasmRecognizer::new().unwrap();
    let prediction = recognizer.analyze(&js_channels(&[&voice(16_000, 1.5)]), 16_000).unwrap();
    assert_eq!(keys(&property(&prediction, "probabilities")), emotions());
    let values = probabilities(&prediction);
    assert!((values.iter().sum::<f64>() - 1.0).abs() < 1e-5, "{values:?}");
    let best = (0..8).max_by(|&a, &b| values[a].total_cmp(&values[b])).unwrap();
    assert_eq!(property(&prediction, "label").as_string().as_ref(), Some(&emotions()[best]));
    assert!(property(&prediction, "speech").as_f64().unwrap() > 0.0);
}

#[wasm_bindgen_test]
fn silence_has_no_emotion() {
    let mut recognizer = WasmRecognizer::new().unwrap();
    let prediction = recognizer.analyze(&js_channels(&[&[0.0; 44_100]]), 44_100).unwrap();
    assert!(property(&prediction, "label").is_null());
    assert!(property(&prediction, "probabilities").is_null());
    assert_eq!(property(&prediction, "speech").as_f64(), Some(0.0));
}

#[wasm_bindgen_test]
fn equal_channels_answer_like_one() {
    let mut recognizer = WasmRecognizer::new().unwrap();
    let clip = voice(24_000, 1.0);
    let mono = recognizer.analyze(&js_channels(&[&clip]), 24_000).unwrap();
    let stereo = recognizer.analyze(&js_channels(&[&clip, &clip]), 24_000).unwrap();
    assert_eq!(probabilities(&mono), probabilities(&stereo));
}

#[wasm_bindgen_test]
fn what_is_refused_has_its_code() {
    let mut recognizer = WasmRecognizer::new().unwrap();
    let second = voice(16_000, 1.0);
    let mut refused = |channels: &[&[f32]], rate| {
        code(&recognizer.analyze(&js_channels(channels), rate).expect_err("an error"))
    };
    assert_eq!(refused(&[], 16_000), "empty-audio");
    assert_eq!(refused(&[&second, &second[1..]], 16_000), "channel-length");
    assert_eq!(refused(&[&[&second[..], &[f32::INFINITY]].concat()], 16_000), "non-finite-sample");
    assert_eq!(refused(&[&second], 7_999), "sample-rate");
    assert_eq!(refused(&[&second], 192_001), "sample-rate");
    assert_eq!(refused(&[&second[..3_999]], 16_000), "too-short");
}

/// The AudioBuffer of a browser, filled with one channel; none in Node, which has no such class.
fn audio_buffer(samples: &[f32], sample_rate: u32) -> Option<JsValue> {
    let body = "if (typeof AudioBuffer !== 'function') return undefined;
        const buffer = new AudioBuffer({ length: samples.length, sampleRate });
        buffer.copyToChannel(samples, 0);
        return buffer;";
    let make = Function::new_with_args("samples, sampleRate", body);
    let made = make.call2(&JsValue::NULL, &Float32Array::from(samples).into(), &sample_rate.into()).unwrap();
    (!made.is_undefined()).then_some(made)
}

#[wasm_bindgen_test]
fn an_audio_buffer_answers_like_its_channels() {
    let mut recognizer = WasmRecognizer::new().unwrap();
    let clip = voice(48_000, 1.0);
    let Some(buffer) = audio_buffer(&clip, 48_000) else { return };
    let expected = recognizer.analyze(&js_channels(&[&clip]), 48_000).unwrap();
    let prediction = recognizer.analyze(&buffer, 48_000).unwrap();
    assert_eq!(probabilities(&prediction), probabilities(&expected));
}
