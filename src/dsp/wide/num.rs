//! What rustfft's bound asks for besides, which no transform computes with.

use std::{
    fmt,
    ops::{Div, Rem},
};

use rustfft::num_traits::{FromPrimitive, Num, One, Signed, Zero};

use super::Wide;

impl Wide {
    fn map(self, f: impl Fn(f64) -> f64) -> Self {
        Self::new(self.lanes().map(f))
    }

    fn zip(self, other: Self, f: impl Fn(f64, f64) -> f64) -> Self {
        let (a, b) = (self.lanes(), other.lanes());
        Self::new(std::array::from_fn(|lane| f(a[lane], b[lane])))
    }
}

impl fmt::Debug for Wide {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wide")
    }
}

impl PartialEq for Wide {
    fn eq(&self, other: &Self) -> bool {
        self.lanes() == other.lanes()
    }
}

impl Div for Wide {
    type Output = Self;

    fn div(self, other: Self) -> Self {
        self.zip(other, |a, b| a / b)
    }
}

impl Rem for Wide {
    type Output = Self;

    fn rem(self, other: Self) -> Self {
        self.zip(other, |a, b| a % b)
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
        Self::from(1.0)
    }
}

impl FromPrimitive for Wide {
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

impl Num for Wide {
    type FromStrRadixErr = ();

    fn from_str_radix(_: &str, _: u32) -> Result<Self, ()> {
        Err(())
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
        self.lanes().iter().all(|&value| value > 0.0)
    }

    fn is_negative(&self) -> bool {
        self.lanes().iter().all(|&value| value < 0.0)
    }
}
