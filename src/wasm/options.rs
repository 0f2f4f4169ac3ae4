//! Options objects. The package's hand-written modules have checked names and types; what is of the wrong type all
//! the same is refused here too, and bounds are the library's own.

use js_sys::Reflect;
use wasm_bindgen::prelude::*;

use super::invalid_argument;
use crate::features::{ChromaNorm, DctNorm, FrameOptions, MelNorm, PadMode, Window};

/// What an option can be.
pub(super) trait Value: Sized {
    /// The type, for people.
    const KIND: &str;

    fn read(value: &JsValue) -> Option<Self>;
}

impl Value for f64 {
    const KIND: &str = "a number";

    fn read(value: &JsValue) -> Option<Self> {
        value.as_f64()
    }
}

impl Value for f32 {
    const KIND: &str = f64::KIND;

    fn read(value: &JsValue) -> Option<Self> {
        value.as_f64().map(|number| number as f32)
    }
}

impl Value for usize {
    const KIND: &str = "a whole number";

    fn read(value: &JsValue) -> Option<Self> {
        value.as_f64().filter(|number| number.fract() == 0.0 && *number >= 0.0).map(|number| number as usize)
    }
}

impl Value for bool {
    const KIND: &str = "true or false";

    fn read(value: &JsValue) -> Option<Self> {
        value.as_bool()
    }
}

impl<T: Value> Value for Option<T> {
    const KIND: &str = T::KIND;

    fn read(value: &JsValue) -> Option<Self> {
        if value.is_null() { Some(None) } else { T::read(value).map(Some) }
    }
}

/// What has one of these names, of which an empty one is null.
fn named<T: Copy>(value: &JsValue, names: &[(&str, T)]) -> Option<T> {
    let name = if value.is_null() { String::new() } else { value.as_string()? };
    names.iter().find(|(other, _)| *other == name).map(|&(_, named)| named)
}

impl Value for Window {
    const KIND: &str = "hann, hamming, blackman or boxcar";

    fn read(value: &JsValue) -> Option<Self> {
        named(value, &Self::ALL.map(|window| (window.name(), window)))
    }
}

impl Value for PadMode {
    const KIND: &str = "constant, edge, linear_ramp, reflect or symmetric";

    fn read(value: &JsValue) -> Option<Self> {
        named(value, &Self::ALL.map(|mode| (mode.name(), mode)))
    }
}

impl Value for MelNorm {
    const KIND: &str = "slaney, max, sum, length or null";

    fn read(value: &JsValue) -> Option<Self> {
        let names = [
            ("slaney", Self::Slaney),
            ("max", Self::Max),
            ("sum", Self::Sum),
            ("length", Self::Length),
            ("", Self::None),
        ];
        named(value, &names)
    }
}

impl Value for ChromaNorm {
    const KIND: &str = "max, sum, length or null";

    fn read(value: &JsValue) -> Option<Self> {
        let names = [("max", Self::Max), ("sum", Self::Sum), ("length", Self::Length), ("", Self::None)];
        named(value, &names)
    }
}

impl Value for DctNorm {
    const KIND: &str = "ortho or null";

    fn read(value: &JsValue) -> Option<Self> {
        named(value, &[("ortho", Self::Ortho), ("", Self::None)])
    }
}

#[cfg(not(feature = "network"))]
impl Value for crate::features::DeltaMode {
    const KIND: &str = "interp, nearest, mirror, constant or wrap";

    fn read(value: &JsValue) -> Option<Self> {
        named(value, &Self::ALL.map(|mode| (mode.name(), mode)))
    }
}

/// Reads an option, if it is there, into its place.
pub(super) fn read<T: Value>(options: &JsValue, name: &str, place: &mut T) -> Result<(), JsValue> {
    if !options.is_object() {
        return Ok(());
    }
    let value = Reflect::get(options, &name.into())?;
    if value.is_undefined() {
        return Ok(());
    }
    match T::read(&value) {
        Some(value) => *place = value,
        None => return Err(invalid_argument(&["expected options.", name, " to be ", T::KIND].concat())),
    }
    Ok(())
}

/// The options of features of frames.
pub(super) fn frame_options(options: &JsValue) -> Result<FrameOptions, JsValue> {
    let mut frame = FrameOptions::default();
    read(options, "nFft", &mut frame.n_fft)?;
    read(options, "hopLength", &mut frame.hop_length)?;
    read(options, "winLength", &mut frame.win_length)?;
    read(options, "window", &mut frame.window)?;
    read(options, "center", &mut frame.center)?;
    read(options, "padMode", &mut frame.pad_mode)?;
    read(options, "power", &mut frame.power)?;
    read(options, "nMels", &mut frame.n_mels)?;
    read(options, "fmin", &mut frame.fmin)?;
    read(options, "fmax", &mut frame.fmax)?;
    read(options, "htk", &mut frame.htk)?;
    read(options, "melNorm", &mut frame.mel_norm)?;
    read(options, "nMfcc", &mut frame.n_mfcc)?;
    read(options, "dctType", &mut frame.dct_type)?;
    read(options, "dctNorm", &mut frame.dct_norm)?;
    read(options, "lifter", &mut frame.lifter)?;
    read(options, "topDb", &mut frame.top_db)?;
    read(options, "tuning", &mut frame.tuning)?;
    read(options, "nChroma", &mut frame.n_chroma)?;
    read(options, "ctroct", &mut frame.ctroct)?;
    read(options, "octwidth", &mut frame.octwidth)?;
    read(options, "baseC", &mut frame.base_c)?;
    read(options, "chromaNorm", &mut frame.chroma_norm)?;
    read(options, "threshold", &mut frame.threshold)?;
    read(options, "zeroPos", &mut frame.zero_pos)?;
    read(options, "p", &mut frame.p)?;
    read(options, "bandwidthNorm", &mut frame.bandwidth_norm)?;
    read(options, "rollPercent", &mut frame.roll_percent)?;
    read(options, "nBands", &mut frame.n_bands)?;
    read(options, "contrastFmin", &mut frame.contrast_fmin)?;
    read(options, "quantile", &mut frame.quantile)?;
    read(options, "linear", &mut frame.linear)?;
    read(options, "flatnessAmin", &mut frame.flatness_amin)?;
    read(options, "flatnessPower", &mut frame.flatness_power)?;
    Ok(frame)
}
