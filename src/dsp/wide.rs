//! Several numbers that are computed with at once.

#[cfg(feature = "rustfft")]
mod num;

use std::ops::{Add, Mul, Neg, Sub};

use lanes::Lanes;

/// Numbers in a [`Wide`]: two registers of SSE or of wasm, which a butterfly keeps better filled than one.
pub(crate) const WIDTH: usize = 4;

/// Numbers side by side, each computed with as f64 alone: what rustfft does to one signal it then does to [`WIDTH`] at
/// once, in SIMD registers and with the bits of each alone.
#[derive(Clone, Copy)]
pub(crate) struct Wide(Lanes);

impl Wide {
    #[inline(always)]
    pub fn new(numbers: [f64; WIDTH]) -> Self {
        Self(lanes::pack(numbers))
    }

    /// Each number.
    #[inline(always)]
    pub fn lanes(self) -> [f64; WIDTH] {
        lanes::unpack(self.0)
    }
}

impl Default for Wide {
    #[inline(always)]
    fn default() -> Self {
        Self::from(0.0)
    }
}

impl From<f64> for Wide {
    #[inline(always)]
    fn from(value: f64) -> Self {
        Self(lanes::splat(value))
    }
}

impl Add for Wide {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(lanes::add(self.0, other.0))
    }
}

impl Sub for Wide {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(lanes::sub(self.0, other.0))
    }
}

impl Mul for Wide {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self(lanes::mul(self.0, other.0))
    }
}

impl Neg for Wide {
    type Output = Self;

    #[inline(always)]
    fn neg(self) -> Self {
        Self(lanes::neg(self.0))
    }
}

/// In wasm's registers by name: the compiler finds no use for them in arrays.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod lanes {
    use core::arch::wasm32::{
        f64x2, f64x2_add, f64x2_extract_lane, f64x2_mul, f64x2_neg, f64x2_splat, f64x2_sub, v128,
    };

    pub(super) type Lanes = [v128; 2];

    #[inline(always)]
    pub(super) fn pack([a, b, c, d]: [f64; 4]) -> Lanes {
        [f64x2(a, b), f64x2(c, d)]
    }

    #[inline(always)]
    pub(super) fn unpack([a, b]: Lanes) -> [f64; 4] {
        [
            f64x2_extract_lane::<0>(a),
            f64x2_extract_lane::<1>(a),
            f64x2_extract_lane::<0>(b),
            f64x2_extract_lane::<1>(b),
        ]
    }

    #[inline(always)]
    pub(super) fn splat(value: f64) -> Lanes {
        [f64x2_splat(value); 2]
    }

    #[inline(always)]
    pub(super) fn add([a, b]: Lanes, [c, d]: Lanes) -> Lanes {
        [f64x2_add(a, c), f64x2_add(b, d)]
    }

    #[inline(always)]
    pub(super) fn sub([a, b]: Lanes, [c, d]: Lanes) -> Lanes {
        [f64x2_sub(a, c), f64x2_sub(b, d)]
    }

    #[inline(always)]
    pub(super) fn mul([a, b]: Lanes, [c, d]: Lanes) -> Lanes {
        [f64x2_mul(a, c), f64x2_mul(b, d)]
    }

    #[inline(always)]
    pub(super) fn neg([a, b]: Lanes) -> Lanes {
        [f64x2_neg(a), f64x2_neg(b)]
    }
}

/// In arrays, which the compiler puts into registers.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod lanes {
    pub(super) type Lanes = [f64; 4];

    #[inline(always)]
    pub(super) fn pack(numbers: [f64; 4]) -> Lanes {
        numbers
    }

    #[inline(always)]
    pub(super) fn unpack(lanes: Lanes) -> [f64; 4] {
        lanes
    }

    #[inline(always)]
    pub(super) fn splat(value: f64) -> Lanes {
        [value; 4]
    }

    #[inline(always)]
    pub(super) fn add(a: Lanes, b: Lanes) -> Lanes {
        std::array::from_fn(|lane| a[lane] + b[lane])
    }

    #[inline(always)]
    pub(super) fn sub(a: Lanes, b: Lanes) -> Lanes {
        std::array::from_fn(|lane| a[lane] - b[lane])
    }

    #[inline(always)]
    pub(super) fn mul(a: Lanes, b: Lanes) -> Lanes {
        std::array::from_fn(|lane| a[lane] * b[lane])
    }

    #[inline(always)]
    pub(super) fn neg(a: Lanes) -> Lanes {
        a.map(|value| -value)
    }
}
