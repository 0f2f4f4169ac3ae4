//! The layouts that a network can have.

use serde::{Deserialize, Serialize};

/// One stage: a convolution, then residual ones of the same width, then max pooling.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StageConfig {
    /// Channels that leave the stage.
    pub channels: usize,
    /// Frames of the first convolution's kernel; odd.
    pub kernel: usize,
    /// Frames from one output of the first convolution to the next.
    pub stride: usize,
    /// The dilation of each residual convolution, all with kernels of three frames; none in a plain stage.
    pub residual: Vec<usize>,
    /// Frames that the max pooling makes one.
    pub pool: usize,
}

impl StageConfig {
    fn plain(channels: usize, kernel: usize, pool: usize) -> Self {
        Self { channels, kernel, stride: 1, residual: Vec::new(), pool }
    }
}

/// How the frames that leave the last stage become one vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pooling {
    /// All of them, one after another.
    Flatten,
    /// Their mean and standard deviation under learnt weights (attentive statistics).
    Statistics,
}

/// A network's layout. The default is what ships; the weights file that ships holds no other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NetworkConfig {
    /// The stages, in order.
    pub stages: Vec<StageConfig>,
    /// What follows the last stage.
    pub pooling: Pooling,
    /// Units of the hidden dense layer.
    pub hidden: usize,
    /// Probability of dropping a unit, before each dense layer, in training.
    pub dropout: f64,
}

impl Default for NetworkConfig {
    fn default() -> Self {
        Self::compact()
    }
}

impl NetworkConfig {
    /// The network that ships: three stages with residual dilated convolutions, attentive statistics.
    ///
    /// The first stage halves the frames twice. Neighbouring frames overlap by three quarters, so little is
    /// lost; most of a step's time in training went into the maps of full length.
    pub fn compact() -> Self {
        let stage = |kernel, stride, residual: &[usize], pool| StageConfig {
            channels: 128,
            kernel,
            stride,
            residual: residual.to_vec(),
            pool,
        };
        Self {
            stages: vec![stage(5, 2, &[], 2), stage(3, 1, &[2], 2), stage(3, 1, &[2], 2)],
            pooling: Pooling::Statistics,
            hidden: 96,
            dropout: 0.3,
        }
    }

    /// The baseline that many notebooks build: three convolutions with ReLU and max pooling, dropout, flatten,
    /// dense.
    pub fn textbook() -> Self {
        Self {
            stages: vec![
                StageConfig::plain(128, 5, 2),
                StageConfig::plain(128, 5, 2),
                StageConfig::plain(128, 5, 4),
            ],
            pooling: Pooling::Flatten,
            hidden: 96,
            dropout: 0.3,
        }
    }
}
