//! The Fourier transform of real signals.

use std::f64::consts::TAU;

use rustfft::{Fft, FftDirection, FftNum, algorithm::Radix4, num_complex::Complex};

use super::wide::{WIDTH, Wide};
use crate::{Error, Result};

/// The longest transform that [`RealFft::new`] accepts, samples.
const MAX_LEN: usize = 1 << 20;

/// A real-to-complex FFT of one length, with its tables and scratch.
///
/// `n` real samples are packed into `n / 2` complex ones, `z[k] = x[2k] + i x[2k + 1]`; with `Z` their transform,
/// `X[k] = (Z[k] + conj Z[n/2 - k]) / 2 - i w^k (Z[k] - conj Z[n/2 - k]) / 2` and `w = exp(-2 pi i / n)`
/// (Press et al., Numerical Recipes, 12.3.2). The complex transform is rustfft's `Radix4` used directly: its
/// planner would bring every other algorithm into the wasm module.
pub struct RealFft(Core<f64>);

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
        Ok(Self(Core::new(n.ilog2())))
    }

    /// The samples that go in, `n`.
    #[expect(clippy::len_without_is_empty, reason = "a transform of no samples does not exist")]
    pub fn len(&self) -> usize {
        2 * self.0.packed.len()
    }

    /// The bins that come out, `n / 2 + 1`: from 0 Hz to half the sample rate.
    pub fn bins(&self) -> usize {
        self.0.packed.len() + 1
    }

    /// Transforms `samples` `[n]` into `spectrum` `[n / 2 + 1]`: `X[k] = sum x[j] exp(-2 pi i j k / n)`.
    ///
    /// # Errors
    /// [`Error::Parameter`] if either slice has another length.
    pub fn process(&mut self, samples: &[f64], spectrum: &mut [Complex<f64>]) -> Result<()> {
        check_length("samples", self.len(), samples.len())?;
        check_length("spectrum", self.bins(), spectrum.len())?;
        self.0.transform(samples.as_chunks().0.iter().copied());
        self.0.unpack(|bin, value| spectrum[bin] = value);
        Ok(())
    }
}

/// [`RealFft`] of [`WIDTH`] signals at once: each lane's bits are those that it gives of that signal alone.
pub(crate) struct WideRealFft(Core<Wide>);

impl WideRealFft {
    /// Plans transforms of `2^exponent` samples, for an exponent of 1 to 20.
    pub fn with_exponent(exponent: u32) -> Self {
        Self(Core::new(exponent.clamp(1, MAX_LEN.ilog2())))
    }

    /// The samples of each signal that go in, `n`.
    pub fn len(&self) -> usize {
        2 * self.0.packed.len()
    }

    /// The bins of each signal that come out, `n / 2 + 1`.
    pub fn bins(&self) -> usize {
        self.0.packed.len() + 1
    }

    /// Transforms `samples` `[n]`, and hands each bin's number and values to `take`, in no order.
    pub fn process(&mut self, samples: &[Wide], take: impl FnMut(usize, Complex<Wide>)) {
        self.0.transform(samples.as_chunks().0.iter().copied());
        self.0.unpack(take);
    }

    /// The same of `frames` `[n]` each under a `window` `[n]`.
    pub fn process_windowed(
        &mut self,
        frames: [&[f32]; WIDTH],
        window: &[f64],
        take: impl FnMut(usize, Complex<Wide>),
    ) {
        let frames = frames.map(|frame| frame.as_chunks::<2>().0);
        let pairs = window.as_chunks::<2>().0.iter().enumerate().map(|(pair, weights)| {
            let sample =
                |of: usize| Wide(std::array::from_fn(|lane| f64::from(frames[lane][pair][of]) * weights[of]));
            [sample(0), sample(1)]
        });
        self.0.transform(pairs);
        self.0.unpack(take);
    }
}

/// The transform, of numbers or of several side by side.
struct Core<T> {
    half: Radix4<T>,
    /// `-i w^k / 2` for k in `0..=n/4`.
    twiddles: Vec<Complex<f64>>,
    packed: Vec<Complex<T>>,
    transformed: Vec<Complex<T>>,
    scratch: Vec<Complex<T>>,
}

impl<T: FftNum + Default + From<f64>> Core<T> {
    fn new(exponent: u32) -> Self {
        let n = 1_usize << exponent;
        let half = Radix4::new(n / 2, FftDirection::Forward);
        let twiddle = |k: usize| {
            let (sin, cos) = (TAU * k as f64 / n as f64).sin_cos();
            // -i (cos - i sin) / 2
            Complex::new(-0.5 * sin, -0.5 * cos)
        };
        let zero = Complex::new(T::default(), T::default());
        Self {
            twiddles: (0..=n / 4).map(twiddle).collect(),
            packed: vec![zero; n / 2],
            transformed: vec![zero; n / 2],
            scratch: vec![zero; half.get_outofplace_scratch_len()],
            half,
        }
    }

    /// Transforms pairs of samples as complex numbers.
    fn transform(&mut self, pairs: impl Iterator<Item = [T; 2]>) {
        for (packed, [re, im]) in self.packed.iter_mut().zip(pairs) {
            *packed = Complex::new(re, im);
        }
        self.half.process_outofplace_with_scratch(&mut self.packed, &mut self.transformed, &mut self.scratch);
    }

    /// Takes the real signal's bins out of the packed transform, two at a time, from the outermost to the middle.
    fn unpack(&self, mut take: impl FnMut(usize, Complex<T>)) {
        let z = &self.transformed;
        let n = z.len();
        let half = T::from(0.5);
        take(0, Complex::new(z[0].re + z[0].im, T::default()));
        take(n, Complex::new(z[0].re - z[0].im, T::default()));
        let partners = z[1..].iter().zip(z[1..].iter().rev()).zip(&self.twiddles[1..]);
        for (bin, ((low, high), twiddle)) in partners.enumerate().take((n - 1) / 2) {
            let twiddle = Complex::new(T::from(twiddle.re), T::from(twiddle.im));
            let even = (low + high.conj()) * half;
            let odd = (low - high.conj()) * twiddle;
            take(bin + 1, even + odd);
            take(n - bin - 1, (even - odd).conj());
        }
        // The middle bin is its own partner.
        if n > 1 {
            take(n / 2, z[n / 2].conj());
        }
    }
}

fn check_length(name: &'static str, expected: usize, got: usize) -> Result<()> {
    if expected == got {
        return Ok(());
    }
    Err(Error::Parameter { name, expected: format!("{expected} values"), got: got.to_string() })
}
