//! A training step of the network that ships, and an answer to one window, and nothing beside them: what
//! `node bench/train/compare.mjs` holds against PyTorch's. Prints windows a second and milliseconds as JSON.

use std::time::Instant;

use burn::{
    optim::{AdamWConfig, GradientsParams},
    tensor::{Distribution, Tensor, activation},
};
use speech_emotion::{
    Emotion,
    features::STACK_CHANNELS,
    model::{NetworkConfig, window::WINDOW_FRAMES},
};

/// As the trainer does: steps make and drop a hundred tensors of megabytes.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const BATCH: usize = 64;
const WARM_UP: usize = 3;
const STEPS: usize = 30;
const ANSWERS: usize = 501;

fn main() {
    let device = trainer::backend::device().autodiff();
    let mut network = NetworkConfig::compact().init(&device);
    let mut optimizer = AdamWConfig::new().with_weight_decay(0.02).init();
    let normal = Distribution::Normal(0.0, 1.0);
    let windows = Tensor::<3>::random([STACK_CHANNELS, BATCH, WINDOW_FRAMES], normal, &device);
    let targets = activation::softmax(Tensor::<2>::random([BATCH, Emotion::COUNT], normal, &device), 1);
    let mut start = Instant::now();
    for step in 0..WARM_UP + STEPS {
        if step == WARM_UP {
            start = Instant::now();
        }
        let logits = network.forward(windows.clone());
        let loss = (targets.clone() * activation::log_softmax(logits, 1)).sum_dim(1).mean().neg();
        let value: f32 = loss.clone().into_scalar();
        assert!(value.is_finite(), "{value}");
        let gradients = GradientsParams::from_grads(loss.backward(), &network);
        network = optimizer.step(1e-3, network, gradients);
    }
    let rate = (STEPS * BATCH) as f64 / start.elapsed().as_secs_f64();
    println!("{{\"windows_per_second\": {rate:.1}, \"inference_ms\": {:.4}}}", inference());
}

/// Milliseconds for one window, by the library as it ships: the median.
fn inference() -> f64 {
    let network = NetworkConfig::compact().init_folded(&speech_emotion::model::device()).into_inference();
    let mut scratch = network.scratch();
    let window: Vec<f32> = (0..STACK_CHANNELS * WINDOW_FRAMES).map(|n| (n as f32 * 0.7).sin()).collect();
    let mut times: Vec<f64> = (0..ANSWERS)
        .map(|_| {
            let start = Instant::now();
            assert!(network.logits(&window, &mut scratch).is_ok());
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[ANSWERS / 2]
}
