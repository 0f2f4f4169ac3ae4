//! From a network to a file's tensors.

use burn::{
    module::{Module, ModuleVisitor, Param},
    tensor::Tensor,
};

use super::{super::Network, BYTES_BY_FIRST_AXIS, BYTES_BY_LAST_AXIS, SINGLE};

/// How the matrices of a network are stored. Biases and normalisation are in single precision either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// 32 bits a value.
    Single,
    /// A byte a value and a scale for each output channel, of which a value is -27 to 27 times. On its way to a browser
    /// such a byte takes 5 bits (brotli), where -127 to 127 takes 7.4, and the answers are as good.
    Bytes,
}

/// The most steps of its channel's scale that a weight is from 0.
const STEPS: f32 = 27.0;

/// Shares of a channel's largest weight that are tried as its end: what is cut off there may cost less than finer steps
/// gain.
const ENDS: [f32; 8] = [1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65];

/// The tensors of a network whose normalisations are folded.
pub(super) fn tensors(network: &Network, precision: Precision) -> Vec<u8> {
    let mut writer = Writer { bytes: Vec::new(), path: Vec::new(), precision };
    network.visit(&mut writer);
    writer.bytes
}

struct Writer {
    bytes: Vec<u8>,
    path: Vec<String>,
    precision: Precision,
}

impl ModuleVisitor for Writer {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let data = param.val().into_data();
        let shape = data.shape().to_vec();
        let values: Vec<f32> = data.iter::<f32>().collect();
        let name = self.path.join(".");
        // A convolution's output channels are its first axis, a dense layer's its last.
        let kind = match (self.precision, D) {
            (Precision::Single, _) | (_, 0 | 1) => SINGLE,
            (Precision::Bytes, 2) => BYTES_BY_LAST_AXIS,
            (Precision::Bytes, _) => BYTES_BY_FIRST_AXIS,
        };
        self.bytes.push(name.len() as u8);
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.push(kind);
        self.bytes.push(D as u8);
        for axis in &shape {
            self.bytes.extend_from_slice(&(*axis as u32).to_le_bytes());
        }
        let channel_of = |index: usize| match kind {
            BYTES_BY_FIRST_AXIS => index / (values.len() / shape[0]).max(1),
            _ => index % shape[D - 1],
        };
        if kind == SINGLE {
            self.bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
            return;
        }
        let mut scales = vec![0.0_f32; if kind == BYTES_BY_FIRST_AXIS { shape[0] } else { shape[D - 1] }];
        let mut channels: Vec<Vec<f32>> = vec![Vec::new(); scales.len()];
        for (index, &value) in values.iter().enumerate() {
            channels[channel_of(index)].push(value);
        }
        for (scale, channel) in scales.iter_mut().zip(&channels) {
            *scale = scale_of(channel);
        }
        self.bytes.extend(scales.iter().flat_map(|scale| scale.to_le_bytes()));
        for (index, value) in values.iter().enumerate() {
            let scale = scales[channel_of(index)];
            self.bytes.push((steps(*value, scale) as i8).to_le_bytes()[0]);
        }
    }
}

/// The scale by which a channel's weights are off least, in squares.
fn scale_of(channel: &[f32]) -> f32 {
    let largest = channel.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
    let off = |scale: f32| -> f32 {
        channel.iter().map(|&value| (value - scale * steps(value, scale)).powi(2)).sum()
    };
    let scales = ENDS.map(|end| end * largest / STEPS);
    scales.into_iter().min_by(|&a, &b| off(a).total_cmp(&off(b))).unwrap_or(0.0)
}

/// A weight in whole steps of its scale.
fn steps(value: f32, scale: f32) -> f32 {
    if scale > 0.0 { (value / scale).round().clamp(-STEPS, STEPS) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_is_the_best_of_those_tried() {
        // Steps of the largest weight fit exactly.
        let even: Vec<f32> = (-27..=27).map(|step| step as f32 * 0.01).collect();
        assert!((scale_of(&even) - 0.01).abs() < 1e-7);
        // One weight far out is cut off for the sake of a thousand others.
        let mut tailed: Vec<f32> = (0..1_000).map(|n| (n as f32 * 0.7).sin()).collect();
        tailed.push(1.2);
        assert!(scale_of(&tailed) < 1.2 / STEPS);
        assert_eq!(scale_of(&[0.0, 0.0]), 0.0);
        assert_eq!(steps(0.0, 0.0), 0.0);
    }
}
