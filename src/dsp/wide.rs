//! Several numbers that are computed with at once.

mod lanes;
#[cfg(feature = "rustfft")]
mod num;

use std::ops::{Add, Mul, Neg, Sub};

pub(crate) use lanes::Lane;

/// Numbers in a [`Wide`]: of f64 two registers of SSE or of wasm, which a butterfly keeps better filled than one.
pub(crate) const WIDTH: usize = 4;

/// Numbers side by side, each computed with as alone: what rustfft does to one signal it then does to [`WIDTH`] at
/// once, in SIMD registers and with the bits of each alone.
#[derive(Clone, Copy)]
pub(crate) struct Wide<T: Lane = f64>(T::Lanes);

impl<T: Lane> Wide<T> {
    #[inline(always)]
    pub fn new(numbers: [T; WIDTH]) -> Self {
        Self(T::pack(numbers))
    }

    /// Each number.
    #[inline(always)]
    pub fn lanes(self) -> [T; WIDTH] {
        T::unpack(self.0)
    }
}

impl<T: Lane> Default for Wide<T> {
    #[inline(always)]
    fn default() -> Self {
        Self::from(0.0)
    }
}

impl<T: Lane> From<f64> for Wide<T> {
    #[inline(always)]
    fn from(value: f64) -> Self {
        Self(T::splat(T::rounded(value)))
    }
}

impl<T: Lane> Add for Wide<T> {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(T::add(self.0, other.0))
    }
}

impl<T: Lane> Sub for Wide<T> {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(T::sub(self.0, other.0))
    }
}

impl<T: Lane> Mul for Wide<T> {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self(T::mul(self.0, other.0))
    }
}

impl<T: Lane> Neg for Wide<T> {
    type Output = Self;

    #[inline(always)]
    fn neg(self) -> Self {
        Self(T::neg(self.0))
    }
}
