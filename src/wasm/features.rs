//! Features by name.

use js_sys::{Float32Array, Reflect};
use wasm_bindgen::prelude::*;

use super::{borrowed, channels, error, to_js};
use crate::{
    audio,
    features::{Feature, FrameMatrix, FrameOptions, extract},
};

/// The names of the features that [`extract_features`] computes.
#[wasm_bindgen]
pub fn features() -> Vec<String> {
    Feature::ALL.map(|feature| feature.name().to_owned()).to_vec()
}

/// Computes features by name: an object with `{ data: Float32Array, shape: [bands, frames] }` for each.
///
/// # Errors
/// What [`audio::to_mono`] and [`extract`] refuse, and [`Error::UnknownFeature`].
#[wasm_bindgen(js_name = extractFeatures)]
pub fn extract_features(samples: &JsValue, sample_rate: u32, names: Vec<String>) -> Result<JsValue, JsValue> {
    let channels = channels(samples, sample_rate)?;
    let features =
        names.iter().map(|name| name.parse()).collect::<Result<Vec<Feature>, _>>().map_err(error)?;
    let mono = audio::to_mono(&borrowed(&channels)).map_err(error)?;
    let matrices = extract(&mono, sample_rate, &features, &FrameOptions::default()).map_err(error)?;
    let result = js_sys::Object::new();
    for (feature, matrix) in matrices {
        Reflect::set(&result, &feature.name().into(), &matrix_object(&matrix)?)?;
    }
    Ok(result.into())
}

fn matrix_object(matrix: &FrameMatrix) -> Result<JsValue, JsValue> {
    let object = js_sys::Object::new();
    Reflect::set(&object, &"data".into(), &Float32Array::from(matrix.data()))?;
    Reflect::set(&object, &"shape".into(), &to_js(&matrix.shape())?)?;
    Ok(object.into())
}
