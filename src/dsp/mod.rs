//! The signal processing under the features: window, Fourier transform, filter banks, cosine transform, decibels.
//!
//! Definitions are librosa 0.11's. Spectra are computed in f64, as librosa does, since a mel band far from a
//! pure tone lies below the rounding of an f32 transform; what comes after the power spectrum is f32, but for a few
//! sums.

mod chroma;
mod dct;
mod decibel;
mod fft;
mod filters;
pub(crate) mod lanes;
pub(crate) mod math;
mod mel;
pub(crate) mod wide;
mod window;

pub use chroma::{CHROMA_BANDS, ChromaFilterBank, ChromaScale};
pub use dct::{Dct, DctNorm};
pub(crate) use decibel::power_to_decibels;
pub use decibel::{AMIN, DecibelOptions, DecibelReference, db_to_power, decibels, power_to_db};
pub use fft::RealFft;
pub(crate) use fft::{FastFft, PowerFft, WideRealFft, rows};
pub(crate) use filters::Filters;
pub use mel::{MelFilterBank, MelNorm, MelScale, hz_to_mel, mel_to_hz};
pub use num_complex::Complex;
pub(crate) use window::cosines;
pub use window::hann;
