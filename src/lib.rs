//! Speech emotion recognition: PCM in, the probabilities of eight emotions out, computed on the device.
//!
//! Data flows one way: [`audio`] -> [`features`] -> `model` -> `Recognizer`. Everything below the recognizer can
//! be used by itself; without the `network` feature, which has the last two, the crate is audio and features alone.

#[cfg(feature = "network")]
mod analysis;
pub mod audio;
#[cfg(feature = "network")]
mod baseline;
pub mod dsp;
mod emotion;
mod error;
pub mod features;
#[cfg(feature = "network")]
pub mod model;
mod number;
#[cfg(feature = "network")]
mod recognizer;
pub mod speech;
#[cfg(feature = "network")]
pub mod stream;
#[cfg(target_arch = "wasm32")]
pub mod wasm;

#[cfg(feature = "network")]
pub use analysis::{Analysis, Analyzer};
#[cfg(feature = "network")]
pub use baseline::Baseline;
pub use emotion::Emotion;
pub use error::{Error, Result};
#[cfg(feature = "network")]
pub use recognizer::{Prediction, Recognizer};
#[cfg(feature = "network")]
pub use stream::{Event, Segment, Stream, StreamOptions};

/// The README's Rust, compiled and run with the other examples.
#[cfg(all(doctest, feature = "network"))]
#[doc = include_str!("../README.md")]
struct Readme;
