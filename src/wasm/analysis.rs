//! What the module without the network has besides: functions of their own, planned extraction and streams.

use js_sys::{Array, Float32Array, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::{
    error,
    features::{array_object, features_object, matrix_object, mono, parse},
    invalid_argument, named_error,
    options::{Value, frame_options, read},
};
use crate::{
    dsp::{self, DecibelOptions, DecibelReference},
    features::{
        DeltaOptions, Extractor, FeatureStream, FrameMatrix, PreemphasisOptions, SilenceOptions,
        SilenceReference, StftOptions, YinOptions, delta, preemphasis, split, stft, trim, yin,
    },
};

impl Value for DecibelReference {
    const KIND: &str = "a number or max";

    fn read(value: &JsValue) -> Option<Self> {
        let is_max = value.as_string().is_some_and(|name| name == "max");
        if is_max { Some(Self::Max) } else { f32::read(value).map(Self::Power) }
    }
}

impl Value for SilenceReference {
    const KIND: &str = "a number or max";

    fn read(value: &JsValue) -> Option<Self> {
        let is_max = value.as_string().is_some_and(|name| name == "max");
        if is_max { Some(Self::Max) } else { f32::read(value).map(Self::Rms) }
    }
}

/// `{ data, shape: [bins, frames, 2] }`, real and imaginary part side by side, or of one `output`, `magnitude` or
/// `power`, `{ data, shape: [bins, frames] }`.
///
/// # Errors
/// What [`stft`] refuses.
#[wasm_bindgen(js_name = stft)]
pub fn js_stft(
    samples: &JsValue,
    sample_rate: u32,
    output: &str,
    options: &JsValue,
) -> Result<JsValue, JsValue> {
    let mut given = StftOptions::default();
    read(options, "nFft", &mut given.n_fft)?;
    read(options, "hopLength", &mut given.hop_length)?;
    read(options, "winLength", &mut given.win_length)?;
    read(options, "window", &mut given.window)?;
    read(options, "center", &mut given.center)?;
    read(options, "padMode", &mut given.pad_mode)?;
    let spectra = stft(&mono(samples, sample_rate)?, &given).map_err(error)?;
    match output {
        "magnitude" => matrix_object(&spectra.magnitude()),
        "power" => matrix_object(&spectra.power()),
        _ => {
            let parts: Vec<f32> = spectra.data().iter().flat_map(|value| [value.re, value.im]).collect();
            let [bins, frames] = spectra.shape();
            array_object(&Float32Array::from(parts.as_slice()), &[bins, frames, 2])
        }
    }
}

/// `{ f0, voicedProb }`, a `Float32Array` each.
///
/// # Errors
/// What [`yin`] refuses.
#[wasm_bindgen(js_name = yin)]
pub fn js_yin(samples: &JsValue, sample_rate: u32, options: &JsValue) -> Result<JsValue, JsValue> {
    let mut given = YinOptions::default();
    read(options, "fmin", &mut given.fmin)?;
    read(options, "fmax", &mut given.fmax)?;
    read(options, "frameLength", &mut given.frame_length)?;
    read(options, "hopLength", &mut given.hop_length)?;
    read(options, "troughThreshold", &mut given.trough_threshold)?;
    read(options, "center", &mut given.center)?;
    read(options, "padMode", &mut given.pad_mode)?;
    let pitch = yin(&mono(samples, sample_rate)?, sample_rate, &given).map_err(error)?;
    let object = Object::new();
    Reflect::set(&object, &"f0".into(), &Float32Array::from(pitch.f0.as_slice()))?;
    Reflect::set(&object, &"voicedProb".into(), &Float32Array::from(pitch.voiced_prob.as_slice()))?;
    Ok(object.into())
}

fn silence_options(options: &JsValue) -> Result<SilenceOptions, JsValue> {
    let mut given = SilenceOptions::default();
    read(options, "topDb", &mut given.top_db)?;
    read(options, "ref", &mut given.reference)?;
    read(options, "frameLength", &mut given.frame_length)?;
    read(options, "hopLength", &mut given.hop_length)?;
    Ok(given)
}

/// `[start, end]`, samples.
///
/// # Errors
/// What [`trim`] refuses.
#[wasm_bindgen(js_name = trim)]
pub fn js_trim(samples: &JsValue, sample_rate: u32, options: &JsValue) -> Result<Array, JsValue> {
    let range = trim(&mono(samples, sample_rate)?, &silence_options(options)?).map_err(error)?;
    Ok(Array::of2(&(range.start as f64).into(), &(range.end as f64).into()))
}

/// A list of `[start, end]`, samples.
///
/// # Errors
/// What [`split`] refuses.
#[wasm_bindgen(js_name = split)]
pub fn js_split(samples: &JsValue, sample_rate: u32, options: &JsValue) -> Result<Array, JsValue> {
    let intervals = split(&mono(samples, sample_rate)?, &silence_options(options)?).map_err(error)?;
    let pair = |range: std::ops::Range<usize>| {
        JsValue::from(Array::of2(&(range.start as f64).into(), &(range.end as f64).into()))
    };
    Ok(intervals.into_iter().map(pair).collect())
}

/// The filtered samples.
///
/// # Errors
/// What [`preemphasis`] refuses.
#[wasm_bindgen(js_name = preemphasis)]
pub fn js_preemphasis(samples: &JsValue, sample_rate: u32, options: &JsValue) -> Result<Vec<f32>, JsValue> {
    let mut given = PreemphasisOptions::default();
    read(options, "coef", &mut given.coef)?;
    read(options, "zi", &mut given.zi)?;
    preemphasis(&mono(samples, sample_rate)?, &given).map_err(error)
}

/// The derivative of a `[bands, frames]` matrix, in the same form.
///
/// # Errors
/// What [`delta`] refuses.
#[wasm_bindgen(js_name = delta)]
pub fn js_delta(data: Vec<f32>, bands: usize, frames: usize, options: &JsValue) -> Result<JsValue, JsValue> {
    let mut given = DeltaOptions::default();
    read(options, "width", &mut given.width)?;
    read(options, "order", &mut given.order)?;
    read(options, "mode", &mut given.mode)?;
    let matrix = FrameMatrix::from_data(bands, frames, data).map_err(error)?;
    matrix_object(&delta(&matrix, &given).map_err(error)?)
}

/// Decibels of powers.
///
/// # Errors
/// What [`dsp::power_to_db`] refuses.
#[wasm_bindgen(js_name = powerToDb)]
pub fn power_to_db(mut power: Vec<f32>, options: &JsValue) -> Result<Vec<f32>, JsValue> {
    let mut given = DecibelOptions::default();
    read(options, "ref", &mut given.reference)?;
    read(options, "amin", &mut given.amin)?;
    read(options, "topDb", &mut given.top_db)?;
    dsp::power_to_db(&mut power, &given).map_err(error)?;
    Ok(power)
}

/// Powers of decibels.
///
/// # Errors
/// If `ref` is no number.
#[wasm_bindgen(js_name = dbToPower)]
pub fn db_to_power(mut decibels: Vec<f32>, options: &JsValue) -> Result<Vec<f32>, JsValue> {
    let mut reference = 1.0;
    read(options, "ref", &mut reference)?;
    dsp::db_to_power(&mut decibels, reference);
    Ok(decibels)
}

/// An [`Extractor`] for JavaScript.
#[wasm_bindgen]
pub struct WasmExtractor {
    inner: Extractor,
    sample_rate: u32,
}

#[wasm_bindgen]
impl WasmExtractor {
    /// Plans the extraction of features by name.
    ///
    /// # Errors
    /// What [`Extractor::new`] refuses.
    #[wasm_bindgen(constructor)]
    pub fn new(sample_rate: u32, names: Vec<String>, options: &JsValue) -> Result<Self, JsValue> {
        let inner = Extractor::new(sample_rate, &parse(&names)?, &frame_options(options)?).map_err(error)?;
        Ok(Self { inner, sample_rate })
    }

    /// The features of a clip, as `extractFeatures` gives them.
    ///
    /// # Errors
    /// What [`Extractor::compute`] refuses.
    pub fn extract(&mut self, samples: &JsValue) -> Result<JsValue, JsValue> {
        let mono = mono(samples, self.sample_rate)?;
        features_object(self.inner.compute(&mono).map_err(error)?)
    }
}

/// A [`FeatureStream`] for JavaScript.
#[wasm_bindgen]
pub struct WasmFeatureStream {
    /// `None` once it is finished.
    inner: Option<FeatureStream>,
    sample_rate: u32,
}

#[wasm_bindgen]
impl WasmFeatureStream {
    /// Plans the extraction of features by name.
    ///
    /// # Errors
    /// What [`FeatureStream::new`] refuses.
    #[wasm_bindgen(constructor)]
    pub fn new(sample_rate: u32, names: Vec<String>, options: &JsValue) -> Result<Self, JsValue> {
        let options = frame_options(options)?;
        let inner = FeatureStream::new(sample_rate, &parse(&names)?, &options).map_err(error)?;
        Ok(Self { inner: Some(inner), sample_rate })
    }

    /// The frames that a piece completes.
    ///
    /// # Errors
    /// What [`FeatureStream::push`] refuses, and pieces after the end.
    pub fn push(&mut self, samples: &JsValue) -> Result<JsValue, JsValue> {
        let Some(stream) = &mut self.inner else { return Err(ended()) };
        if !Array::is_array(samples) {
            return Err(invalid_argument("expected an array of Float32Array, got something else"));
        }
        let piece = mono(samples, self.sample_rate)?;
        features_object(stream.push(&piece).map_err(error)?)
    }

    /// The last frames.
    ///
    /// # Errors
    /// What [`FeatureStream::finish`] refuses, and a second end.
    pub fn finish(&mut self) -> Result<JsValue, JsValue> {
        let stream = self.inner.take().ok_or_else(ended)?;
        features_object(stream.finish().map_err(error)?)
    }
}

fn ended() -> JsValue {
    named_error("disposed", "expected a stream in use, got one after finish()")
}
