//! One-dimensional convolution as one matrix product.
//!
//! Burn's own `Conv1d` is eight to fourteen times slower on the ndarray backend in a browser (42 ms against
//! 3 ms for this network's size), so its parameters are kept and its forward pass is lowered: the input's
//! shifted copies are stacked to `[channels_in * kernel, batch * frames]` (im2col) and multiplied once.
//! What is trained goes this way, and what answers are compared with; answers themselves go by `inference`.

use burn::{
    nn::conv::Conv1d,
    tensor::{Tensor, s},
};

/// Convolves over time with zeros beyond both ends, by the layer's stride and dilation: as many frames come out
/// as go in, divided by the stride and rounded up ("same" padding; odd kernels, no groups).
///
/// Unlike Burn's convolution, channels come first: `[channels_in, batch, frames]` in,
/// `[channels_out, batch, frames / stride]` out. That way the stacked copies and the product are contiguous and
/// nothing is transposed between layers.
pub(super) fn conv1d_same(input: Tensor<3>, conv: &Conv1d) -> Tensor<3> {
    let [channels_in, batch, frames] = input.dims();
    let weight = conv.weight.val();
    let [channels_out, _, kernel] = weight.dims();
    let (stride, dilation) = (conv.stride, conv.dilation);
    let frames_out = frames.div_ceil(stride);
    let padding = kernel / 2 * dilation;
    let columns = if kernel == 1 && stride == 1 {
        input.reshape([channels_in, batch * frames])
    } else {
        let zeros = Tensor::zeros([channels_in, batch, padding], &input.device());
        let padded = Tensor::cat(vec![zeros.clone(), input, zeros], 2);
        let taps = (0..kernel)
            .map(|tap| {
                let start = tap * dilation;
                let end = start + (frames_out - 1) * stride + 1;
                padded.clone().slice(s![.., .., start..end;stride]).unsqueeze_dim::<4>(1)
            })
            .collect();
        Tensor::cat(taps, 1).reshape([channels_in * kernel, batch * frames_out])
    };
    let output = weight.reshape([channels_out, channels_in * kernel]).matmul(columns);
    let output = output.reshape([channels_out, batch, frames_out]);
    match &conv.bias {
        Some(bias) => output + bias.val().reshape([channels_out, 1, 1]),
        None => output,
    }
}

#[cfg(test)]
mod tests {
    use burn::{
        nn::{PaddingConfig1d, conv::Conv1dConfig},
        tensor::{Device, Distribution, TensorData, Tolerance},
    };

    use super::*;

    /// The definition, sum by sum: `[channels_out][batch][frames]`.
    fn naive(input: &[f32], weight: &[f32], bias: &[f32], dims: [usize; 5]) -> Vec<f32> {
        let [channels_out, channels_in, kernel, batch, frames] = dims;
        let mut output = Vec::with_capacity(channels_out * batch * frames);
        for o in 0..channels_out {
            for b in 0..batch {
                for t in 0..frames {
                    let mut sum = f64::from(bias[o]);
                    for i in 0..channels_in {
                        for k in 0..kernel {
                            if let Some(at) = (t + k).checked_sub(kernel / 2).filter(|at| *at < frames) {
                                let weight = weight[(o * channels_in + i) * kernel + k];
                                sum += f64::from(weight) * f64::from(input[(i * batch + b) * frames + at]);
                            }
                        }
                    }
                    output.push(sum as f32);
                }
            }
        }
        output
    }

    #[test]
    fn equals_the_definition_and_burns_own() {
        let device: Device = crate::model::device();
        for [channels_out, channels_in, kernel, batch, frames] in
            [[3, 2, 5, 2, 7], [1, 1, 1, 1, 1], [4, 3, 3, 1, 2], [2, 5, 7, 3, 11]]
        {
            let conv = Conv1dConfig::new(channels_in, channels_out, kernel)
                .with_padding(PaddingConfig1d::Same)
                .init(&device);
            let distribution = Distribution::Normal(0.0, 1.0);
            let input = Tensor::<3>::random([channels_in, batch, frames], distribution, &device);
            let fast = conv1d_same(input.clone(), &conv);
            let values = |data: TensorData| data.try_to_vec::<f32>().expect("f32 tensors");
            let expected = naive(
                &values(input.to_data()),
                &values(conv.weight.val().to_data()),
                &values(conv.bias.as_ref().expect("bias is the default").val().to_data()),
                [channels_out, channels_in, kernel, batch, frames],
            );
            let expected = TensorData::new(expected, [channels_out, batch, frames]);
            fast.to_data().assert_approx_eq::<f32>(&expected, Tolerance::absolute(1e-4));
            let burn = conv.forward(input.swap_dims(0, 1)).swap_dims(0, 1);
            fast.to_data().assert_approx_eq::<f32>(&burn.to_data(), Tolerance::absolute(1e-4));
        }
    }
}
