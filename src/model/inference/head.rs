//! What follows the last stage: pooling, then two dense layers. Their matrix products are Burn's.
//!
//! What is between the products is written out: each operation of Burn's holds the code for every type of number, which a
//! browser compiles when it is first called, one or two milliseconds each. Of a first answer that was 30.

use burn::tensor::{Device, Tensor, TensorData};

use super::layers::{Convolution, Dense, numbers};
use crate::{Emotion, model::pooling::LEAST_VARIANCE};

/// The layers after the last stage.
#[derive(Debug)]
pub(super) struct Head {
    /// None where the frames are flattened.
    pooling: Option<[Affine; 2]>,
    hidden: Affine,
    output: Affine,
}

impl Head {
    /// The two convolutions of attentive statistics, where there are any, and the dense layers.
    pub fn new(pooling: Option<[Convolution; 2]>, [hidden, output]: [Dense; 2], device: &Device) -> Self {
        Self {
            pooling: pooling.map(|layers| layers.map(|layer| Affine::of_convolution(layer, device))),
            hidden: Affine::of_dense(hidden, device),
            output: Affine::of_dense(output, device),
        }
    }

    /// The logits of `batch` windows, `[batch, 8]`, by their maps, `[channels, batch, frames]`.
    pub fn logits(&self, maps: &[f32], batch: usize, frames: usize) -> Vec<[f32; Emotion::COUNT]> {
        let pooled = match &self.pooling {
            Some(layers) => statistics(maps, layers, frames),
            None => flattened(maps, batch, frames),
        };
        let mut hidden = self.hidden.apply(pooled, batch);
        hidden.iter_mut().for_each(|unit| *unit = unit.max(0.0));
        let logits = self.output.apply(hidden, batch);
        (0..batch).map(|window| std::array::from_fn(|emotion| logits[emotion * batch + window])).collect()
    }
}

/// A matrix and what is added to its product.
#[derive(Debug)]
struct Affine {
    /// `[outputs, inputs]`
    weight: Tensor<2>,
    /// `[outputs]`
    bias: Vec<f32>,
}

impl Affine {
    /// A convolution over one frame.
    fn of_convolution(Convolution { weight, shape, bias, .. }: Convolution, device: &Device) -> Self {
        Self::new(weight, [shape[0], shape[1]], bias, device)
    }

    /// A dense layer, whose weights Burn keeps as `[inputs, outputs]`.
    fn of_dense(Dense { weight, shape: [inputs, outputs], bias }: Dense, device: &Device) -> Self {
        let turned = (0..outputs).flat_map(|output| weight.iter().skip(output).step_by(outputs).copied());
        Self::new(turned.collect(), [outputs, inputs], bias, device)
    }

    fn new(weight: Vec<f32>, shape: [usize; 2], bias: Vec<f32>, device: &Device) -> Self {
        Self { weight: Tensor::from_data(TensorData::new(weight, shape), device), bias }
    }

    /// `[inputs, columns]` -> `[outputs, columns]`
    fn apply(&self, inputs: Vec<f32>, columns: usize) -> Vec<f32> {
        let shape = [inputs.len() / columns, columns];
        let inputs = Tensor::<2>::from_data(TensorData::new(inputs, shape), &self.weight.device());
        let mut outputs = numbers(self.weight.clone().matmul(inputs));
        for (row, bias) in outputs.chunks_exact_mut(columns).zip(&self.bias) {
            row.iter_mut().for_each(|output| *output += bias);
        }
        outputs
    }
}

/// [`StatisticsPooling::forward`]: `[channels, batch, frames]` -> `[2 * channels, batch]`.
fn statistics(maps: &[f32], [units, scores]: &[Affine; 2], frames: usize) -> Vec<f32> {
    let columns = maps.len() / scores.bias.len();
    let mut attention = units.apply(maps.to_vec(), columns);
    attention.iter_mut().for_each(|unit| *unit = unit.tanh());
    let attention = scores.apply(attention, columns);
    let rows = || maps.chunks_exact(frames).zip(attention.chunks_exact(frames));
    let of = |maps: &[f32], scores: &[f32]| {
        let greatest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let [mut whole, mut mean, mut square] = [0.0; 3];
        for (value, score) in maps.iter().zip(scores) {
            let weight = (score - greatest).exp();
            whole += weight;
            mean += weight * value;
            square += weight * value * value;
        }
        let mean: f32 = mean / whole;
        (mean, (square / whole - mean * mean).max(LEAST_VARIANCE).sqrt())
    };
    let (mut means, deviations): (Vec<f32>, Vec<f32>) = rows().map(|(maps, scores)| of(maps, scores)).unzip();
    means.extend(deviations);
    means
}

/// `[channels, batch, frames]` -> `[channels * frames, batch]`
fn flattened(maps: &[f32], batch: usize, frames: usize) -> Vec<f32> {
    let mut flat = vec![0.0; maps.len()];
    for (channel, maps) in maps.chunks_exact(batch * frames).enumerate() {
        for (window, row) in maps.chunks_exact(frames).enumerate() {
            for (frame, value) in row.iter().enumerate() {
                flat[(channel * frames + frame) * batch + window] = *value;
            }
        }
    }
    flat
}
