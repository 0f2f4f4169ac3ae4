//! From a file's tensors to the network as it answers.
//!
//! Not by way of Burn's modules: what they bring along, initialisation, conversion between all types of number, was a
//! fifth of what a browser downloads, and all that was compiled of a network before its first answer.

use burn::tensor::Device;

use super::tensors::Tensors;
use crate::{
    Emotion, Result,
    features::STACK_CHANNELS,
    model::{
        NetworkConfig, Pooling,
        block::RESIDUAL_KERNEL,
        inference::{Convolution, Dense, Inference, Parts, StageLayers},
        pooling::ATTENTION_UNITS,
        window::{Normalization, WINDOW_FRAMES},
    },
};

/// The network of a layout by its `tensors`, which are in the order and have the names of the fields of
/// [`Network`](crate::model::Network). Nothing is allocated but what the layout's own shapes ask for.
///
/// # Errors
/// [`Error::WeightsShape`](crate::Error::WeightsShape) with the first tensor that is missing, misnamed, misshapen or too
/// many.
pub(super) fn inference(config: &NetworkConfig, tensors: &[u8], device: &Device) -> Result<Inference> {
    let mut tensors = Tensors::new(tensors);
    let mean = tensors.next("mean", &[STACK_CHANNELS])?;
    let deviation = tensors.next("deviation", &[STACK_CHANNELS])?;
    let centring = tensors.next("centring", &[1])?[0];
    let unsure_below = tensors.next("unsure_below", &[1])?[0];
    let (mut frames, mut channels) = (WINDOW_FRAMES, STACK_CHANNELS);
    let mut stages = Vec::with_capacity(config.stages.len());
    for (index, stage) in config.stages.iter().enumerate() {
        let layer = format!("stages.{index}.first.conv");
        let shape = [stage.channels, channels, stage.kernel];
        let first = Convolution { stride: stage.stride, ..tensors.convolution(&layer, shape)? };
        let shape = [stage.channels, stage.channels, RESIDUAL_KERNEL];
        let mut residual = Vec::with_capacity(stage.residual.len());
        for (index_within, &dilation) in stage.residual.iter().enumerate() {
            let layer = format!("stages.{index}.residual.{index_within}.conv");
            residual.push(Convolution { dilation, ..tensors.convolution(&layer, shape)? });
        }
        frames = frames.div_ceil(stage.stride) / stage.pool;
        channels = stage.channels;
        stages.push(StageLayers { first, residual, pool: stage.pool });
    }
    let (pooling, pooled) = match config.pooling {
        Pooling::Flatten => (None, channels * frames),
        Pooling::Statistics => {
            let units = tensors.convolution("pooling.units", [ATTENTION_UNITS, channels, 1])?;
            let scores = tensors.convolution("pooling.scores", [channels, ATTENTION_UNITS, 1])?;
            (Some([units, scores]), 2 * channels)
        }
    };
    let dense = [
        tensors.dense("hidden", [pooled, config.hidden])?,
        tensors.dense("output", [config.hidden, Emotion::COUNT])?,
    ];
    tensors.end()?;
    let normalization = Normalization::new(mean, &deviation).centred(centring);
    Ok(Inference::new(Parts { normalization, unsure_below, stages, pooling, dense }, device))
}

impl Tensors<'_> {
    /// A convolution, one frame after another.
    fn convolution(&mut self, name: &str, shape: [usize; 3]) -> Result<Convolution> {
        let weight = self.next(&format!("{name}.weight"), &shape)?;
        let bias = self.next(&format!("{name}.bias"), &shape[..1])?;
        Ok(Convolution { weight, shape, bias, stride: 1, dilation: 1 })
    }

    fn dense(&mut self, name: &str, shape: [usize; 2]) -> Result<Dense> {
        let weight = self.next(&format!("{name}.weight"), &shape)?;
        let bias = self.next(&format!("{name}.bias"), &shape[1..])?;
        Ok(Dense { weight, shape, bias })
    }
}
