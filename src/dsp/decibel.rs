//! Power in decibels.

/// The least power that is told apart from silence, librosa's `amin`: -100 dB.
pub const AMIN: f32 = 1e-10;

/// `10 log10(max(amin, power))`, with [`AMIN`].
pub fn decibels(power: f32) -> f32 {
    10.0 * power.max(AMIN).log10()
}

/// Converts power to decibels relative to 1, in place: `librosa.power_to_db(S, ref=1.0, amin=1e-10, top_db)`.
///
/// With `top_db`, nothing stays more than that below the loudest of all `values`. Without, each value depends
/// on itself alone, which a stream needs.
pub fn power_to_db(values: &mut [f32], top_db: Option<f32>) {
    for value in values.iter_mut() {
        *value = decibels(*value);
    }
    if let Some(top_db) = top_db {
        let floor = values.iter().copied().fold(f32::NEG_INFINITY, f32::max) - top_db;
        for value in values {
            *value = value.max(floor);
        }
    }
}

/// Converts decibels relative to 1 to power, in place: `librosa.db_to_power(S_db, ref=1.0)`, `10^(dB / 10)`.
///
/// Undoes [`power_to_db`] but for what that cut off. Past 385 dB, which no f32 audio reaches, power is infinite.
pub fn db_to_power(values: &mut [f32]) {
    for value in values {
        // In f64: the exponent's rounding to f32 would be an error of up to 1e-6 in the power.
        *value = 10.0_f64.powf(f64::from(*value) / 10.0) as f32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floors_at_amin_and_at_top_db() {
        let mut values = [0.0, 1e-6, 1.0, 100.0];
        power_to_db(&mut values, None);
        assert_eq!(values.map(f32::round), [-100.0, -60.0, 0.0, 20.0]);
        let mut values = [0.0, 1e-6, 1.0, 100.0];
        power_to_db(&mut values, Some(30.0));
        assert_eq!(values, [-10.0, -10.0, 0.0, 20.0]);
        power_to_db(&mut [], Some(80.0));
    }

    #[test]
    fn power_comes_back_from_decibels() {
        let mut values = [-100.0, -3.0, 0.0, 30.0, 380.0, f32::MIN];
        db_to_power(&mut values);
        assert_eq!(values, [1e-10, 0.501_187_2, 1.0, 1000.0, 1e38, 0.0]);
        let mut values = [1e-10, 0.123, 5e6];
        power_to_db(&mut values, None);
        db_to_power(&mut values);
        for (value, expected) in values.into_iter().zip([1e-10, 0.123, 5e6]) {
            assert!((value - expected).abs() < 2e-6 * expected);
        }
    }
}
