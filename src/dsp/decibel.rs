//! Power in decibels.

use super::math;
use crate::{Error, Result, number::single};

/// The least power that is told apart from silence, librosa's `amin`: -100 dB.
pub const AMIN: f32 = 1e-10;

/// `10 log10(max(amin, power))`, with [`AMIN`].
pub fn decibels(power: f32) -> f32 {
    10.0 * power.max(AMIN).log10()
}

/// The power that is 0 dB, librosa's `ref`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum DecibelReference {
    /// This power, finite; its sign does not matter.
    Power(f32),
    /// The greatest of all values, `np.max`.
    Max,
}

/// Options of [`power_to_db`], named and preset as librosa's.
#[derive(Debug, Clone, PartialEq)]
pub struct DecibelOptions {
    /// What is 0 dB, librosa's `ref`; a power of 1.
    pub reference: DecibelReference,
    /// Powers below this count as this, above 0 and finite; 1e-10.
    pub amin: f32,
    /// How far below the loudest of all values they are cut off, dB, at least 0; `None` leaves them whole, so that each
    /// depends on itself alone, which a stream needs. 80.
    pub top_db: Option<f32>,
}

impl Default for DecibelOptions {
    fn default() -> Self {
        Self { reference: DecibelReference::Power(1.0), amin: AMIN, top_db: Some(80.0) }
    }
}

/// Converts power to decibels, in place: `librosa.power_to_db(S, ref, amin, top_db)`.
///
/// # Errors
/// [`Error::Parameter`] if an option is out of its bounds, or at the first value that is not finite.
///
/// # Examples
/// ```
/// use speech_emotion::dsp::{DecibelOptions, power_to_db};
///
/// let mut power = [1e-3, 1.0, 100.0];
/// power_to_db(&mut power, &DecibelOptions::default())?;
/// assert_eq!(power, [-30.0, 0.0, 20.0]);
/// # Ok::<(), speech_emotion::Error>(())
/// ```
pub fn power_to_db(values: &mut [f32], options: &DecibelOptions) -> Result<()> {
    let &DecibelOptions { reference, amin, top_db } = options;
    let refuse =
        |name, expected: &str, got: String| Err(Error::Parameter { name, expected: expected.into(), got });
    if !(amin > 0.0 && amin.is_finite()) {
        return refuse("amin", "a finite number above 0", single(amin));
    }
    if let Some(top_db) = top_db.filter(|top_db| !(*top_db >= 0.0 && top_db.is_finite())) {
        return refuse("top_db", "none or at least 0 dB", single(top_db));
    }
    if let Some(bad) = values.iter().find(|value| !value.is_finite()) {
        return refuse("power", "finite values", single(*bad));
    }
    let reference = match reference {
        DecibelReference::Power(power) if !power.is_finite() => {
            return refuse("ref", "the maximum or a finite power", single(power));
        }
        DecibelReference::Power(power) => power.abs(),
        DecibelReference::Max => values.iter().copied().fold(f32::NEG_INFINITY, f32::max).abs(),
    };
    let offset = 10.0 * math::log10(f64::from(reference.max(amin)));
    for value in values.iter_mut() {
        *value = (10.0 * math::log10(f64::from(value.max(amin))) - offset) as f32;
    }
    cut_off(values, top_db);
    Ok(())
}

/// [`power_to_db`] relative to 1 with [`AMIN`], of values and a `top_db` that are known to be right.
pub(crate) fn power_to_decibels(values: &mut [f32], top_db: Option<f32>) {
    for value in values.iter_mut() {
        *value = fast_decibels(*value);
    }
    cut_off(values, top_db);
}

/// [`decibels`] to within 8e-6 dB, in operations that the compiler does side by side.
///
/// Of `2^e (1 + x)`, with `1 + x` between the roots of 1/2 and 2, the logarithm of the second factor is
/// `2 artanh(s) = 2 (s + s^3 / 3 + s^5 / 5 ...)` with `s = x / (2 + x)`.
#[inline(always)]
fn fast_decibels(power: f32) -> f32 {
    /// The bits of the root of 1/2.
    const ROOT: u32 = 0x3f35_04f3;
    /// 10 log10(2) in two parts, of which the first times any exponent is exact.
    const OCTAVE: [f32; 2] = [3.010_315, -1.498_476_6e-5];
    const DECIBELS: f32 = 20.0 * std::f32::consts::LOG10_E;
    let bits = power.max(AMIN).to_bits().wrapping_sub(ROOT);
    let exponent = (bits as i32 >> 23) as f32;
    let mantissa = f32::from_bits((bits & 0x007f_ffff) + ROOT);
    let x = mantissa - 1.0;
    let s = x / (2.0 + x);
    let t = s * s;
    let artanh = s + s * t * (1.0 / 3.0 + t * (1.0 / 5.0 + t * (1.0 / 7.0 + t * (1.0 / 9.0))));
    exponent * OCTAVE[0] + (exponent * OCTAVE[1] + DECIBELS * artanh)
}

fn cut_off(values: &mut [f32], top_db: Option<f32>) {
    if let Some(top_db) = top_db {
        let floor = values.iter().copied().fold(f32::NEG_INFINITY, f32::max) - top_db;
        for value in values {
            *value = value.max(floor);
        }
    }
}

/// Converts decibels relative to the power `reference` to power, in place: `librosa.db_to_power(S_db, ref)`,
/// `ref * 10^(dB / 10)`.
///
/// Undoes [`power_to_db`] but for what that cut off. Past 385 dB, which no f32 audio reaches, power is infinite.
pub fn db_to_power(values: &mut [f32], reference: f32) {
    for value in values {
        // In f64: the exponent's rounding to f32 would be an error of up to 1e-6 in the power.
        *value = (f64::from(reference) * math::powf(10.0, f64::from(*value) / 10.0)) as f32;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn floors_at_amin_and_at_top_db() {
        for convert in [power_to_decibels, |values: &mut [f32], top_db| {
            power_to_db(values, &DecibelOptions { top_db, ..DecibelOptions::default() }).unwrap();
        }] {
            let mut values = [0.0, 1e-6, 1.0, 100.0];
            convert(&mut values, None);
            assert_eq!(values.map(f32::round), [-100.0, -60.0, 0.0, 20.0]);
            let mut values = [0.0, 1e-6, 1.0, 100.0];
            convert(&mut values, Some(30.0));
            assert_eq!(values, [-10.0, -10.0, 0.0, 20.0]);
            convert(&mut [], Some(80.0));
        }
    }

    #[test]
    fn zero_decibels_are_the_reference() {
        let mut values = [1e-9, 2.0, 20.0];
        let options = DecibelOptions { reference: DecibelReference::Max, amin: 0.02, top_db: None };
        power_to_db(&mut values, &options).unwrap();
        assert_eq!(values, [-30.0, -10.0, 0.0]);
        db_to_power(&mut values, 20.0);
        assert_eq!(values, [0.02, 2.0, 20.0]);
    }

    #[test]
    fn bad_options_are_refused_by_name() {
        let defaults = DecibelOptions::default;
        let nan = DecibelReference::Power(f32::NAN);
        for (parameter, options) in [
            ("amin", DecibelOptions { amin: 0.0, ..defaults() }),
            ("amin", DecibelOptions { amin: f32::NAN, ..defaults() }),
            ("top_db", DecibelOptions { top_db: Some(-1.0), ..defaults() }),
            ("top_db", DecibelOptions { top_db: Some(f32::INFINITY), ..defaults() }),
            ("ref", DecibelOptions { reference: nan, ..defaults() }),
        ] {
            let result = power_to_db(&mut [1.0], &options);
            assert!(matches!(result, Err(Error::Parameter { name, .. }) if name == parameter), "{options:?}");
        }
        assert!(power_to_db(&mut [f32::NAN], &defaults()).is_err());
    }

    #[test]
    fn power_comes_back_from_decibels() {
        let mut values = [-100.0, -3.0, 0.0, 30.0, 380.0, f32::MIN];
        db_to_power(&mut values, 1.0);
        assert_eq!(values, [1e-10, 0.501_187_2, 1.0, 1000.0, 1e38, 0.0]);
        let mut values = [1e-10, 0.123, 5e6];
        power_to_decibels(&mut values, None);
        db_to_power(&mut values, 1.0);
        for (value, expected) in values.into_iter().zip([1e-10, 0.123, 5e6]) {
            assert!((value - expected).abs() < 2e-6 * expected);
        }
    }
}
