//! Several numbers that are computed with at once.

use std::ops::{Add, Mul, Neg, Sub};

/// Numbers in a [`Wide`]: two registers of SSE or of wasm, which a butterfly keeps better filled than one.
pub(crate) const WIDTH: usize = 4;

/// Numbers side by side, each computed with as f64 alone: a transform of these is [`WIDTH`] transforms at once, in SIMD
/// registers and with the bits of each alone.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Wide(pub [f64; WIDTH]);

impl Wide {
    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(f64, f64) -> f64) -> Self {
        Self(std::array::from_fn(|lane| f(self.0[lane], other.0[lane])))
    }
}

impl From<f64> for Wide {
    #[inline(always)]
    fn from(value: f64) -> Self {
        Self([value; WIDTH])
    }
}

impl Add for Wide {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.zip(other, f64::add)
    }
}

impl Sub for Wide {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.zip(other, f64::sub)
    }
}

impl Mul for Wide {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.zip(other, f64::mul)
    }
}

impl Neg for Wide {
    type Output = Self;

    #[inline(always)]
    fn neg(self) -> Self {
        Self(self.0.map(f64::neg))
    }
}
