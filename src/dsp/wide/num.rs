//! What rustfft's bound asks for besides, which no transform computes with.

use std::{
    fmt,
    ops::{Div, Rem},
};

use rustfft::num_traits::{FromPrimitive, Num, One, Signed, Zero};

use super::{Lane, Wide};

impl<T: Lane> Wide<T> {
    fn map(self, f: impl Fn(f64) -> f64) -> Self {
        Self::new(self.lanes().map(|value| T::rounded(f(value.exact()))))
    }

    fn zip(self, other: Self, f: impl Fn(f64, f64) -> f64) -> Self {
        let (a, b) = (self.lanes(), other.lanes());
        Self::new(std::array::from_fn(|lane| T::rounded(f(a[lane].exact(), b[lane].exact()))))
    }
}

impl<T: Lane> fmt::Debug for Wide<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wide")
    }
}

impl<T: Lane> PartialEq for Wide<T> {
    fn eq(&self, other: &Self) -> bool {
        self.lanes() == other.lanes()
    }
}

impl<T: Lane> Div for Wide<T> {
    type Output = Self;

    fn div(self, other: Self) -> Self {
        self.zip(other, |a, b| a / b)
    }
}

impl<T: Lane> Rem for Wide<T> {
    type Output = Self;

    fn rem(self, other: Self) -> Self {
        self.zip(other, |a, b| a % b)
    }
}

impl<T: Lane> Zero for Wide<T> {
    #[inline(always)]
    fn zero() -> Self {
        Self::default()
    }

    fn is_zero(&self) -> bool {
        *self == Self::default()
    }
}

impl<T: Lane> One for Wide<T> {
    fn one() -> Self {
        Self::from(1.0)
    }
}

impl<T: Lane> FromPrimitive for Wide<T> {
    fn from_i64(value: i64) -> Option<Self> {
        Some(Self::from(value as f64))
    }

    fn from_u64(value: u64) -> Option<Self> {
        Some(Self::from(value as f64))
    }

    fn from_f64(value: f64) -> Option<Self> {
        Some(Self::from(value))
    }
}

impl<T: Lane> Num for Wide<T> {
    type FromStrRadixErr = ();

    fn from_str_radix(_: &str, _: u32) -> Result<Self, ()> {
        Err(())
    }
}

impl<T: Lane> Signed for Wide<T> {
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
        self.lanes().iter().all(|value| value.exact() > 0.0)
    }

    fn is_negative(&self) -> bool {
        self.lanes().iter().all(|value| value.exact() < 0.0)
    }
}
