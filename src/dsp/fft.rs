//! The Fourier transform of real signals.

use std::f64::consts::TAU;

use rustfft::{Fft, FftDirection, algorithm::Radix4, num_complex::Complex};

use crate::{Error, Result};

/// The longest transform that [`RealFft::new`] accepts, samples.
const MAX_LEN: usize = 1 << 20;

/// A real-to-complex FFT of one length, with its tables and scratch.
///
/// `n` real samples are packed into `n / 2` complex ones, `z[k] = x[2k] + i x[2k + 1]`; with `Z` their transform,
/// `X[k] = (Z[k] + conj Z[n/2 - k]) / 2 - i w^k (Z[k] - conj Z[n/2 - k]) / 2` and `w = exp(-2 pi i / n)`
/// (Press et al., Numerical Recipes, 12.3.2). The complex transform is rustfft's `Radix4` used directly: its
/// planner would bring every other algorithm into the wasm module.
pub struct RealFft {
    half: Radix4<f64>,
    /// `-i w^k / 2` for k in `0..=n/4`.
    twiddles: Vec<Complex<f64>>,
    packed: Vec<Complex<f64>>,
    transformed: Vec<Complex<f64>>,
    scratch: Vec<Complex<f64>>,
}

impl RealFft {
    /// Plans a transform of `n` real samples.
    ///
    /// # Errors
    /// [`Error::Parameter`] unless `n` is a power of two from 2 to 2^20.
    pub fn new(n: usize) -> Result<Self> {
        if !n.is_power_of_two() || !(2..=MAX_LEN).contains(&n) {
            return Err(Error::Parameter {
                name: "n_fft",
                expected: format!("a power of two from 2 to {MAX_LEN}"),
                got: n.to_string(),
            });
        }
        Ok(Self::with_exponent(n.ilog2()))
    }

    /// Plans a transform of `2^exponent` samples, for an exponent of 1 to 20.
    pub(crate) fn with_exponent(exponent: u32) -> Self {
        let n = 1_usize << exponent.clamp(1, MAX_LEN.ilog2());
        let half = Radix4::new(n / 2, FftDirection::Forward);
        let twiddle = |k: usize| {
            let (sin, cos) = (TAU * k as f64 / n as f64).sin_cos();
            // -i (cos - i sin) / 2
            Complex::new(-0.5 * sin, -0.5 * cos)
        };
        Self {
            twiddles: (0..=n / 4).map(twiddle).collect(),
            packed: vec![Complex::default(); n / 2],
            transformed: vec![Complex::default(); n / 2],
            scratch: vec![Complex::default(); half.get_outofplace_scratch_len()],
            half,
        }
    }

    /// The samples that go in, `n`.
    #[expect(clippy::len_without_is_empty, reason = "a transform of no samples does not exist")]
    pub fn len(&self) -> usize {
        2 * self.packed.len()
    }

    /// The bins that come out, `n / 2 + 1`: from 0 Hz to half the sample rate.
    pub fn bins(&self) -> usize {
        self.packed.len() + 1
    }

    /// Transforms `samples` `[n]` into `spectrum` `[n / 2 + 1]`: `X[k] = sum x[j] exp(-2 pi i j k / n)`.
    ///
    /// # Errors
    /// [`Error::Parameter`] if either slice has another length.
    pub fn process(&mut self, samples: &[f64], spectrum: &mut [Complex<f64>]) -> Result<()> {
        check_length("samples", self.len(), samples.len())?;
        check_length("spectrum", self.bins(), spectrum.len())?;
        self.transform(samples.as_chunks().0.iter().copied());
        if let Some((last, rest)) = spectrum.split_last_mut() {
            self.unpack(rest, last, |bin| bin);
        }
        Ok(())
    }

    /// The power spectrum `[n / 2 + 1]` of windowed `samples` `[n]`, no bin above `max`.
    pub(crate) fn power(&mut self, samples: &[f32], window: &[f64], power: &mut [f32], max: f64) {
        let pairs = samples.as_chunks::<2>().0.iter().zip(window.as_chunks::<2>().0);
        self.transform(pairs.map(|(x, w)| [f64::from(x[0]) * w[0], f64::from(x[1]) * w[1]]));
        if let Some((last, rest)) = power.split_last_mut() {
            self.unpack(rest, last, |bin| {
                let power = bin.norm_sqr();
                (if power < max { power } else { max }) as f32
            });
        }
    }

    /// Transforms pairs of samples as complex numbers.
    fn transform(&mut self, pairs: impl Iterator<Item = [f64; 2]>) {
        for (packed, [re, im]) in self.packed.iter_mut().zip(pairs) {
            *packed = Complex::new(re, im);
        }
        self.half.process_outofplace_with_scratch(&mut self.packed, &mut self.transformed, &mut self.scratch);
    }

    /// Takes the real signal's bins out of the packed transform, through `finish`: bins `0..n/2` and the last.
    fn unpack<T>(&self, bins: &mut [T], last: &mut T, finish: impl Fn(Complex<f64>) -> T) {
        let z = &self.transformed;
        *last = finish(Complex::new(z[0].re - z[0].im, 0.0));
        bins[0] = finish(Complex::new(z[0].re + z[0].im, 0.0));
        let (z, bins) = (&z[1..], &mut bins[1..]);
        let middle = bins.len().div_ceil(2);
        let (low_bins, high_bins) = bins.split_at_mut(middle);
        // The middle bin, k = n/4, is its own partner.
        if let Some(middle_bin) = low_bins.last_mut() {
            *middle_bin = finish(z[middle - 1].conj());
        }
        let partners = z.iter().zip(z.iter().rev()).zip(&self.twiddles[1..]);
        for ((low_bin, high_bin), ((low, high), twiddle)) in
            low_bins.iter_mut().zip(high_bins.iter_mut().rev()).zip(partners)
        {
            let even = (low + high.conj()) * 0.5;
            let odd = (low - high.conj()) * twiddle;
            *low_bin = finish(even + odd);
            *high_bin = finish((even - odd).conj());
        }
    }
}

fn check_length(name: &'static str, expected: usize, got: usize) -> Result<()> {
    if expected == got {
        return Ok(());
    }
    Err(Error::Parameter { name, expected: format!("{expected} values"), got: got.to_string() })
}
