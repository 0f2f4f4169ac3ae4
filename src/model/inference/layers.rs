//! The numbers of layers, as a network of Burn's or a weights file has them.

use burn::{
    nn::{Linear, conv::Conv1d},
    tensor::Tensor,
};

/// A convolution over time with "same" padding, as [`conv1d_same`](crate::model::convolution::conv1d_same) pads.
#[derive(Debug)]
pub(in crate::model) struct Convolution {
    /// `shape`, row-major.
    pub weight: Vec<f32>,
    /// `[channels_out, channels_in, kernel]`
    pub shape: [usize; 3],
    /// `[channels_out]`
    pub bias: Vec<f32>,
    pub stride: usize,
    pub dilation: usize,
}

/// A dense layer.
#[derive(Debug)]
pub(in crate::model) struct Dense {
    /// `shape`, row-major.
    pub weight: Vec<f32>,
    /// `[inputs, outputs]`
    pub shape: [usize; 2],
    /// `[outputs]`
    pub bias: Vec<f32>,
}

/// A stage: a convolution, residual ones, how many frames the pooling makes one.
#[derive(Debug)]
pub(in crate::model) struct StageLayers {
    pub first: Convolution,
    pub residual: Vec<Convolution>,
    pub pool: usize,
}

impl From<Conv1d> for Convolution {
    fn from(conv: Conv1d) -> Self {
        let shape = conv.weight.dims();
        let bias = conv.bias.map_or_else(|| vec![0.0; shape[0]], |bias| numbers(bias.into_value()));
        let weight = numbers(conv.weight.into_value());
        Self { weight, shape, bias, stride: conv.stride, dilation: conv.dilation }
    }
}

impl From<Linear> for Dense {
    fn from(linear: Linear) -> Self {
        let shape = linear.weight.dims();
        let bias = linear.bias.map_or_else(|| vec![0.0; shape[1]], |bias| numbers(bias.into_value()));
        Self { weight: numbers(linear.weight.into_value()), shape, bias }
    }
}

/// A tensor's numbers, row-major.
pub(super) fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    let data = tensor.into_data();
    // At once where they lie as they are wanted: Burn's iterator asks for the type of each.
    data.as_slice().map_or_else(|_| data.iter().collect(), <[f32]>::to_vec)
}
