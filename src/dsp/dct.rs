//! The cosine transform behind the MFCC.

use std::f64::consts::PI;

use super::lanes::dot;
use crate::{Error, Result};

/// The orthonormal DCT-II of one length, its first coefficients alone.
///
/// `X[k] = s_k sum x[i] cos(pi k (2 i + 1) / (2 n))` with `s_0 = sqrt(1 / n)` and else `sqrt(2 / n)`:
/// `scipy.fft.dct(x, type=2, norm="ortho")`. A product with a small matrix, which for 20 of 128 coefficients
/// costs less than a fast transform.
pub struct Dct {
    inputs: usize,
    /// `[outputs, inputs]`
    basis: Vec<f32>,
}

impl Dct {
    /// Plans the first `outputs` coefficients of `inputs` values.
    ///
    /// # Errors
    /// [`Error::Parameter`] unless `1 <= outputs <= inputs <= 4096`.
    pub fn new(inputs: usize, outputs: usize) -> Result<Self> {
        if !(1..=4096).contains(&inputs) || !(1..=inputs).contains(&outputs) {
            return Err(Error::Parameter {
                name: "dct",
                expected: "1 <= outputs <= inputs <= 4096".into(),
                got: format!("{outputs} outputs of {inputs} inputs"),
            });
        }
        Ok(Self::build(inputs, outputs))
    }

    /// [`Self::new`] for lengths that are known to be right.
    pub(crate) fn build(inputs: usize, outputs: usize) -> Self {
        let n = inputs as f64;
        let mut basis = Vec::with_capacity(outputs * inputs);
        for k in 0..outputs {
            let scale = if k == 0 { (1.0 / n).sqrt() } else { (2.0 / n).sqrt() };
            basis.extend(
                (0..inputs).map(|i| (scale * (PI * k as f64 * (2 * i + 1) as f64 / (2.0 * n)).cos()) as f32),
            );
        }
        Self { inputs, basis }
    }

    /// Transforms `values` `[inputs]` into `coefficients` `[outputs]`. Coefficients past the planned ones are
    /// left alone, and values past the planned inputs are not read.
    pub fn process(&self, values: &[f32], coefficients: &mut [f32]) {
        for (coefficient, row) in coefficients.iter_mut().zip(self.basis.chunks_exact(self.inputs)) {
            *coefficient = dot(row, values);
        }
    }
}
