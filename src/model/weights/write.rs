//! From a network to a file's tensors.

use burn::{
    module::{Module, ModuleMapper, ModuleVisitor, Param},
    tensor::{Tensor, TensorData},
};

use super::{super::Network, BYTES_BY_FIRST_AXIS, BYTES_BY_LAST_AXIS, SINGLE};

/// How the matrices of a network are stored. Biases and normalisation are in single precision either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// 32 bits a value.
    Single,
    /// A byte a value and a scale for each output channel, of which a value is -15 to 15 times. On its way to a browser
    /// such a byte takes 4.3 bits (brotli), where -127 to 127 takes 7.4, and the answers are as good.
    Bytes,
}

/// The most steps of its channel's scale that a weight is from 0.
const STEPS: f32 = 15.0;

/// Shares of a channel's largest weight that are tried as its end: what is cut off there may cost less than finer steps
/// gain.
const ENDS: [f32; 12] = [1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5, 0.45];

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
        let kind = if self.precision == Precision::Single { SINGLE } else { kind_of(D) };
        self.bytes.push(name.len() as u8);
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.push(kind);
        self.bytes.push(D as u8);
        for axis in &shape {
            self.bytes.extend_from_slice(&(*axis as u32).to_le_bytes());
        }
        if kind == SINGLE {
            self.bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
            return;
        }
        let channels = Channels::new(kind, &shape);
        let scales = channels.scales(&values);
        self.bytes.extend(scales.iter().flat_map(|scale| scale.to_le_bytes()));
        for (index, value) in values.iter().enumerate() {
            let scale = scales[channels.of(index)];
            self.bytes.push((steps(*value, scale) as i8).to_le_bytes()[0]);
        }
    }
}

/// How a tensor of a rank is stored in few steps. A convolution's output channels are its first axis, a dense layer's its
/// last; biases and normalisations have neither.
fn kind_of(rank: usize) -> u8 {
    match rank {
        0 | 1 => SINGLE,
        2 => BYTES_BY_LAST_AXIS,
        _ => BYTES_BY_FIRST_AXIS,
    }
}

/// Which values of a tensor have one scale.
struct Channels {
    count: usize,
    /// The values of a slice along the first axis, or none where channels are along the last.
    slice: Option<usize>,
}

impl Channels {
    fn new(kind: u8, shape: &[usize]) -> Self {
        let by_first = kind == BYTES_BY_FIRST_AXIS;
        let axis = if by_first { shape.first() } else { shape.last() };
        Self {
            count: axis.copied().unwrap_or(1).max(1),
            slice: by_first.then(|| shape.iter().skip(1).product::<usize>().max(1)),
        }
    }

    fn of(&self, index: usize) -> usize {
        self.slice.map_or(index % self.count, |slice| index / slice)
    }

    /// The scale of each channel.
    fn scales(&self, values: &[f32]) -> Vec<f32> {
        let mut channels: Vec<Vec<f32>> = vec![Vec::new(); self.count];
        for (index, &value) in values.iter().enumerate() {
            channels[self.of(index)].push(value);
        }
        channels.iter().map(|channel| scale_of(channel)).collect()
    }
}

/// The network with every weight where its file of [`Precision::Bytes`] would have it, so that a training may learn to do
/// with that. Normalisations that are not folded yet change nothing: they scale whole channels.
#[must_use]
pub fn in_steps(network: Network) -> Network {
    network.map(&mut Stepper)
}

struct Stepper;

impl ModuleMapper for Stepper {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let kind = kind_of(D);
        if kind == SINGLE {
            return param;
        }
        param.map(|tensor| {
            let (device, learns) = (tensor.device(), tensor.is_require_grad());
            let data = tensor.into_data();
            let shape = data.shape().to_vec();
            let mut values: Vec<f32> = data.iter::<f32>().collect();
            let channels = Channels::new(kind, &shape);
            let scales = channels.scales(&values);
            for (index, value) in values.iter_mut().enumerate() {
                let scale = scales[channels.of(index)];
                *value = scale * steps(*value, scale);
            }
            Tensor::from_data(TensorData::new(values, shape), &device).set_require_grad(learns)
        })
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
        let even: Vec<f32> = (-15..=15).map(|step| step as f32 * 0.01).collect();
        assert!((scale_of(&even) - 0.01).abs() < 1e-7);
        // One weight far out is cut off for the sake of a thousand others.
        let mut tailed: Vec<f32> = (0..1_000).map(|n| (n as f32 * 0.7).sin()).collect();
        tailed.push(1.2);
        assert!(scale_of(&tailed) < 1.2 / STEPS);
        assert_eq!(scale_of(&[0.0, 0.0]), 0.0);
        assert_eq!(steps(0.0, 0.0), 0.0);
    }
}
