//! Elementary functions in little code.

use std::f64::consts::{FRAC_2_PI, FRAC_PI_4, LOG2_E, LOG10_E};

/// A quarter turn in two parts, of which the first times any whole number below 2^20 is exact (Cody and Waite, Software
/// Manual for the Elementary Functions, 1980).
const QUARTER: [f64; 2] = [1.570_796_326_734_125_6, 6.077_100_506_506_192e-11];

/// The sine of radians: to the last digits below a million, and something from -1 to 1 above.
pub(crate) fn sin(x: f64) -> f64 {
    turned(x, 0)
}

/// The cosine, as [`sin`].
pub(crate) fn cos(x: f64) -> f64 {
    turned(x, 1)
}

/// The sine of so many quarter turns more.
fn turned(x: f64, quarters: i64) -> f64 {
    let turns = (x * FRAC_2_PI).round_ties_even();
    let angle = (x - turns * QUARTER[0] - turns * QUARTER[1]).clamp(-FRAC_PI_4, FRAC_PI_4);
    let quadrant = (turns as i64).wrapping_add(quarters);
    let value = series(angle, quadrant & 1 == 1);
    if quadrant & 2 == 2 { -value } else { value }
}

/// The sine, or the cosine, up to half a quarter turn: Taylor's series, of which the first term left out is below the last
/// digit.
fn series(angle: f64, cosine: bool) -> f64 {
    let square = angle * angle;
    let first = if cosine { 18.0 } else { 19.0 };
    let mut sum = 1.0;
    let mut n: f64 = first;
    while n > 1.0 {
        sum = 1.0 - square / (n * (n - 1.0)) * sum;
        n -= 2.0;
    }
    if cosine { sum } else { angle * sum }
}

/// A power of a base from 0 on.
pub(crate) fn powf(base: f64, exponent: f64) -> f64 {
    (exponent * base.ln()).exp()
}

pub(crate) fn log2(x: f64) -> f64 {
    x.ln() * LOG2_E
}

pub(crate) fn log10(x: f64) -> f64 {
    x.ln() * LOG10_E
}

/// What is left of a number above a multiple of the modulus.
pub(crate) fn rem_euclid(x: f64, modulus: f64) -> f64 {
    x - modulus * (x / modulus).floor()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Within some last digits of what the standard library gives.
    fn near(got: f64, expected: f64, digits: f64) -> bool {
        (got - expected).abs() <= digits * f64::EPSILON * expected.abs().max(1.0)
    }

    #[test]
    fn sines_are_the_standard_librarys() {
        for step in -20_000..20_000 {
            for x in [f64::from(step) * 1e-3, f64::from(step) * 0.73, f64::from(step) * 49.0] {
                assert!(near(sin(x), x.sin(), 2.0), "sin({x})");
                assert!(near(cos(x), x.cos(), 2.0), "cos({x})");
            }
        }
        for x in [1e9, -1e15, 1e300, f64::MAX] {
            assert!((-1.0..=1.0).contains(&sin(x)) && (-1.0..=1.0).contains(&cos(x)), "{x}");
        }
    }

    #[test]
    fn powers_and_logarithms_are_the_standard_librarys() {
        for step in 1..2_000 {
            let x = f64::from(step) * 0.37;
            assert!(near(log2(x), x.log2(), 4.0) && near(log10(x), x.log10(), 4.0), "{x}");
            assert!(near(rem_euclid(x - 300.0, 12.0), (x - 300.0).rem_euclid(12.0), 64.0), "{x}");
            for exponent in [0.1, 0.5, 1.5, 3.0] {
                assert!(near(powf(x, exponent), x.powf(exponent), 32.0), "{x}^{exponent}");
            }
        }
        assert_eq!((powf(0.0, 0.3), powf(10.0, -1e37), powf(10.0, 1e37)), (0.0, 0.0, f64::INFINITY));
    }
}
