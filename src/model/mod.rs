//! The network: its layers, its input windows, its weights.

mod block;
mod config;
mod convolution;
pub mod inference;
pub mod network;
mod pooling;
pub mod weights;
pub mod window;

pub use config::{NetworkConfig, Pooling, StageConfig};
pub use inference::{Inference, Scratch};
pub use network::Network;

use burn::tensor::Device;

/// The name of the shipped weights' file.
pub const WEIGHTS_FILE: &str = "speech_emotion.weights";

/// The device that the library runs the network on.
///
/// The one line that chooses the backend: `flex` in its place moves the library off ndarray.
#[cfg(feature = "ndarray")]
#[expect(deprecated, reason = "burn-ndarray 0.22 is its last release; see Cargo.toml on why it is used")]
pub fn device() -> Device {
    Device::ndarray()
}

/// The device that the library runs the network on, in builds without ndarray.
#[cfg(all(feature = "flex", not(feature = "ndarray")))]
pub fn device() -> Device {
    Device::flex()
}

#[cfg(not(any(feature = "ndarray", feature = "flex")))]
compile_error!("the network needs a backend: enable the feature `ndarray` or `flex`");
