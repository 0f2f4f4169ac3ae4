//! One real signal at a time, by the algorithm that rustfft chooses for the machine: with AVX where there is AVX.

use std::{f64::consts::TAU, sync::Arc};

use num_complex::Complex;
use rustfft::{Fft, FftPlanner};

use super::{PowerFft, WideRealFft, saturated};
use crate::dsp::wide::WIDTH;

/// Bins that are unpacked at once.
const BLOCK: usize = 4;

/// Pairs of samples that are packed at once: of fewer, the compiler takes the real and imaginary parts apart only to put them
/// together again.
const PAIRS: usize = 8;

/// The power spectra of real signals natively. A signal and its transform stay in the processor's first cache, which
/// those of [`WIDTH`] signals side by side do not, and the planner's algorithms use registers that a program built for
/// any x86-64 has to ask for at run time. Packed and unpacked as by [`super::RealFft`], with other roundings of f64.
pub(crate) struct PlannedFft {
    /// What the machine can do.
    arch: pulp::Arch,
    plan: Arc<dyn Fft<f64>>,
    /// `-i w^k` for k below `n / 4`, real and imaginary parts apart.
    twiddles: Vec<[[f64; BLOCK]; 2]>,
    packed: Vec<Complex<f64>>,
    /// The transform, and its first value once more behind it.
    transformed: Vec<Complex<f64>>,
    scratch: Vec<Complex<f64>>,
}

/// The transform natively: by the planner where its blocks fit, else as in wasm.
pub(crate) enum NativeFft {
    Planned(PlannedFft),
    Wide(WideRealFft),
}

impl PowerFft for NativeFft {
    fn with_len(len: usize) -> Self {
        if len.is_multiple_of(2 * PAIRS) {
            Self::Planned(PlannedFft::new(len / 2))
        } else {
            Self::Wide(WideRealFft::with_len(len))
        }
    }

    fn scale(&self) -> f64 {
        match self {
            // What the packing's formula halves.
            Self::Planned(_) => 0.5,
            Self::Wide(fft) => fft.scale(),
        }
    }

    fn power(&mut self, frames: [&[f32]; WIDTH], count: usize, window: &[f64], power: &mut [f32]) {
        match self {
            Self::Planned(fft) => fft.power(frames, count, window, power),
            Self::Wide(fft) => fft.power(frames, count, window, power),
        }
    }
}

impl PlannedFft {
    /// Plans transforms of `2 half` samples, a multiple of `2 PAIRS`.
    fn new(half: usize) -> Self {
        let plan = FftPlanner::new().plan_fft_forward(half);
        let angle = |k: usize| TAU * k as f64 / (2 * half) as f64;
        // -i (cos - i sin)
        let block = |block: usize| {
            let angles: [f64; BLOCK] = std::array::from_fn(|i| angle(block * BLOCK + i));
            [angles.map(|angle| -angle.sin()), angles.map(|angle| -angle.cos())]
        };
        Self {
            twiddles: (0..half / 2 / BLOCK).map(block).collect(),
            packed: vec![Complex::default(); half],
            transformed: vec![Complex::default(); half + 1],
            scratch: vec![Complex::default(); plan.get_outofplace_scratch_len()],
            plan,
            arch: pulp::Arch::new(),
        }
    }

    fn power(&mut self, frames: [&[f32]; WIDTH], count: usize, window: &[f64], power: &mut [f32]) {
        let arch = self.arch;
        arch.dispatch(Power { fft: self, frames, count, window, power });
    }

    #[inline(always)]
    fn power_of(&mut self, frames: [&[f32]; WIDTH], count: usize, window: &[f64], power: &mut [f32]) {
        let half = self.packed.len();
        let rows = power.chunks_exact_mut(half + 1);
        for (frame, power) in frames.into_iter().zip(rows).take(count) {
            let samples = frame.as_chunks::<{ 2 * PAIRS }>().0.iter();
            let weighted = samples.zip(window.as_chunks::<{ 2 * PAIRS }>().0);
            let packed = self.packed.as_chunks_mut::<PAIRS>().0.iter_mut();
            for (packed, (samples, weights)) in packed.zip(weighted) {
                let product = |i: usize| f64::from(samples[i]) * weights[i];
                *packed = std::array::from_fn(|i| Complex::new(product(2 * i), product(2 * i + 1)));
            }
            let transformed = &mut self.transformed[..half];
            self.plan.process_outofplace_with_scratch(&mut self.packed, transformed, &mut self.scratch);
            self.transformed[half] = self.transformed[0];
            unpack(&self.transformed, &self.twiddles, power);
        }
    }
}

/// [`PlannedFft::power`] as a task for the widest registers that the machine has: a twentieth less time for a clip's
/// features, and the same bits, since nothing is fused.
struct Power<'a> {
    fft: &'a mut PlannedFft,
    frames: [&'a [f32]; WIDTH],
    count: usize,
    window: &'a [f64],
    power: &'a mut [f32],
}

impl pulp::NullaryFnOnce for Power<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.fft.power_of(self.frames, self.count, self.window, self.power);
    }
}

/// The power of the real signal's bins, `[n / 2 + 1]`: from the outermost to the middle, a block from below and the
/// one from above that mirrors it.
#[inline(always)]
fn unpack(z: &[Complex<f64>], twiddles: &[[[f64; BLOCK]; 2]], power: &mut [f32]) {
    let middle = z.len() / 2;
    let (low, rest) = power.split_at_mut(middle);
    let (centre, high) = rest.split_at_mut(1);
    centre[0] = saturated(4.0 * z[middle].norm_sqr());
    let out = low.as_chunks_mut::<BLOCK>().0.iter_mut().zip(high.as_chunks_mut::<BLOCK>().0.iter_mut().rev());
    let values =
        z[..middle].as_chunks::<BLOCK>().0.iter().zip(z[middle + 1..].as_chunks::<BLOCK>().0.iter().rev());
    for (((low_out, high_out), (low, high)), [re, im]) in out.zip(values).zip(twiddles) {
        // Part by part, which the compiler does side by side.
        let of = |value: &dyn Fn(usize) -> f64| -> [f64; BLOCK] { std::array::from_fn(value) };
        let (a, b) = (of(&|i| low[i].re), of(&|i| high[BLOCK - 1 - i].re));
        let (c, d) = (of(&|i| low[i].im), of(&|i| high[BLOCK - 1 - i].im));
        let (even_re, odd_re) = (of(&|i| a[i] + b[i]), of(&|i| a[i] - b[i]));
        let (even_im, odd_im) = (of(&|i| c[i] - d[i]), of(&|i| c[i] + d[i]));
        let turned_re = of(&|i| odd_re[i] * re[i] - odd_im[i] * im[i]);
        let turned_im = of(&|i| odd_re[i] * im[i] + odd_im[i] * re[i]);
        let square = |x: f64| x * x;
        let below = of(&|i| square(even_re[i] + turned_re[i]) + square(even_im[i] + turned_im[i]));
        let above = of(&|i| square(even_re[i] - turned_re[i]) + square(even_im[i] - turned_im[i]));
        *low_out = below.map(saturated);
        *high_out = std::array::from_fn(|i| saturated(above[BLOCK - 1 - i]));
    }
}
