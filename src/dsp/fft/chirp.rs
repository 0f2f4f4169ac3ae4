//! Transforms of any length, by transforms of a power of two.

use std::f64::consts::PI;

use num_complex::Complex;

use super::{Half, Pair, Real, zero};
use crate::dsp::math;

/// A complex transform of a length that is no power of two.
///
/// With `j k = (j^2 + k^2 - (k - j)^2) / 2` it is a convolution with a chirp, `exp(i pi j^2 / len)`, between two products with
/// that chirp's conjugate (Bluestein, IEEE Transactions on Audio and Electroacoustics 18, 1970); the convolution is done by
/// transforms of the next power of two that holds it.
pub(super) struct Chirp<T> {
    half: Half<T>,
    /// `exp(-i pi j^2 / len)`, `[len]`.
    chirp: Vec<Complex<f64>>,
    /// The transform of its conjugate, mirrored and divided by the transform's length.
    kernel: Vec<Complex<T>>,
    work: Vec<Complex<T>>,
    spectrum: Vec<Complex<T>>,
}

impl<T: Real> Chirp<T> {
    /// Plans a transform of `len` values.
    pub fn new(len: usize) -> Self {
        let padded = (2 * len).next_power_of_two();
        let chirp: Vec<_> = (0..len)
            .map(|j| {
                // The square's whole turns are left out while it is whole: no digit is lost.
                let square = (j as u64).pow(2) % (2 * len as u64);
                let angle = PI * square as f64 / len as f64;
                Complex { re: math::cos(angle), im: -math::sin(angle) }
            })
            .collect();
        let mut plan = Self {
            half: Half::new(padded),
            chirp,
            kernel: Vec::new(),
            work: vec![zero(); padded],
            spectrum: vec![zero(); padded],
        };
        let scale = 1.0 / padded as f64;
        for (j, value) in plan.chirp.iter().enumerate() {
            let value = Complex { re: T::from(scale * value.re), im: T::from(-scale * value.im) };
            plan.work[j] = value;
            plan.work[(padded - j) % padded] = value;
        }
        plan.transform();
        plan.kernel = plan.spectrum.clone();
        plan
    }

    /// Transforms what `load` gives for each index of `transformed`.
    pub fn process(&mut self, load: impl Fn(usize) -> Complex<T>, transformed: &mut [Complex<T>]) {
        let (values, padding) = self.work.split_at_mut(self.chirp.len());
        for (index, (value, &factor)) in values.iter_mut().zip(&self.chirp).enumerate() {
            *value = load(index).times(factor);
        }
        padding.fill(zero());
        self.transform();
        // The inverse transform is the transform between two conjugations.
        for ((value, &a), &b) in self.work.iter_mut().zip(&self.spectrum).zip(&self.kernel) {
            *value = Complex { re: a.re * b.re - a.im * b.im, im: -(a.re * b.im + a.im * b.re) };
        }
        self.transform();
        for ((out, value), &factor) in transformed.iter_mut().zip(&self.spectrum).zip(&self.chirp) {
            *out = value.conjugate().times(factor);
        }
    }

    // One copy, however often it is asked for.
    #[inline(never)]
    fn transform(&mut self) {
        let work = &self.work;
        self.half.process(|index| work[index], &mut self.spectrum);
    }
}
