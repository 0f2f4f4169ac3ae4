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
    /// 8 bits a value and a scale for each output channel: half a step of 1/127 of the channel's largest weight is
    /// the most that a weight is off.
    Bytes,
}

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
        for (index, value) in values.iter().enumerate() {
            let scale = &mut scales[channel_of(index)];
            *scale = scale.max(value.abs() / 127.0);
        }
        self.bytes.extend(scales.iter().flat_map(|scale| scale.to_le_bytes()));
        for (index, value) in values.iter().enumerate() {
            let scale = scales[channel_of(index)];
            let step = if scale > 0.0 { (value / scale).round() } else { 0.0 };
            self.bytes.push((step.clamp(-127.0, 127.0) as i8).to_le_bytes()[0]);
        }
    }
}
