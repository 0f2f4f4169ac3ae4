//! The Fourier transform of real signals.

mod chirp;
#[cfg(all(feature = "rustfft", not(target_arch = "wasm32")))]
mod planned;
#[cfg(feature = "rustfft")]
mod radix;
#[cfg(any(test, not(feature = "rustfft")))]
mod small;

use std::{
    f64::consts::TAU,
    ops::{Add, Mul, Neg, Sub},
};

use chirp::Chirp;
use num_complex::Complex;
#[cfg(feature = "rustfft")]
use radix::{Half, Number};
#[cfg(not(feature = "rustfft"))]
use small::{Half, Number};

use super::{
    math,
    wide::{Lane, WIDTH, Wide},
};
use crate::{Error, Result};

/// The transform behind the features of frames: whatever is fastest.
#[cfg(all(feature = "rustfft", not(target_arch = "wasm32")))]
pub(crate) type FastFft = planned::NativeFft;
/// The transform behind the features of frames: whatever is fastest.
#[cfg(not(all(feature = "rustfft", not(target_arch = "wasm32"))))]
pub(crate) type FastFft = WideRealFft;

/// Power above this saturates, so that sums over it stay finite in f32. It takes samples of 1e10 and more to
/// get there.
const MAX_POWER: f64 = 1e30;

/// The longest transform that [`RealFft::new`] accepts, samples.
const MAX_LEN: usize = 1 << 20;

/// A real-to-complex FFT of one length, with its tables and scratch.
///
/// An even number `n` of real samples is packed into `n / 2` complex ones, `z[k] = x[2k] + i x[2k + 1]`; with `Z` their transform,
/// `X[k] = (Z[k] + conj Z[n/2 - k]) / 2 - i w^k (Z[k] - conj Z[n/2 - k]) / 2` and `w = exp(-2 pi i / n)`
/// (Press et al., Numerical Recipes, 12.3.2).
///
/// The complex transform is rustfft's `Radix4` used directly: its planner would bring every other algorithm into the
/// wasm module. Without the feature `rustfft` it is one of our own with the same operations, a fifth of the code. Lengths
/// that are no power of two go through it by way of a convolution (Bluestein 1970).
pub struct RealFft(Core<f64>);

impl RealFft {
    /// Plans a transform of `n` real samples.
    ///
    /// # Errors
    /// [`Error::Parameter`] unless `n` is 2 to 2^20.
    pub fn new(n: usize) -> Result<Self> {
        if (2..=MAX_LEN).contains(&n) {
            return Ok(Self(Core::new(n)));
        }
        let expected = format!("2 to {MAX_LEN}");
        Err(Error::Parameter { name: "n_fft", expected, got: n.to_string() })
    }

    /// The samples that go in, `n`.
    #[expect(clippy::len_without_is_empty, reason = "a transform of no samples does not exist")]
    pub fn len(&self) -> usize {
        self.0.len
    }

    /// The bins that come out, `n / 2 + 1`: from 0 Hz to half the sample rate, or where `n` is odd half a bin below it.
    pub fn bins(&self) -> usize {
        self.0.len / 2 + 1
    }

    /// Transforms `samples` `[n]` into `spectrum` `[n / 2 + 1]`: `X[k] = sum x[j] exp(-2 pi i j k / n)`.
    ///
    /// # Errors
    /// [`Error::Parameter`] if either slice has another length.
    pub fn process(&mut self, samples: &[f64], spectrum: &mut [Complex<f64>]) -> Result<()> {
        check_length("samples", self.len(), samples.len())?;
        check_length("spectrum", self.bins(), spectrum.len())?;
        let pairs = samples.as_chunks::<2>().0;
        self.0
            .transform(|index| Complex { re: pairs[index][0], im: pairs[index][1] }, |index| samples[index]);
        self.0.unpack(|bin, value| spectrum[bin] = value);
        Ok(())
    }
}

/// The power spectra of frames.
pub(crate) trait PowerFft {
    /// Plans transforms of `len` samples, at least 2.
    fn with_len(len: usize) -> Self;

    /// What the window is to be multiplied by.
    fn scale(&self) -> f64;

    /// `|X|^2`, `[WIDTH, n / 2 + 1]`, of the first `count` of the `frames` `[n]` under a scaled `window` `[n]`, saturated at
    /// 1e30.
    fn power(&mut self, frames: [&[f32]; WIDTH], count: usize, window: &[f64], power: &mut [f32]);
}

/// The rows of spectra that lie one after another.
pub(crate) fn rows(spectra: &[f32]) -> [&[f32]; WIDTH] {
    let bins = spectra.len() / WIDTH;
    std::array::from_fn(|lane| &spectra[lane * bins..][..bins])
}

/// The same, to write.
fn rows_mut(spectra: &mut [f32]) -> [&mut [f32]; WIDTH] {
    let mut rows = spectra.chunks_exact_mut((spectra.len() / WIDTH).max(1));
    std::array::from_fn(|_| rows.next().unwrap_or_default())
}

#[inline(always)]
fn saturated(power: f64) -> f32 {
    (if power < MAX_POWER { power } else { MAX_POWER }) as f32
}

/// [`RealFft`] of [`WIDTH`] signals at once: each lane's bits are those that it gives of that signal alone. Of f32 where what
/// lies 120 dB below the strongest is nothing: half the time.
pub(crate) struct WideRealFft<T: Lane = f64>(Core<Wide<T>>);

impl<T: Lane> PowerFft for WideRealFft<T> {
    fn with_len(len: usize) -> Self {
        Self(Core::new(len))
    }

    fn scale(&self) -> f64 {
        1.0
    }

    fn power(&mut self, frames: [&[f32]; WIDTH], _: usize, window: &[f64], power: &mut [f32]) {
        let mut rows = rows_mut(power);
        self.process_windowed(frames, window, |bin, value| {
            let power = (value.re * value.re + value.im * value.im).lanes();
            for (row, power) in rows.iter_mut().zip(power) {
                row[bin] = saturated(power.exact());
            }
        });
    }
}

impl<T: Lane> WideRealFft<T> {
    /// The samples of each signal that go in, `n`.
    pub fn len(&self) -> usize {
        self.0.len
    }

    /// Transforms `samples` `[n]`, and hands each bin's number and values to `take`, in no order.
    pub fn process(&mut self, samples: &[Wide<T>], take: impl FnMut(usize, Complex<Wide<T>>)) {
        self.transform(samples);
        self.0.unpack(take);
    }

    /// The same of `frames` `[n]` each under a `window` `[n]`.
    pub fn process_windowed(
        &mut self,
        frames: [&[f32]; WIDTH],
        window: &[f64],
        take: impl FnMut(usize, Complex<Wide<T>>),
    ) {
        self.transform_windowed(frames, window);
        self.0.unpack(take);
    }

    // One copy of each, whatever its callers take.
    #[inline(never)]
    fn transform(&mut self, samples: &[Wide<T>]) {
        let pairs = &samples.as_chunks::<2>().0[..self.0.len / 2];
        self.0
            .transform(|index| Complex { re: pairs[index][0], im: pairs[index][1] }, |index| samples[index]);
    }

    #[inline(never)]
    fn transform_windowed(&mut self, frames: [&[f32]; WIDTH], window: &[f64]) {
        let weights = &window.as_chunks::<2>().0[..self.0.len / 2];
        let pairs = frames.map(|frame| &frame.as_chunks::<2>().0[..weights.len()]);
        self.0.transform(
            |index| {
                let weights = weights[index];
                let [a, b, c, d] = [pairs[0][index], pairs[1][index], pairs[2][index], pairs[3][index]];
                let samples = |of: usize| Wide::new([a[of], b[of], c[of], d[of]].map(T::widened));
                Complex { re: samples(0) * weights[0].into(), im: samples(1) * weights[1].into() }
            },
            |index| Wide::new(frames.map(|frame| T::widened(frame[index]))) * window[index].into(),
        );
    }
}

/// What is transformed: numbers, or several side by side.
pub(crate) trait Real:
    Number
    + Copy
    + Default
    + From<f64>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Neg<Output = Self>
{
}

impl Real for f64 {}
impl<T: Lane> Real for Wide<T> {}

/// What a transform computes with besides.
pub(crate) trait Pair<T>: Sized {
    fn scaled(self, factor: T) -> Self;
    fn times(self, factor: Complex<f64>) -> Self;
    /// The sum and the difference.
    fn both(self, other: Self) -> (Self, Self);
    fn conjugate(self) -> Self;
}

impl<T: Real> Pair<T> for Complex<T> {
    #[inline(always)]
    fn conjugate(self) -> Self {
        Self { re: self.re, im: -self.im }
    }

    #[inline(always)]
    fn scaled(self, factor: T) -> Self {
        Self { re: self.re * factor, im: self.im * factor }
    }

    #[inline(always)]
    fn times(self, factor: Complex<f64>) -> Self {
        let (re, im) = (T::from(factor.re), T::from(factor.im));
        Self { re: self.re * re - self.im * im, im: self.re * im + self.im * re }
    }

    #[inline(always)]
    fn both(self, other: Self) -> (Self, Self) {
        (
            Self { re: self.re + other.re, im: self.im + other.im },
            Self { re: self.re - other.re, im: self.im - other.im },
        )
    }
}

/// The transform, of numbers or of several side by side.
struct Core<T> {
    /// The samples that go in.
    len: usize,
    inner: Inner<T>,
    /// `-i w^k / 2` for k in `0..=n/4`.
    twiddles: Vec<Complex<f64>>,
    /// Of the pairs of an even number of samples, or of each sample of an odd one.
    transformed: Vec<Complex<T>>,
}

/// The complex transform within.
enum Inner<T> {
    /// Of a power of two.
    Power(Half<T>),
    /// Of any other length.
    Chirp(Chirp<T>),
}

impl<T: Real> Core<T> {
    fn new(n: usize) -> Self {
        let twiddle = |k: usize| {
            let angle = TAU * k as f64 / n as f64;
            let (sin, cos) = (math::sin(angle), math::cos(angle));
            // -i (cos - i sin) / 2
            Complex { re: -0.5 * sin, im: -0.5 * cos }
        };
        let inner = if n.is_multiple_of(2) { n / 2 } else { n };
        Self {
            len: n,
            inner: if inner.is_power_of_two() {
                Inner::Power(Half::new(inner))
            } else {
                Inner::Chirp(Chirp::new(inner))
            },
            twiddles: (0..=n / 4).map(twiddle).collect(),
            transformed: vec![zero(); inner],
        }
    }

    /// Transforms the samples, of which `pair` gives two neighbours by the index of their pair.
    #[inline(always)]
    fn transform(&mut self, pair: impl Fn(usize) -> Complex<T>, sample: impl Fn(usize) -> T) {
        let out = &mut self.transformed;
        match &mut self.inner {
            Inner::Power(inner) => inner.process(pair, out),
            Inner::Chirp(inner) if self.len.is_multiple_of(2) => inner.process(pair, out),
            Inner::Chirp(inner) => {
                inner.process(|index| Complex { re: sample(index), im: T::default() }, out)
            }
        }
    }

    /// Takes the real signal's bins out of the packed transform, two at a time, from the outermost to the middle.
    #[inline(always)]
    fn unpack(&self, mut take: impl FnMut(usize, Complex<T>)) {
        let z = &self.transformed;
        let n = z.len();
        if n == self.len {
            for (bin, &value) in z[..=n / 2].iter().enumerate() {
                take(bin, value);
            }
            return;
        }
        let half = T::from(0.5);
        take(0, Complex { re: z[0].re + z[0].im, im: T::default() });
        take(n, Complex { re: z[0].re - z[0].im, im: T::default() });
        let partners = z[1..].iter().zip(z[1..].iter().rev()).zip(&self.twiddles[1..]);
        for (bin, ((low, high), &factor)) in partners.enumerate().take((n - 1) / 2) {
            let (sum, difference) = low.both(high.conjugate());
            let (low, high) = sum.scaled(half).both(difference.times(factor));
            take(bin + 1, low);
            take(n - bin - 1, high.conjugate());
        }
        // The middle bin, where there is one, is its own partner.
        if n.is_multiple_of(2) {
            take(n / 2, z[n / 2].conjugate());
        }
    }
}

fn zero<T: Real>() -> Complex<T> {
    Complex { re: T::default(), im: T::default() }
}

fn check_length(name: &'static str, expected: usize, got: usize) -> Result<()> {
    if expected == got {
        return Ok(());
    }
    Err(Error::Parameter { name, expected: format!("{expected} values"), got: got.to_string() })
}
