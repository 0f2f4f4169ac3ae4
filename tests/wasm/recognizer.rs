use js_sys::{Array, Float32Array, Function, JSON};
use speech_emotion::{
    audio,
    wasm::{WasmRecognizer, card, decode_wav, emotions},
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{code, js_channels, keys, property, voice};

const WAV: &[u8] = include_bytes!("../fixtures/speech/door.wav");
const RATE: u32 = 22_050;

/// A sentence that espeak-ng spoke, at 22.05 kHz: the gate knows that a generated tone is no speech.
fn spoken() -> Vec<f32> {
    audio::decode_wav(WAV).expect("a wav file").channels.swap_remove(0)
}

fn probabilities(prediction: &JsValue) -> Vec<f64> {
    let object = property(prediction, "probabilities");
    emotions().iter().map(|name| property(&object, name).as_f64().expect(name)).collect()
}

#[wasm_bindgen_test]
fn a_voice_has_eight_probabilities_and_their_greatest_as_label() {
    let mut recognizer = WasmRecognizer::new().unwrap();
    let prediction = recognizer.analyze(&js_channels(&[&spoken()]), RATE).unwrap();
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
    let clip = spoken();
    let mono = recognizer.analyze(&js_channels(&[&clip]), RATE).unwrap();
    let stereo = recognizer.analyze(&js_channels(&[&clip, &clip]), RATE).unwrap();
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
    let clip = spoken();
    let Some(buffer) = audio_buffer(&clip, RATE) else { return };
    let expected = recognizer.analyze(&js_channels(&[&clip]), RATE).unwrap();
    let prediction = recognizer.analyze(&buffer, RATE).unwrap();
    assert_eq!(probabilities(&prediction), probabilities(&expected));
}

#[wasm_bindgen_test]
fn a_stream_says_what_the_analysis_says() {
    let mut recognizer = WasmRecognizer::new().unwrap();
    let clip = spoken();
    let mut analyzer = recognizer.analyzer(RATE, 1, clip.len()).unwrap();
    let mut stream = recognizer.stream(RATE, 1.0, 0.1).unwrap();
    let (events, mut kinds) = (Array::new(), Vec::new());
    let mut take = |said: JsValue| {
        for event in Array::from(&said) {
            let kind = property(&event, "type").as_string().unwrap();
            if kind == "prediction" {
                js_sys::Reflect::delete_property(event.unchecked_ref::<js_sys::Object>(), &"type".into())
                    .unwrap();
                events.push(&event);
            } else if kind != "level" {
                kinds.push(kind);
            }
        }
    };
    for piece in clip.chunks(3_000) {
        take(stream.push(&js_channels(&[piece])).unwrap());
    }
    take(stream.flush().unwrap());
    for piece in clip.chunks(20_000) {
        analyzer.push(&js_channels(&[piece])).unwrap();
    }
    let analysis = analyzer.finish(&mut recognizer).unwrap();
    let text = |value: &JsValue| String::from(JSON::stringify(value).unwrap());
    assert_eq!(text(&events), text(&property(&analysis, "segments")));
    assert_eq!(
        probabilities(&analysis),
        probabilities(&recognizer.analyze(&js_channels(&[&clip]), RATE).unwrap())
    );
    assert_eq!(kinds, ["speech-start", "speech-end"]);
    assert!(analyzer.finish(&mut recognizer).unwrap().is_null());
}

#[wasm_bindgen_test]
fn a_wav_file_gives_its_channels() {
    let wav = decode_wav(WAV).unwrap();
    assert_eq!(property(&wav, "sampleRate").as_f64(), Some(f64::from(RATE)));
    let channel: Float32Array = Array::from(&property(&wav, "channels")).get(0).unchecked_into();
    assert_eq!(channel.to_vec(), spoken());
    assert_eq!(code(&decode_wav(b"nonsense").expect_err("an error")), "decode");
}

#[wasm_bindgen_test]
fn calibration_is_heard_until_it_is_cleared() {
    let mut recognizer = WasmRecognizer::new().unwrap();
    let clip = js_channels(&[&spoken()]);
    let before = probabilities(&recognizer.analyze(&clip, RATE).unwrap());
    let baseline = recognizer.calibrate(&clip, RATE).unwrap();
    assert_eq!(keys(&baseline), ["level", "speech"]);
    assert_ne!(probabilities(&recognizer.analyze(&clip, RATE).unwrap()), before);
    recognizer.clear_calibration();
    assert_eq!(probabilities(&recognizer.analyze(&clip, RATE).unwrap()), before);
    let refused = recognizer.calibrate(&js_channels(&[&[0.0; 32_000]]), 16_000);
    assert_eq!(code(&refused.expect_err("an error")), "no-speech");
}

#[wasm_bindgen_test]
fn the_card_is_json() {
    let card = JSON::parse(&card()).unwrap();
    assert_eq!(keys(&card)[0], "classes");
}
