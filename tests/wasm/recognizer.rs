use js_sys::{Array, Float32Array, JSON};
use speech_emotion::{
    audio,
    wasm::{WasmRecognizer, card, decode_wav, emotions, wav_layout},
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

/// The answer for a clip as a whole, without its time course.
fn analyze(recognizer: &mut WasmRecognizer, channels: &[&[f32]], rate: u32) -> Result<JsValue, JsValue> {
    let length = channels.first().map_or(0, |first| first.len());
    let mut analyzer = recognizer.analyzer(rate, channels.len(), length, false)?;
    assert_eq!(Array::from(&analyzer.push(&js_channels(channels))?).length(), 0);
    analyzer.finish(recognizer)
}

fn probabilities(prediction: &JsValue) -> Vec<f64> {
    let object = property(prediction, "probabilities");
    emotions().iter().map(|name| property(&object, name).as_f64().expect(name)).collect()
}

#[wasm_bindgen_test]
fn a_voice_has_eight_probabilities_and_their_greatest_as_label() {
    let mut recognizer = WasmRecognizer::new(None).unwrap();
    let prediction = analyze(&mut recognizer, &[&spoken()], RATE).unwrap();
    assert_eq!(keys(&property(&prediction, "probabilities")), emotions());
    let values = probabilities(&prediction);
    assert!((values.iter().sum::<f64>() - 1.0).abs() < 1e-5, "{values:?}");
    let best = (0..8).max_by(|&a, &b| values[a].total_cmp(&values[b])).unwrap();
    assert_eq!(property(&prediction, "label").as_string().as_ref(), Some(&emotions()[best]));
    assert!(property(&prediction, "speech").as_f64().unwrap() > 0.0);
}

#[wasm_bindgen_test]
fn silence_has_no_emotion() {
    let mut recognizer = WasmRecognizer::new(None).unwrap();
    let prediction = analyze(&mut recognizer, &[&[0.0; 44_100]], 44_100).unwrap();
    assert!(property(&prediction, "label").is_null());
    assert!(property(&prediction, "probabilities").is_null());
    assert_eq!(property(&prediction, "speech").as_f64(), Some(0.0));
}

#[wasm_bindgen_test]
fn equal_channels_answer_like_one() {
    let mut recognizer = WasmRecognizer::new(None).unwrap();
    let clip = spoken();
    let mono = analyze(&mut recognizer, &[&clip], RATE).unwrap();
    let stereo = analyze(&mut recognizer, &[&clip, &clip], RATE).unwrap();
    assert_eq!(probabilities(&mono), probabilities(&stereo));
}

#[wasm_bindgen_test]
fn what_is_refused_has_its_code() {
    let mut recognizer = WasmRecognizer::new(None).unwrap();
    let second = voice(16_000, 1.0);
    let mut refused =
        |channels: &[&[f32]], rate| code(&analyze(&mut recognizer, channels, rate).expect_err("an error"));
    assert_eq!(refused(&[], 16_000), "empty-audio");
    assert_eq!(refused(&[&second, &second[1..]], 16_000), "channel-length");
    assert_eq!(refused(&[&[&second[..], &[f32::INFINITY]].concat()], 16_000), "non-finite-sample");
    assert_eq!(refused(&[&second], 7_999), "sample-rate");
    assert_eq!(refused(&[&second], 192_001), "sample-rate");
    assert_eq!(refused(&[&second[..3_999]], 16_000), "too-short");
}

#[wasm_bindgen_test]
fn a_stream_says_what_the_analysis_says() {
    let mut recognizer = WasmRecognizer::new(None).unwrap();
    let clip = spoken();
    let mut analyzer = recognizer.analyzer(RATE, 1, clip.len(), true).unwrap();
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
    let mut segments = Array::new();
    for piece in clip.chunks(20_000) {
        segments = segments.concat(&Array::from(&analyzer.push(&js_channels(&[piece])).unwrap()));
    }
    assert!(segments.length() > 0, "segments come when they are known");
    let analysis = analyzer.finish(&mut recognizer).unwrap();
    segments = segments.concat(&Array::from(&property(&analysis, "segments")));
    let text = |value: &JsValue| String::from(JSON::stringify(value).unwrap());
    assert_eq!(text(&events), text(&segments));
    assert_eq!(probabilities(&analysis), probabilities(&analyze(&mut recognizer, &[&clip], RATE).unwrap()));
    assert_eq!(kinds, ["speech-start", "speech-end"]);
    assert!(analyzer.finish(&mut recognizer).unwrap().is_null());
}

#[wasm_bindgen_test]
fn a_wav_file_gives_its_channels() {
    let channel: Float32Array = decode_wav(WAV).unwrap().get(0).unchecked_into();
    assert_eq!(channel.to_vec(), spoken());
    assert_eq!(code(&decode_wav(b"nonsense").expect_err("an error")), "decode");
    let layout = wav_layout(&WAV[..100], WAV.len() as f64).unwrap();
    assert_eq!(keys(&layout), ["start", "frame", "frames", "channels", "sampleRate"]);
    assert_eq!(property(&layout, "frames").as_f64(), Some(spoken().len() as f64));
    assert_eq!(code(&wav_layout(&WAV[..100], 100.0).expect_err("an error")), "decode");
}

#[wasm_bindgen_test]
fn calibration_is_heard_until_it_is_cleared() {
    let mut recognizer = WasmRecognizer::new(None).unwrap();
    let clip = spoken();
    let answer =
        |recognizer: &mut WasmRecognizer| probabilities(&analyze(recognizer, &[&clip], RATE).unwrap());
    let before = answer(&mut recognizer);
    let mut sample = recognizer.sample(RATE, 1, clip.len()).unwrap();
    for piece in clip.chunks(20_000) {
        sample.push(&js_channels(&[piece])).unwrap();
    }
    let baseline = sample.finish(&mut recognizer).unwrap();
    assert_eq!(keys(&baseline), ["level", "speech", "scale"]);
    assert_ne!(answer(&mut recognizer), before);
    recognizer.clear_calibration();
    assert_eq!(answer(&mut recognizer), before);
    let mut silence = recognizer.sample(16_000, 1, 32_000).unwrap();
    silence.push(&js_channels(&[&[0.0; 32_000]])).unwrap();
    assert_eq!(code(&silence.finish(&mut recognizer).expect_err("an error")), "no-speech");
    let broken = silence.push(&js_channels(&[&[f32::NAN]])).unwrap();
    assert!(broken.is_null(), "it has ended");
}

#[wasm_bindgen_test]
fn the_card_is_json() {
    let card = JSON::parse(&card().as_string().unwrap()).unwrap();
    assert_eq!(keys(&card)[0], "classes");
}
