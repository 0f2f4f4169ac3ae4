//! rustfft's transform.

use num_complex::Complex;
use rustfft::{Fft, FftDirection, FftNum, algorithm::Radix4};

use super::{Real, zero};

/// What rustfft asks of what it transforms.
pub(crate) trait Number: FftNum {}

impl<T: FftNum> Number for T {}

/// A complex transform of one length.
pub(super) struct Half<T> {
    plan: Radix4<T>,
    packed: Vec<Complex<T>>,
    scratch: Vec<Complex<T>>,
}

impl<T: Real> Half<T> {
    /// Plans a transform of `len` values, a power of two.
    pub fn new(len: usize) -> Self {
        let plan = Radix4::new(len, FftDirection::Forward);
        Self { packed: vec![zero(); len], scratch: vec![zero(); plan.get_outofplace_scratch_len()], plan }
    }

    /// Transforms what `load` gives for each index of `transformed`.
    #[inline(always)]
    pub fn process(&mut self, load: impl Fn(usize) -> Complex<T>, transformed: &mut [Complex<T>]) {
        for (index, packed) in self.packed.iter_mut().enumerate() {
            *packed = load(index);
        }
        self.plan.process_outofplace_with_scratch(&mut self.packed, transformed, &mut self.scratch);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::fft::small;

    /// The module of the features alone computes as every other module does.
    #[test]
    fn the_small_transform_has_the_same_bits() {
        for exponent in 0..=12 {
            let len = 1 << exponent;
            let load = |index: usize| {
                let x = index as f64;
                Complex { re: (x * 0.7).sin() + 0.01 * x, im: (x * x * 0.3).cos() }
            };
            let (mut ours, mut theirs) = (vec![zero::<f64>(); len], vec![zero::<f64>(); len]);
            small::Half::new(len).process(load, &mut ours);
            Half::new(len).process(load, &mut theirs);
            let bits = |values: &[Complex<f64>]| -> Vec<[u64; 2]> {
                values.iter().map(|value| [value.re.to_bits(), value.im.to_bits()]).collect()
            };
            assert_eq!(bits(&ours), bits(&theirs), "{len} values");
        }
    }
}
