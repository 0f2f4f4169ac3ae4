//! The detector's network: three dense layers over a frame, its neighbours and its window's averages.

use crate::{dsp::lanes::dot, features::LogMel};

/// Mel bands of a frame.
pub const BANDS: usize = 24;

/// Below this there are no bands, Hz: [`high_pass`](crate::audio::high_pass) leaves nothing there.
const FMIN: f64 = 80.0;

/// The frames that are looked at, counted from the one in question: a quarter of a second to both sides, near ones
/// more closely.
pub const OFFSETS: [isize; 11] = [-16, -10, -6, -3, -1, 0, 1, 3, 6, 10, 16];

/// Values that go in: the bands of these frames, then of every band the mean over the window, then the deviation.
/// What is steady is not speech.
pub const INPUTS: usize = BANDS * (OFFSETS.len() + 2);

/// Units of the layers, the last one's being the log-odds of speech.
pub const LAYERS: [usize; 3] = [32, 16, 1];

/// Bytes of the weights.
pub const BYTES: usize = LAYERS[0] * (8 + INPUTS) + LAYERS[1] * (8 + LAYERS[0]) + 8 + LAYERS[1];

/// The weights, written by `trainer detector`: unit by unit its scale and its bias, little-endian single precision,
/// and its weights as whole numbers from -127 to 127, to be multiplied by the scale.
static SHIPPED: &[u8; BYTES] = include_bytes!("detector.weights");

/// The inputs of windows' frames.
pub struct Frames {
    log_mel: LogMel,
    bands: Vec<f32>,
}

impl Frames {
    /// Plans the bands of frames that start every `hop_length` samples.
    pub fn new(hop_length: usize) -> Self {
        Self { log_mel: LogMel::new(BANDS, FMIN, hop_length), bands: Vec::new() }
    }

    /// Hands the inputs, `[INPUTS]`, of each of the first `frames` of `samples` to `take`, in order. Past the window's
    /// ends its first and last frames go on.
    pub fn each(&mut self, samples: &[f32], frames: usize, mut take: impl FnMut(&[f32; INPUTS])) {
        self.bands.clear();
        self.log_mel.compute(samples, frames, &mut self.bands);
        let mut inputs = [0.0; INPUTS];
        let (near, averages) = inputs.split_at_mut(BANDS * OFFSETS.len());
        let (means, deviations) = averages.split_at_mut(BANDS);
        for frame in self.bands.chunks_exact(BANDS) {
            means.iter_mut().zip(frame).for_each(|(mean, value)| *mean += value / frames as f32);
        }
        for frame in self.bands.chunks_exact(BANDS) {
            for ((deviation, mean), value) in deviations.iter_mut().zip(&*means).zip(frame) {
                *deviation += (value - mean).powi(2) / frames as f32;
            }
        }
        deviations.iter_mut().for_each(|deviation| *deviation = deviation.sqrt());
        debug_assert_eq!(near.len(), BANDS * OFFSETS.len());
        for frame in 0..frames {
            for (out, offset) in inputs.chunks_exact_mut(BANDS).zip(OFFSETS) {
                let near = frame.saturating_add_signed(offset).min(frames - 1);
                out.copy_from_slice(&self.bands[near * BANDS..][..BANDS]);
            }
            take(&inputs);
        }
    }
}

/// One dense layer, `[outputs, inputs]` row-major.
struct Dense {
    weights: Vec<f32>,
    biases: Vec<f32>,
}

impl Dense {
    /// Reads a layer and gives the rest.
    fn read(bytes: &[u8], inputs: usize, outputs: usize) -> (Self, &[u8]) {
        let (mut weights, mut biases) = (Vec::with_capacity(inputs * outputs), Vec::with_capacity(outputs));
        let (units, rest) = bytes.split_at(outputs * (8 + inputs));
        for unit in units.chunks_exact(8 + inputs) {
            let number = |at: usize| f32::from_le_bytes([unit[at], unit[at + 1], unit[at + 2], unit[at + 3]]);
            biases.push(number(4));
            weights.extend(unit[8..].iter().map(|&weight| number(0) * f32::from(weight.cast_signed())));
        }
        (Self { weights, biases }, rest)
    }

    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn forward(&self, inputs: &[f32], outputs: &mut [f32]) {
        let rows = self.weights.chunks_exact(inputs.len());
        for ((output, row), bias) in outputs.iter_mut().zip(rows).zip(&self.biases) {
            *output = bias + dot(row, inputs);
        }
    }
}

/// The network with its weights.
pub struct Network {
    layers: [Dense; 3],
}

impl Default for Network {
    fn default() -> Self {
        Self::read(SHIPPED)
    }
}

impl Network {
    /// A network of other weights.
    pub fn read(bytes: &[u8; BYTES]) -> Self {
        let (first, rest) = Dense::read(bytes, INPUTS, LAYERS[0]);
        let (second, rest) = Dense::read(rest, LAYERS[0], LAYERS[1]);
        let (third, _) = Dense::read(rest, LAYERS[1], LAYERS[2]);
        Self { layers: [first, second, third] }
    }

    /// The probability that a frame is speech, by its inputs.
    pub fn score(&self, inputs: &[f32; INPUTS]) -> f32 {
        let mut first = [0.0; LAYERS[0]];
        let mut second = [0.0; LAYERS[1]];
        let mut odds = [0.0; LAYERS[2]];
        self.layers[0].forward(inputs, &mut first);
        first.iter_mut().for_each(|unit| *unit = unit.max(0.0));
        self.layers[1].forward(&first, &mut second);
        second.iter_mut().for_each(|unit| *unit = unit.max(0.0));
        self.layers[2].forward(&second, &mut odds);
        1.0 / (1.0 + (-odds[0]).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speech::FRAME;

    fn buzz(length: usize) -> Vec<f32> {
        (0..length).map(|n| 0.1 * (n as f32 * 0.3).sin() * (n as f32 * 0.001).sin()).collect()
    }

    #[test]
    fn inputs_are_the_neighbours_and_the_windows_averages() {
        let samples = buzz(40 * FRAME);
        let mut all = Vec::new();
        Frames::new(FRAME).each(&samples, 40, |inputs| all.push(*inputs));
        assert_eq!(all.len(), 40);
        let band = |frame: usize, offset: usize| &all[frame][offset * BANDS..][..BANDS];
        let here = OFFSETS.iter().position(|&offset| offset == 0).expect("the frame itself");
        for (frame, inputs) in all.iter().enumerate() {
            for (place, offset) in OFFSETS.iter().enumerate() {
                let near = frame.saturating_add_signed(*offset).min(39);
                assert_eq!(band(frame, place), band(near, here), "{frame} {offset}");
            }
            let mean = all.iter().map(|inputs| inputs[here * BANDS + 3]).sum::<f32>() / 40.0;
            assert!((inputs[OFFSETS.len() * BANDS + 3] - mean).abs() < 1e-3);
            let square = |inputs: &[f32; INPUTS]| (inputs[here * BANDS + 3] - mean).powi(2);
            let deviation = (all.iter().map(square).sum::<f32>() / 40.0).sqrt();
            assert!((inputs[(OFFSETS.len() + 1) * BANDS + 3] - deviation).abs() < 1e-3);
        }
        Frames::new(FRAME).each(&[], 0, |_| panic!("there is no frame"));
    }

    #[test]
    fn weights_are_read_as_they_are_written() {
        let mut bytes = [0; BYTES];
        let unit = |bytes: &mut [u8], at: usize, scale: f32, bias: f32, input: usize, weight: i8| {
            bytes[at..at + 4].copy_from_slice(&scale.to_le_bytes());
            bytes[at + 4..at + 8].copy_from_slice(&bias.to_le_bytes());
            bytes[at + 8 + input] = weight.cast_unsigned();
        };
        let second = LAYERS[0] * (8 + INPUTS);
        let third = second + LAYERS[1] * (8 + LAYERS[0]);
        // Unit 5 takes input 7, unit 2 of the next layer takes that, and the last takes this: 2 x - 1, then -3 of it.
        unit(&mut bytes, 5 * (8 + INPUTS), 0.5, -1.0, 7, 4);
        unit(&mut bytes, second + 2 * (8 + LAYERS[0]), 0.25, 0.0, 5, 4);
        unit(&mut bytes, third, 1.0, 0.5, 2, -3);
        let network = Network::read(&bytes);
        for (value, odds) in [(2.0, 0.5 - 3.0 * 3.0), (0.1, 0.5), (0.6, 0.5 - 3.0 * 0.2)] {
            let mut inputs = [0.0; INPUTS];
            inputs[7] = value;
            let expected = 1.0 / (1.0 + f32::exp(-odds));
            assert!((network.score(&inputs) - expected).abs() < 1e-6, "{value}");
        }
    }
}
