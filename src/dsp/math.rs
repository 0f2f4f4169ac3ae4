//! The elementary functions.
//!
//! The module of the features alone would be three kilobytes larger with the C library's: there they are made of `exp`
//! and `ln`, which it has for other reasons, and of two polynomials, to some last digits of f64.

#[cfg(any(test, all(target_arch = "wasm32", not(feature = "network"))))]
mod small;

#[cfg(all(target_arch = "wasm32", not(feature = "network")))]
pub(crate) use small::{cos, log2, log10, powf, rem_euclid, sin};
#[cfg(not(all(target_arch = "wasm32", not(feature = "network"))))]
pub(crate) use standard::{cos, log2, log10, powf, rem_euclid, sin};

#[cfg(not(all(target_arch = "wasm32", not(feature = "network"))))]
mod standard {
    pub(crate) fn sin(x: f64) -> f64 {
        x.sin()
    }

    pub(crate) fn cos(x: f64) -> f64 {
        x.cos()
    }

    pub(crate) fn powf(base: f64, exponent: f64) -> f64 {
        base.powf(exponent)
    }

    pub(crate) fn log2(x: f64) -> f64 {
        x.log2()
    }

    pub(crate) fn log10(x: f64) -> f64 {
        x.log10()
    }

    pub(crate) fn rem_euclid(x: f64, modulus: f64) -> f64 {
        x.rem_euclid(modulus)
    }
}
