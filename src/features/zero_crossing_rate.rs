//! Zero crossings.

use std::ops::Range;

use super::{framing::Framing, hops::frame_sums};

/// What counts as a crossing: samples down to `threshold` count as zero, and zero as positive, or with `zero_pos` false as a
/// sign of its own.
#[derive(Clone, Copy)]
pub(super) struct Crossing {
    pub threshold: f32,
    pub zero_pos: bool,
}

impl Crossing {
    /// librosa's presets.
    pub const PRESET: Self = Self { threshold: 1e-10, zero_pos: true };

    /// The sign changes between neighbours.
    fn count(self, samples: &[f32]) -> u32 {
        let pairs = samples.iter().zip(samples.get(1..).unwrap_or_default());
        // One loop each, which the compiler does side by side.
        if self.zero_pos {
            pairs.map(|(&a, &b)| u32::from(self.negative(a) != self.negative(b))).sum()
        } else {
            pairs.map(|(&a, &b)| u32::from(self.sign(a) != self.sign(b))).sum()
        }
    }

    fn between(self, a: f32, b: f32) -> u32 {
        self.count(&[a, b])
    }

    fn negative(self, sample: f32) -> bool {
        sample < -self.threshold
    }

    fn sign(self, sample: f32) -> i32 {
        i32::from(sample > self.threshold) - i32::from(sample < -self.threshold)
    }
}

/// `librosa.feature.zero_crossing_rate(y, frame_length, hop_length)`: sign changes between neighbours in the
/// frame, a share of the frame's length.
///
/// `inside` are the samples within the clip: what lies around it repeats the outermost sample, and never crosses zero.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(super) fn zero_crossing_rate(inside: &[f32], n_fft: usize, crossing: Crossing) -> f32 {
    rate(crossing.count(inside), n_fft)
}

/// The same of some frames.
pub(super) fn zero_crossing_rates(
    clip: &[f32],
    framing: Framing,
    frames: Range<usize>,
    crossing: Crossing,
    column: &mut [f32],
) {
    let count = |samples: &[f32]| crossing.count(samples);
    let between = |a, b| crossing.between(a, b);
    let rate = |crossings| rate(crossings, framing.frame_length);
    frame_sums(framing, clip, frames, count, between, column, rate);
}

fn rate(crossings: u32, n_fft: usize) -> f32 {
    (f64::from(crossings) / n_fft as f64) as f32
}
