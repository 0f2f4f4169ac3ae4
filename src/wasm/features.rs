//! Features by name.

use js_sys::{Array, Float32Array, Object, Reflect};
use wasm_bindgen::prelude::*;

#[cfg(feature = "network")]
use super::options::frame_options;
use super::{borrowed, channels, error};
#[cfg(feature = "network")]
use crate::features::extract;
use crate::{
    Error, audio,
    features::{Feature, FrameMatrix},
};

#[cfg(feature = "network")]
/// The names of the features that [`extract_features`] computes.
#[wasm_bindgen]
pub fn features() -> Vec<String> {
    Feature::ALL.map(|feature| feature.name().to_owned()).to_vec()
}

#[cfg(feature = "network")]
/// Computes features by name in one pass: an object with `{ data: Float32Array, shape: [bands, frames] }` for each.
///
/// # Errors
/// What [`audio::to_mono`] and [`extract`] refuse, and [`Error::UnknownFeature`].
#[wasm_bindgen(js_name = extractFeatures)]
pub fn extract_features(
    samples: &JsValue,
    sample_rate: u32,
    names: Vec<String>,
    options: &JsValue,
) -> Result<JsValue, JsValue> {
    let mono = mono(samples, sample_rate)?;
    let (features, options) = (parse(&names)?, frame_options(options)?);
    features_object(extract(&mono, sample_rate, &features, &options).map_err(error)?)
}

/// An [`InputStack`](crate::features::InputStack) for JavaScript: what the network sees.
#[cfg(feature = "network")]
#[wasm_bindgen]
#[derive(Default)]
pub struct WasmInputStack {
    inner: crate::features::InputStack,
}

#[cfg(feature = "network")]
#[wasm_bindgen]
impl WasmInputStack {
    /// Plans the transform and the filter banks.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// `{ data: Float32Array, shape: [101, frames] }` of mono samples at 16 kHz.
    ///
    /// # Errors
    /// What [`InputStack::compute`](crate::features::InputStack::compute) refuses.
    pub fn compute(&mut self, samples: &[f32]) -> Result<JsValue, JsValue> {
        matrix_object(&self.inner.compute(samples).map_err(error)?)
    }
}

/// The mean of a clip's channels.
pub(super) fn mono(samples: &JsValue, sample_rate: u32) -> Result<Vec<f32>, JsValue> {
    let mut channels = channels(samples, sample_rate)?;
    match channels.pop() {
        // What one channel refuses, features refuse as well: it need not be copied.
        Some(only) if channels.is_empty() => Ok(only),
        last => {
            channels.extend(last);
            audio::to_mono(&borrowed(&channels)).map_err(error)
        }
    }
}

pub(super) fn parse(names: &[String]) -> Result<Vec<Feature>, JsValue> {
    names.iter().map(|name| name.parse()).collect::<Result<_, Error>>().map_err(error)
}

/// An object with each feature under its name.
pub(super) fn features_object(features: Vec<(Feature, FrameMatrix)>) -> Result<JsValue, JsValue> {
    let object = Object::new();
    for (feature, matrix) in features {
        Reflect::set(&object, &feature.name().into(), &matrix_object(&matrix)?)?;
    }
    Ok(object.into())
}

/// `{ data: Float32Array, shape: [bands, frames] }`
pub(super) fn matrix_object(matrix: &FrameMatrix) -> Result<JsValue, JsValue> {
    array_object(&Float32Array::from(matrix.data()), &matrix.shape())
}

/// `{ data: Float32Array, shape }`
pub(super) fn array_object(data: &Float32Array, shape: &[usize]) -> Result<JsValue, JsValue> {
    let object = Object::new();
    Reflect::set(&object, &"data".into(), data)?;
    let shape: Array = shape.iter().map(|&size| JsValue::from(size as f64)).collect();
    Reflect::set(&object, &"shape".into(), &shape)?;
    Ok(object.into())
}
