//! The trainer's parts: corpora in, features, splits, metrics and reports out.
//!
//! Everything that touches files, randomness or threads is here; the audio and feature code is the
//! `speech_emotion` library's own, so that training hears what the browser hears.

pub mod augment;
pub mod backend;
pub mod cache;
pub mod calibration;
pub mod commands;
pub mod corpora;
pub mod decode;
pub mod error;
pub mod experiment;
pub mod figures;
pub mod gate;
pub mod metrics;
pub mod progress;
pub mod protocol;
pub mod report;
pub mod results;
pub mod robustness;
pub mod split;
pub mod train;
pub mod trial;

pub use error::{Result, TrainerError};
