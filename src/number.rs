//! Numbers as text, for errors: core's formatting of floats would be a tenth of the features' wasm module.

use crate::dsp::math;

/// The number in up to ten significant digits, `8000.1` or `1e-12`.
pub(crate) fn number(value: f64) -> String {
    significant(value, 10)
}

/// The number in up to seven significant digits, all that f32 has.
pub(crate) fn single(value: f32) -> String {
    significant(f64::from(value), 7)
}

fn significant(value: f64, count: i32) -> String {
    if value.is_nan() {
        return "NaN".into();
    }
    let sign = if value < 0.0 { "-" } else { "" };
    let size = value.abs();
    if size.is_infinite() || size == 0.0 {
        return [sign, if size > 0.0 { "inf" } else { "0" }].concat();
    }
    let mut exponent = math::log10(size).floor() as i32;
    let shift = count - 1 - exponent;
    // In two steps, since 10^shift may be past f64's range.
    let mut digits = (size * 10.0_f64.powi(shift / 2) * 10.0_f64.powi(shift - shift / 2)).round() as u64;
    if digits >= 10_u64.pow(count.unsigned_abs()) {
        digits /= 10;
        exponent += 1;
    }
    while digits.is_multiple_of(10) && digits > 0 {
        digits /= 10;
    }
    let digits = digits.to_string();
    let positional = -5..count;
    let point = if positional.contains(&exponent) { exponent + 1 } else { 1 };
    let mut text = String::from(sign);
    if point < 1 {
        text.push_str("0.");
        (point..0).for_each(|_| text.push('0'));
    }
    for (index, digit) in digits.chars().enumerate() {
        if index as i32 == point && point > 0 {
            text.push('.');
        }
        text.push(digit);
    }
    (digits.len() as i32..point).for_each(|_| text.push('0'));
    if !positional.contains(&exponent) {
        text.push('e');
        text.push_str(&exponent.to_string());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        for (value, text) in [
            (0.0, "0"),
            (1.0, "1"),
            (-8000.1, "-8000.1"),
            (65.406_391_325_149_66, "65.40639133"),
            (0.5, "0.5"),
            (-0.05, "-0.05"),
            (0.000_012_5, "0.0000125"),
            (1e-12, "1e-12"),
            (-2.5e300, "-2.5e300"),
            (5e-324, "4.940656458e-324"),
            (f64::MAX, "1.797693135e308"),
            (100.0, "100"),
            (9_999_999_999.9, "1e10"),
            (1_234_567_890.0, "1234567890"),
            (0.999_999_999_99, "1"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(number(value), text);
        }
        assert_eq!([0.97_f32, 8000.1, 16_777_216.0].map(single), ["0.97", "8000.1", "1.677722e7"]);
    }
}
