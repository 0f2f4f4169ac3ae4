//! The Fourier transform of real signals.

use std::{
    f64::consts::{PI, TAU},
    ops::{Add, Mul, Neg, Sub},
};

use num_complex::Complex;

use super::wide::{WIDTH, Wide};
use crate::{Error, Result};

/// The longest transform that [`RealFft::new`] accepts, samples.
const MAX_LEN: usize = 1 << 20;

/// The longest transform that is computed in one go.
const MAX_BASE: usize = 32;

/// A real-to-complex FFT of one length, with its tables and scratch.
///
/// `n` real samples are packed into `n / 2` complex ones, `z[k] = x[2k] + i x[2k + 1]`; with `Z` their transform,
/// `X[k] = (Z[k] + conj Z[n/2 - k]) / 2 - i w^k (Z[k] - conj Z[n/2 - k]) / 2` and `w = exp(-2 pi i / n)`
/// (Press et al., Numerical Recipes, 12.3.2).
///
/// The complex transform is decimated in time, by four at each level down to parts of 16 or 32, which are transformed by
/// the conjugate-pair split radix (Kamar and Elcherif, Electronics Letters 25, 1989). Its operations and their order
/// are those of rustfft's `Radix4`, and so are its bits; but it is a small part of that crate's code, and it
/// transforms several signals at once.
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
        2 * self.0.transformed.len()
    }

    /// The bins that come out, `n / 2 + 1`: from 0 Hz to half the sample rate.
    pub fn bins(&self) -> usize {
        self.0.transformed.len() + 1
    }

    /// Transforms `samples` `[n]` into `spectrum` `[n / 2 + 1]`: `X[k] = sum x[j] exp(-2 pi i j k / n)`.
    ///
    /// # Errors
    /// [`Error::Parameter`] if either slice has another length.
    pub fn process(&mut self, samples: &[f64], spectrum: &mut [Complex<f64>]) -> Result<()> {
        check_length("samples", self.len(), samples.len())?;
        check_length("spectrum", self.bins(), spectrum.len())?;
        let pairs = samples.as_chunks::<2>().0;
        self.0.transform(|index| Pair { re: pairs[index][0], im: pairs[index][1] });
        self.0.unpack(|bin, value| spectrum[bin] = Complex::new(value.re, value.im));
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
        2 * self.0.transformed.len()
    }

    /// The bins of each signal that come out, `n / 2 + 1`.
    pub fn bins(&self) -> usize {
        self.0.transformed.len() + 1
    }

    /// Transforms `samples` `[n]`, and hands each bin's number and values to `take`, in no order.
    pub fn process(&mut self, samples: &[Wide], take: impl FnMut(usize, Pair<Wide>)) {
        self.transform(samples);
        self.0.unpack(take);
    }

    /// The same of `frames` `[n]` each under a `window` `[n]`.
    pub fn process_windowed(
        &mut self,
        frames: [&[f32]; WIDTH],
        window: &[f64],
        take: impl FnMut(usize, Pair<Wide>),
    ) {
        self.transform_windowed(frames, window);
        self.0.unpack(take);
    }

    // One copy of each, whatever its callers take.
    #[inline(never)]
    fn transform(&mut self, samples: &[Wide]) {
        let pairs = &samples.as_chunks::<2>().0[..self.0.transformed.len()];
        self.0.transform(|index| Pair { re: pairs[index][0], im: pairs[index][1] });
    }

    #[inline(never)]
    fn transform_windowed(&mut self, frames: [&[f32]; WIDTH], window: &[f64]) {
        let window = &window.as_chunks::<2>().0[..self.0.transformed.len()];
        let frames = frames.map(|frame| &frame.as_chunks::<2>().0[..window.len()]);
        self.0.transform(|index| {
            let weights = window[index];
            let [a, b, c, d] = [frames[0][index], frames[1][index], frames[2][index], frames[3][index]];
            let samples = |of: usize| Wide::new([a[of].into(), b[of].into(), c[of].into(), d[of].into()]);
            Pair { re: samples(0) * weights[0].into(), im: samples(1) * weights[1].into() }
        });
    }
}

/// What is transformed: numbers, or several side by side.
pub(crate) trait Real:
    Copy + Default + From<f64> + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Neg<Output = Self>
{
}

impl Real for f64 {}
impl Real for Wide {}

/// A complex number, or several side by side.
#[derive(Clone, Copy, Default)]
pub(crate) struct Pair<T> {
    pub re: T,
    pub im: T,
}

impl<T: Real> Pair<T> {
    #[inline(always)]
    fn conj(self) -> Self {
        Self { re: self.re, im: -self.im }
    }

    /// Times `-i`.
    #[inline(always)]
    fn turned(self) -> Self {
        Self { re: self.im, im: -self.re }
    }

    #[inline(always)]
    fn scaled(self, factor: T) -> Self {
        Self { re: self.re * factor, im: self.im * factor }
    }

    #[inline(always)]
    fn times(self, factor: Pair<f64>) -> Self {
        let (re, im) = (T::from(factor.re), T::from(factor.im));
        Self { re: self.re * re - self.im * im, im: self.re * im + self.im * re }
    }

    /// The sum and the difference.
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
    /// `-i w^k / 2` for k in `0..=n/4`, of the real transform.
    halves: Vec<Pair<f64>>,
    /// `exp(-2 pi i k / 32)` and `exp(-2 pi i k / 16)`, of the split radix.
    base_twiddles: [[Pair<f64>; 8]; 2],
    /// The length that is transformed in one go.
    base: usize,
    /// Three factors for each column of each level by four, from the lowest level up.
    twiddles: Vec<[Pair<f64>; 3]>,
    transformed: Vec<Pair<T>>,
}

impl<T: Real> Core<T> {
    fn new(exponent: u32) -> Self {
        let n = 1_usize << exponent;
        let half = |k: usize| {
            let (sin, cos) = (TAU * k as f64 / n as f64).sin_cos();
            // -i (cos - i sin) / 2
            Pair { re: -0.5 * sin, im: -0.5 * cos }
        };
        let len = n / 2;
        let base = match len.ilog2() {
            small @ 0..=3 => 1 << small,
            even if even.is_multiple_of(2) => 16,
            _ => 32,
        };
        let mut twiddles = Vec::new();
        let mut columns = base;
        while columns < len {
            twiddles
                .extend((0..columns).map(|column| [1, 2, 3].map(|row| twiddle(column * row, 4 * columns))));
            columns *= 4;
        }
        Self {
            halves: (0..=n / 4).map(half).collect(),
            base_twiddles: [32, 16].map(|len| std::array::from_fn(|k| twiddle(k, len))),
            base,
            twiddles,
            transformed: vec![Pair::default(); len],
        }
    }

    /// Transforms what `load` gives for each index.
    #[inline(always)]
    fn transform(&mut self, load: impl Fn(usize) -> Pair<T>) {
        let (base, len) = (self.base, self.transformed.len());
        let parts = len / base;
        let bits = parts.ilog2();
        let mut input = [Pair::default(); MAX_BASE];
        for part in 0..parts {
            for (row, value) in input[..base].iter_mut().enumerate() {
                *value = load(part + row * parts);
            }
            let place = reversed(part, bits) * base;
            transform_base(&input[..base], &mut self.transformed[place..place + base], &self.base_twiddles);
        }
        let mut columns = base;
        let mut twiddles = self.twiddles.as_slice();
        while columns < len {
            let (level, above) = twiddles.split_at(columns);
            self.transformed.chunks_exact_mut(4 * columns).for_each(|data| combine(data, level));
            twiddles = above;
            columns *= 4;
        }
    }

    /// Takes the real signal's bins out of the packed transform, two at a time, from the outermost to the middle.
    #[inline(always)]
    fn unpack(&self, mut take: impl FnMut(usize, Pair<T>)) {
        let z = &self.transformed;
        let n = z.len();
        let half = T::from(0.5);
        take(0, Pair { re: z[0].re + z[0].im, im: T::default() });
        take(n, Pair { re: z[0].re - z[0].im, im: T::default() });
        let partners = z[1..].iter().zip(z[1..].iter().rev()).zip(&self.halves[1..]);
        for (bin, ((low, high), &factor)) in partners.enumerate().take((n - 1) / 2) {
            let (sum, difference) = low.both(high.conj());
            let (low, high) = sum.scaled(half).both(difference.times(factor));
            take(bin + 1, low);
            take(n - bin - 1, high.conj());
        }
        // The middle bin is its own partner.
        if n > 1 {
            take(n / 2, z[n / 2].conj());
        }
    }
}

/// `exp(-2 pi i index / len)`
fn twiddle(index: usize, len: usize) -> Pair<f64> {
    let angle = -2.0 * PI / len as f64 * index as f64;
    Pair { re: angle.cos(), im: angle.sin() }
}

/// The number with its digits to base four reversed, of so many `bits`.
fn reversed(number: usize, bits: u32) -> usize {
    (0..bits / 2).fold(0, |reversed, digit| reversed << 2 | number >> (2 * digit) & 3)
}

/// Combines four transforms, one after another, into one of four times the length.
#[inline(never)]
fn combine<T: Real>(data: &mut [Pair<T>], twiddles: &[[Pair<f64>; 3]]) {
    let (first, rest) = data.split_at_mut(twiddles.len());
    let (second, rest) = rest.split_at_mut(twiddles.len());
    let (third, fourth) = rest.split_at_mut(twiddles.len());
    let columns = first.iter_mut().zip(second).zip(third.iter_mut().zip(fourth));
    for (((a, b), (c, d)), &[for_b, for_c, for_d]) in columns.zip(twiddles) {
        [*a, *b, *c, *d] = transform_4([*a, b.times(for_b), c.times(for_c), d.times(for_d)]);
    }
}

#[inline(always)]
fn transform_4<T: Real>([a, b, c, d]: [Pair<T>; 4]) -> [Pair<T>; 4] {
    let (ac, a_less_c) = a.both(c);
    let (bd, b_less_d) = b.both(d);
    let (first, third) = ac.both(bd);
    let (second, fourth) = a_less_c.both(b_less_d.turned());
    [first, second, third, fourth]
}

/// Transforms `input` of 1, 2, 4, 8, 16 or 32 values into `output`.
fn transform_base<T: Real>(input: &[Pair<T>], output: &mut [Pair<T>], twiddles: &[[Pair<f64>; 8]; 2]) {
    match *input {
        [a] => output[0] = a,
        [a, b] => (output[0], output[1]) = a.both(b),
        [a, b, c, d] => output.copy_from_slice(&transform_4([a, b, c, d])),
        _ if input.len() == 8 => transform_8(input, 1, 0, output),
        _ if input.len() == 16 => transform_16(input, 1, output, &twiddles[1]),
        _ => {
            // The even ones, and of the odd ones those above and those below a multiple of four.
            let (evens, odds) = output.split_at_mut(16);
            transform_16(input, 2, evens, &twiddles[1]);
            transform_8(input, 4, 1, &mut odds[..8]);
            transform_8(input, 4, 31, &mut odds[8..]);
            join(output, &twiddles[0]);
        }
    }
}

/// Transforms every `stride`th value of `input`, 16 of them.
#[inline(never)]
fn transform_16<T: Real>(
    input: &[Pair<T>],
    stride: usize,
    output: &mut [Pair<T>],
    twiddles: &[Pair<f64>; 8],
) {
    let (evens, odds) = output.split_at_mut(8);
    transform_8(input, 2 * stride, 0, evens);
    odds[..4].copy_from_slice(&transform_4([1, 5, 9, 13].map(|index| input[index * stride])));
    odds[4..].copy_from_slice(&transform_4([15, 3, 7, 11].map(|index| input[index * stride])));
    join(output, twiddles);
}

/// Transforms every `stride`th value of `input` from `first` on, 8 of them, round its end.
#[inline(never)]
fn transform_8<T: Real>(input: &[Pair<T>], stride: usize, first: usize, output: &mut [Pair<T>]) {
    let root = T::from(0.5_f64.sqrt());
    let value = |index: usize| input[(first + index * stride) % input.len()];
    let evens = transform_4([0, 2, 4, 6].map(value));
    let [first, second, third, fourth] = transform_4([1, 3, 5, 7].map(value));
    let odds = [
        first,
        second.turned().both(second).0.scaled(root),
        third.turned(),
        fourth.turned().both(fourth).1.scaled(root),
    ];
    let (low, high) = output.split_at_mut(4);
    for index in 0..4 {
        (low[index], high[index]) = evens[index].both(odds[index]);
    }
}

/// Joins the transforms of the even values, of those above and of those below a multiple of four, one after another,
/// by the conjugate-pair split radix.
#[inline(always)]
fn join<T: Real>(data: &mut [Pair<T>], twiddles: &[Pair<f64>; 8]) {
    let quarter = data.len() / 4;
    let (low, rest) = data.split_at_mut(quarter);
    let (high, rest) = rest.split_at_mut(quarter);
    let (above, below) = rest.split_at_mut(quarter);
    for index in 0..quarter {
        let (mut a, mut b) = (above[index], below[index]);
        if index > 0 {
            a = a.times(twiddles[index]);
            b = b.times(twiddles[index].conj());
        }
        let (sum, difference) = a.both(b);
        (low[index], above[index]) = low[index].both(sum);
        (high[index], below[index]) = high[index].both(difference.turned());
    }
}

fn check_length(name: &'static str, expected: usize, got: usize) -> Result<()> {
    if expected == got {
        return Ok(());
    }
    Err(Error::Parameter { name, expected: format!("{expected} values"), got: got.to_string() })
}
