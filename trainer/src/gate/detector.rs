//! The speech detector's training: a student of a larger detector.

use anyhow::Result;
use burn::{
    module::Module,
    nn::{Linear, LinearConfig},
    optim::{AdamWConfig, GradientsParams},
    tensor::{Device, Tensor, TensorData, activation},
};
use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use speech_emotion::speech::network::{INPUTS, LAYERS};

use super::Lesson;
use crate::train::schedule::one_cycle;

const BATCH: usize = 512;
const RATE: f64 = 3e-3;
/// The share of the passes in which the learning rate rises.
const WARM_UP: f64 = 0.25;
/// What frames of noise weigh in all, as much as those of speech.
const NOISE_SHARE: f32 = 0.5;

/// The three layers, ReLU between them.
#[derive(Module, Debug)]
pub struct Student {
    first: Linear,
    second: Linear,
    third: Linear,
}

impl Student {
    fn new(device: &Device) -> Self {
        let layer = |inputs, outputs| LinearConfig::new(inputs, outputs).init(device);
        Self {
            first: layer(INPUTS, LAYERS[0]),
            second: layer(LAYERS[0], LAYERS[1]),
            third: layer(LAYERS[1], LAYERS[2]),
        }
    }

    /// The log-odds of standardised inputs, `[batch, INPUTS]` -> `[batch, 1]`.
    fn forward(&self, inputs: Tensor<2>) -> Tensor<2> {
        let first = activation::relu(self.first.forward(inputs));
        self.third.forward(activation::relu(self.second.forward(first)))
    }
}

/// Trains on `lessons` for so many passes and gives the bytes that ship.
///
/// # Errors
/// When there is nothing to learn from.
pub fn teach(lessons: &[Lesson], epochs: usize, seed: u64, device: &Device) -> Result<Vec<u8>> {
    anyhow::ensure!(!lessons.is_empty(), "expected frames to learn from, got none");
    let (mean, deviation) = moments(lessons);
    let noise = lessons.iter().filter(|lesson| !lesson.speech).count().max(1) as f32;
    let weight_of = |lesson: &Lesson| {
        let count = if lesson.speech { lessons.len() as f32 - noise } else { noise };
        let share = if lesson.speech { 1.0 - NOISE_SHARE } else { NOISE_SHARE };
        share * lessons.len() as f32 / count.max(1.0)
    };
    let autodiff = device.clone().autodiff();
    autodiff.seed(seed);
    let mut student = Student::new(&autodiff);
    let mut optimizer = AdamWConfig::new().with_weight_decay(1e-3).init();
    let mut order: Vec<usize> = (0..lessons.len()).collect();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    for epoch in 0..epochs {
        order.shuffle(&mut rng);
        let mut total = 0.0;
        for (step, batch) in order.chunks(BATCH).enumerate() {
            let size = batch.len();
            let mut inputs = Vec::with_capacity(size * INPUTS);
            for &index in batch {
                let values = lessons[index].inputs.iter().zip(&mean).zip(&deviation);
                inputs.extend(values.map(|((value, mean), deviation)| (value - mean) / deviation));
            }
            let column = |of: &dyn Fn(&Lesson) -> f32| {
                let values: Vec<f32> = batch.iter().map(|&index| of(&lessons[index])).collect();
                Tensor::<2>::from_data(TensorData::new(values, [size, 1]), &autodiff)
            };
            let odds = student.forward(Tensor::from_data(TensorData::new(inputs, [size, INPUTS]), &autodiff));
            // Cross-entropy of the teacher's probability t and the odds z: softplus(z) - t z.
            let each = activation::softplus(odds.clone(), 1.0) - column(&|lesson| lesson.target) * odds;
            let loss = (each * column(&weight_of)).mean();
            total += f64::from(loss.clone().into_scalar::<f32>()) * size as f64;
            let gradients = GradientsParams::from_grads(loss.backward(), &student);
            let progress = (epoch as f64 + (step * BATCH) as f64 / lessons.len() as f64) / epochs as f64;
            student = optimizer.step(one_cycle(progress, WARM_UP, RATE, 1e-3), student, gradients);
        }
        println!("epoch {:>2}/{epochs}  loss {:.4}", epoch + 1, total / lessons.len() as f64);
    }
    Ok(written(&student, &mean, &deviation))
}

/// The mean and the deviation of every input.
fn moments(lessons: &[Lesson]) -> (Vec<f32>, Vec<f32>) {
    let count = lessons.len() as f64;
    let of = |value: &dyn Fn(&Lesson, usize) -> f64| -> Vec<f64> {
        (0..INPUTS).map(|n| lessons.iter().map(|lesson| value(lesson, n)).sum::<f64>() / count).collect()
    };
    let mean = of(&|lesson, n| f64::from(lesson.inputs[n]));
    let variance = of(&|lesson, n| (f64::from(lesson.inputs[n]) - mean[n]).powi(2));
    let deviation = variance.iter().map(|variance| variance.sqrt().max(1e-3) as f32).collect();
    (mean.iter().map(|&mean| mean as f32).collect(), deviation)
}

/// The layers as the library reads them, the standardisation worked into the first.
fn written(student: &Student, mean: &[f32], deviation: &[f32]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (number, layer) in [&student.first, &student.second, &student.third].into_iter().enumerate() {
        let [inputs, outputs] = layer.weight.dims();
        let weights: Vec<f32> = layer.weight.val().into_data().iter::<f32>().collect();
        let biases: Vec<f32> = layer
            .bias
            .iter()
            .flat_map(|bias| bias.val().into_data().iter::<f32>().collect::<Vec<_>>())
            .collect();
        for output in 0..outputs {
            let mut unit: Vec<f32> = (0..inputs).map(|input| weights[input * outputs + output]).collect();
            let mut bias = biases[output];
            if number == 0 {
                unit.iter_mut().zip(deviation).for_each(|(weight, deviation)| *weight /= deviation);
            }
            let scale = unit.iter().map(|weight| weight.abs()).fold(1e-12, f32::max) / 127.0;
            let rounded: Vec<i8> = unit.iter().map(|weight| (weight / scale).round() as i8).collect();
            if number == 0 {
                // Of the rounded weights: a mean of -60 dB would multiply what the rounding takes.
                bias -= rounded.iter().zip(mean).map(|(&w, mean)| f32::from(w) * scale * mean).sum::<f32>();
            }
            bytes.extend(scale.to_le_bytes());
            bytes.extend(bias.to_le_bytes());
            bytes.extend(rounded.iter().map(|weight| weight.cast_unsigned()));
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use rand::RngExt;
    use speech_emotion::speech::network::Network;

    use super::*;

    #[test]
    fn a_student_learns_what_it_is_taught() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let lessons: Vec<Lesson> = (0..4_000)
            .map(|_| {
                let mut inputs = Box::new([0.0; INPUTS]);
                inputs.iter_mut().for_each(|value| *value = rng.random_range(-40.0..0.0));
                let speech = rng.random_bool(0.5);
                // Louder in the middle frame.
                inputs[120..144].iter_mut().for_each(|value| *value += if speech { 10.0 } else { 0.0 });
                Lesson { fold: 0, speech, inputs, target: if speech { 0.95 } else { 0.0 } }
            })
            .collect();
        let (test, training) = lessons.split_at(500);
        let bytes = teach(training, 10, 1, &crate::backend::device()).unwrap();
        let student = Network::read(&bytes.as_slice().try_into().unwrap());
        let right =
            test.iter().filter(|lesson| (student.score(&lesson.inputs) > 0.5) == lesson.speech).count();
        assert!(right > 475, "{right} of 500");
        assert!(teach(&[], 1, 1, &crate::backend::device()).is_err());
    }
}
