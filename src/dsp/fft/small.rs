//! A small transform, for modules in which rustfft's generality is too large: the features alone are 60 KB compressed,
//! to which `Radix4` would add 17.

use std::f64::consts::PI;

use num_complex::Complex;

use super::{Pair, Real, zero};
use crate::dsp::math;

/// The longest transform that is computed in one go.
const MAX_BASE: usize = 32;

/// Nothing more is asked of what is transformed.
#[cfg(not(feature = "rustfft"))]
pub(crate) trait Number {}

#[cfg(not(feature = "rustfft"))]
impl<T> Number for T {}

/// A complex transform of one length.
///
/// It is decimated in time, by four at each level down to parts of 16 or 32, which are transformed by the conjugate-pair
/// split radix (Kamar and Elcherif, Electronics Letters 25, 1989). Its operations and their order are those of rustfft's
/// `Radix4`, and so are its bits where its tables come from the same sine.
pub(super) struct Half<T> {
    /// `exp(-2 pi i k / 32)` and `exp(-2 pi i k / 16)`, of the split radix.
    base_twiddles: [[Complex<f64>; 8]; 2],
    /// The length that is transformed in one go.
    base: usize,
    /// Three factors for each column of each level by four, from the lowest level up.
    twiddles: Vec<[Complex<f64>; 3]>,
    number: std::marker::PhantomData<T>,
}

impl<T: Real> Half<T> {
    /// Plans a transform of `len` values, a power of two.
    pub fn new(len: usize) -> Self {
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
            base_twiddles: [32, 16].map(|len| std::array::from_fn(|k| twiddle(k, len))),
            base,
            twiddles,
            number: std::marker::PhantomData,
        }
    }

    /// Transforms what `load` gives for each index of `transformed`.
    #[inline(always)]
    pub fn process(&mut self, load: impl Fn(usize) -> Complex<T>, transformed: &mut [Complex<T>]) {
        let (base, len) = (self.base, transformed.len());
        let parts = len / base;
        let bits = parts.ilog2();
        let mut input = [zero(); MAX_BASE];
        for part in 0..parts {
            for (row, value) in input[..base].iter_mut().enumerate() {
                *value = load(part + row * parts);
            }
            let place = reversed(part, bits) * base;
            transform_base(&input[..base], &mut transformed[place..place + base], &self.base_twiddles);
        }
        let mut columns = base;
        let mut twiddles = self.twiddles.as_slice();
        while columns < len {
            let (level, above) = twiddles.split_at(columns);
            transformed.chunks_exact_mut(4 * columns).for_each(|data| combine(data, level));
            twiddles = above;
            columns *= 4;
        }
    }
}

/// `exp(-2 pi i index / len)`
fn twiddle(index: usize, len: usize) -> Complex<f64> {
    let angle = -2.0 * PI / len as f64 * index as f64;
    Complex { re: math::cos(angle), im: math::sin(angle) }
}

/// The number with its digits to base four reversed, of so many `bits`.
fn reversed(number: usize, bits: u32) -> usize {
    (0..bits / 2).fold(0, |reversed, digit| reversed << 2 | number >> (2 * digit) & 3)
}

/// Combines four transforms, one after another, into one of four times the length.
#[inline(never)]
fn combine<T: Real>(data: &mut [Complex<T>], twiddles: &[[Complex<f64>; 3]]) {
    let (first, rest) = data.split_at_mut(twiddles.len());
    let (second, rest) = rest.split_at_mut(twiddles.len());
    let (third, fourth) = rest.split_at_mut(twiddles.len());
    let columns = first.iter_mut().zip(second).zip(third.iter_mut().zip(fourth));
    for (((a, b), (c, d)), &[for_b, for_c, for_d]) in columns.zip(twiddles) {
        [*a, *b, *c, *d] = transform_4([*a, b.times(for_b), c.times(for_c), d.times(for_d)]);
    }
}

/// Times `-i`.
#[inline(always)]
fn turned<T: Real>(value: Complex<T>) -> Complex<T> {
    Complex { re: value.im, im: -value.re }
}

#[inline(always)]
fn transform_4<T: Real>([a, b, c, d]: [Complex<T>; 4]) -> [Complex<T>; 4] {
    let (ac, a_less_c) = a.both(c);
    let (bd, b_less_d) = b.both(d);
    let (first, third) = ac.both(bd);
    let (second, fourth) = a_less_c.both(turned(b_less_d));
    [first, second, third, fourth]
}

/// Transforms `input` of 1, 2, 4, 8, 16 or 32 values into `output`.
fn transform_base<T: Real>(
    input: &[Complex<T>],
    output: &mut [Complex<T>],
    twiddles: &[[Complex<f64>; 8]; 2],
) {
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
    input: &[Complex<T>],
    stride: usize,
    output: &mut [Complex<T>],
    twiddles: &[Complex<f64>; 8],
) {
    let (evens, odds) = output.split_at_mut(8);
    transform_8(input, 2 * stride, 0, evens);
    odds[..4].copy_from_slice(&transform_4([1, 5, 9, 13].map(|index| input[index * stride])));
    odds[4..].copy_from_slice(&transform_4([15, 3, 7, 11].map(|index| input[index * stride])));
    join(output, twiddles);
}

/// Transforms every `stride`th value of `input` from `first` on, 8 of them, round its end.
#[inline(never)]
fn transform_8<T: Real>(input: &[Complex<T>], stride: usize, first: usize, output: &mut [Complex<T>]) {
    let root = T::from(0.5_f64.sqrt());
    let value = |index: usize| input[(first + index * stride) % input.len()];
    let evens = transform_4([0, 2, 4, 6].map(value));
    let [first, second, third, fourth] = transform_4([1, 3, 5, 7].map(value));
    let odds = [
        first,
        turned(second).both(second).0.scaled(root),
        turned(third),
        turned(fourth).both(fourth).1.scaled(root),
    ];
    let (low, high) = output.split_at_mut(4);
    for index in 0..4 {
        (low[index], high[index]) = evens[index].both(odds[index]);
    }
}

/// Joins the transforms of the even values, of those above and of those below a multiple of four, one after another,
/// by the conjugate-pair split radix.
#[inline(always)]
fn join<T: Real>(data: &mut [Complex<T>], twiddles: &[Complex<f64>; 8]) {
    let quarter = data.len() / 4;
    let (low, rest) = data.split_at_mut(quarter);
    let (high, rest) = rest.split_at_mut(quarter);
    let (above, below) = rest.split_at_mut(quarter);
    for index in 0..quarter {
        let (mut a, mut b) = (above[index], below[index]);
        if index > 0 {
            a = a.times(twiddles[index]);
            b = b.times(twiddles[index].conjugate());
        }
        let (sum, difference) = a.both(b);
        (low[index], above[index]) = low[index].both(sum);
        (high[index], below[index]) = high[index].both(turned(difference));
    }
}
