//! From a trained network to the weights file that ships.

use anyhow::Result;
use speech_emotion::model::{
    Network,
    weights::{self, Precision},
};

/// The weights file of `network`, a byte a weight.
///
/// # Errors
/// When the file cannot be made.
pub fn weights_file(network: &Network) -> Result<Vec<u8>> {
    use burn::module::Module;
    Ok(weights::encode(&network.valid(), Precision::Bytes)?)
}
