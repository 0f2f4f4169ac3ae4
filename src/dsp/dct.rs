//! The cosine transform behind the MFCC.

use std::f64::consts::PI;

use super::{filters::Filters, lanes::dot, math};
use crate::{Error, Result};

/// What the coefficients of a [`Dct`] are scaled by: librosa's `norm` of `mfcc`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum DctNorm {
    /// Whatever makes the transform orthonormal, librosa's `ortho`.
    #[default]
    Ortho,
    /// Nothing, librosa's `None`: twice the sum of products.
    None,
}

/// A cosine transform of one length, its first coefficients alone.
///
/// Of type 2 and orthonormal `X[k] = s_k sum x[i] cos(pi k (2 i + 1) / (2 n))` with `s_0 = sqrt(1 / n)` and else
/// `sqrt(2 / n)`: `scipy.fft.dct(x, type=2, norm="ortho")`. A product with a small matrix, which for 20 of 128
/// coefficients costs less than a fast transform.
pub struct Dct {
    inputs: usize,
    /// `[outputs, inputs]`
    basis: Vec<f32>,
}

impl Dct {
    /// Plans the first `outputs` coefficients of `inputs` values, of type 2 and orthonormal.
    ///
    /// # Errors
    /// [`Error::Parameter`] unless `1 <= outputs <= inputs <= 4096`.
    pub fn new(inputs: usize, outputs: usize) -> Result<Self> {
        Self::with_type(inputs, outputs, 2, DctNorm::Ortho)
    }

    /// The same of any of scipy's types 1, 2 and 3.
    ///
    /// # Errors
    /// As [`Self::new`], and [`Error::Parameter`] for another type, and for type 1 of a single value.
    pub fn with_type(inputs: usize, outputs: usize, dct_type: usize, norm: DctNorm) -> Result<Self> {
        if !(1..=4096).contains(&inputs) || !(1..=inputs).contains(&outputs) {
            return Err(Error::Parameter {
                name: "dct",
                expected: "1 <= outputs <= inputs <= 4096".into(),
                got: format!("{outputs} outputs of {inputs} inputs"),
            });
        }
        if !(1..=3).contains(&dct_type) || dct_type == 1 && inputs == 1 {
            return Err(Error::Parameter {
                name: "dct_type",
                expected: "1 of two values or more, 2 or 3".into(),
                got: format!("{dct_type} of {inputs} inputs"),
            });
        }
        Ok(Self::build(inputs, outputs, dct_type, norm))
    }

    /// [`Self::with_type`] for what is known to be right.
    pub(crate) fn build(inputs: usize, outputs: usize, dct_type: usize, norm: DctNorm) -> Self {
        // The length that angles are shares of: of type 1 the last value lies on its end.
        let n = if dct_type == 1 { inputs - 1 } else { inputs } as f64;
        // The first and, of type 1, the last count for half, of which orthonormal transforms take the root.
        let half = if norm == DctNorm::Ortho { 0.5_f64.sqrt() } else { 0.5 };
        let is_end = |index: usize| index == 0 || dct_type == 1 && index + 1 == inputs;
        let weight = |index: usize| if is_end(index) { half } else { 1.0 };
        let value = |k: usize, i: usize| {
            let (angle, share) = match dct_type {
                1 => (PI * (k * i) as f64 / n, weight(i)),
                2 => (PI * k as f64 * (2 * i + 1) as f64 / (2.0 * n), 1.0),
                _ => (PI * i as f64 * (2 * k + 1) as f64 / (2.0 * n), weight(i)),
            };
            let scale = match norm {
                DctNorm::None => 2.0,
                DctNorm::Ortho if dct_type == 2 && k == 0 => (1.0 / n).sqrt(),
                DctNorm::Ortho if dct_type == 1 => (2.0 / n).sqrt() * weight(k),
                DctNorm::Ortho => (2.0 / n).sqrt(),
            };
            (scale * math::cos(angle) * share) as f32
        };
        let basis = (0..outputs).flat_map(|k| (0..inputs).map(move |i| (k, i))).map(|(k, i)| value(k, i));
        Self { inputs, basis: basis.collect() }
    }

    /// Transforms `values` `[inputs]` into `coefficients` `[outputs]`. Coefficients past the planned ones are
    /// left alone, and values past the planned inputs are not read.
    pub fn process(&self, values: &[f32], coefficients: &mut [f32]) {
        for (coefficient, row) in coefficients.iter_mut().zip(self.basis.chunks_exact(self.inputs)) {
            *coefficient = dot(row, values);
        }
    }

    /// The same coefficients of several frames at once.
    pub(crate) fn filters(&self) -> Filters {
        let mut filters = Filters::new();
        let rows = self.basis.chunks_exact(self.inputs);
        rows.for_each(|row| filters.push(self.inputs, std::iter::once((0, row))));
        filters
    }
}
