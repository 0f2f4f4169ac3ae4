//! Several numbers that are computed with at once.

use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

use rustfft::num_traits::{FromPrimitive, Num, One, Signed, Zero};

/// Numbers in a [`Wide`]: two registers of SSE or of wasm, which a butterfly keeps better filled than one.
pub(crate) const WIDTH: usize = 4;

/// Numbers side by side, each computed with as f64 alone: what rustfft does to one signal it then does to
/// [`WIDTH`] at once, in SIMD registers and with the same bits.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Wide(pub [f64; WIDTH]);

impl Wide {
    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(f64, f64) -> f64) -> Self {
        Self(std::array::from_fn(|lane| f(self.0[lane], other.0[lane])))
    }

    #[inline(always)]
    fn map(self, f: impl Fn(f64) -> f64) -> Self {
        Self(std::array::from_fn(|lane| f(self.0[lane])))
    }

    /// The same number in every lane.
    #[inline(always)]
    pub fn splat(value: f64) -> Self {
        Self([value; WIDTH])
    }
}

impl From<f64> for Wide {
    #[inline(always)]
    fn from(value: f64) -> Self {
        Self::splat(value)
    }
}

macro_rules! operators {
    ($($trait:ident $method:ident),*) => {$(
        impl $trait for Wide {
            type Output = Self;

            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                self.zip(other, $trait::$method)
            }
        }
    )*};
}

operators!(Add add, Sub sub, Mul mul, Div div, Rem rem);

impl Neg for Wide {
    type Output = Self;

    #[inline(always)]
    fn neg(self) -> Self {
        self.map(Neg::neg)
    }
}

impl Zero for Wide {
    #[inline(always)]
    fn zero() -> Self {
        Self::default()
    }

    fn is_zero(&self) -> bool {
        *self == Self::default()
    }
}

impl One for Wide {
    fn one() -> Self {
        Self::splat(1.0)
    }
}

impl FromPrimitive for Wide {
    fn from_i64(value: i64) -> Option<Self> {
        f64::from_i64(value).map(Self::splat)
    }

    fn from_u64(value: u64) -> Option<Self> {
        f64::from_u64(value).map(Self::splat)
    }

    fn from_f64(value: f64) -> Option<Self> {
        Some(Self::splat(value))
    }
}

// What rustfft's bound asks for besides: of signs and of text there is nothing in a transform.
impl Num for Wide {
    type FromStrRadixErr = <f64 as Num>::FromStrRadixErr;

    fn from_str_radix(text: &str, radix: u32) -> Result<Self, Self::FromStrRadixErr> {
        f64::from_str_radix(text, radix).map(Self::splat)
    }
}

impl Signed for Wide {
    fn abs(&self) -> Self {
        self.map(f64::abs)
    }

    fn abs_sub(&self, other: &Self) -> Self {
        self.zip(*other, |a, b| (a - b).max(0.0))
    }

    fn signum(&self) -> Self {
        self.map(f64::signum)
    }

    fn is_positive(&self) -> bool {
        self.0.iter().all(|&value| value > 0.0)
    }

    fn is_negative(&self) -> bool {
        self.0.iter().all(|&value| value < 0.0)
    }
}
