//! Batches where the network trains.

use burn::tensor::{Device, Tensor, TensorData};
use speech_emotion::{Emotion, features::STACK_CHANNELS, model::window::WINDOW_FRAMES};

use super::batch::Batch;

/// A batch where the network trains, each tensor of the shape that [`Batch`] says.
#[derive(Debug)]
pub struct Tensors {
    /// See [`Batch`].
    pub windows: Tensor<3>,
    /// See [`Batch`].
    pub targets: Tensor<2>,
    /// See [`Batch`].
    pub mask: Tensor<2>,
    /// None without a guide.
    pub guide: Option<Tensor<2>>,
    /// None where it isn't learnt.
    pub said: Option<Tensor<2>>,
}

impl Batch {
    /// The same on the device.
    pub fn on(self, device: &Device) -> Tensors {
        let size = self.size;
        let rows = |data: Vec<f32>| {
            let width = data.len() / size;
            (width > 0).then(|| Tensor::from_data(TensorData::new(data, [size, width]), device))
        };
        let classes = |data| Tensor::from_data(TensorData::new(data, [size, Emotion::COUNT]), device);
        let shape = [STACK_CHANNELS, size, WINDOW_FRAMES];
        Tensors {
            windows: Tensor::from_data(TensorData::new(self.windows, shape), device),
            targets: classes(self.targets),
            mask: classes(self.mask),
            guide: rows(self.guide),
            said: rows(self.said),
        }
    }
}
