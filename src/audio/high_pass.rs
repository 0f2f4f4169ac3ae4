//! What lies below every voice goes: mains hum, wind, steps, the recorder's own rumble.

/// Samples between two looks at the state: 32 ms at 16 kHz.
const BLOCK: usize = 512;

/// State below this is nothing: in the silence after a sound it would sink into denormal numbers, which are slow.
const NOTHING: f64 = 1e-30;

/// Two second-order sections of a Butterworth filter of order 4, 100 Hz at 16 kHz, 3 dB down there: the gain of both
/// numerators `1 - 2 z^-1 + z^-2`, then the denominators' coefficients. By the bilinear transform with its frequency
/// warped, as `scipy.signal.butter(4, 100, "highpass", fs=16000, output="sos")` has them. As numbers, since a
/// tangent need not be the same to the last bit on every machine.
const SECTIONS: [Section; 2] = [
    Section { gain: 0.964_626_231_869_472_3, a1: -1.928_508_485_082_634_4, a2: 0.929_996_442_395_254_6 },
    Section { gain: 0.984_818_524_785_718_2, a1: -1.968_877_497_385_758, a2: 0.970_396_601_757_115_2 },
];

struct Section {
    gain: f64,
    a1: f64,
    a2: f64,
}

/// Takes what is below 100 Hz out of mono `samples` at 16 kHz: 3 dB at 100 Hz, 24 dB at 50 Hz. A low voice's
/// fundamental loses a part, its overtones keep theirs.
pub fn high_pass(samples: &mut [f32]) {
    let mut state = [[0.0_f64; 2]; SECTIONS.len()];
    for block in samples.chunks_mut(BLOCK) {
        for sample in &mut *block {
            let mut value = f64::from(*sample);
            // Direct form II, transposed.
            for (section, state) in SECTIONS.iter().zip(&mut state) {
                let input = section.gain * value;
                value = input + state[0];
                state[0] = state[1] - 2.0 * input - section.a1 * value;
                state[1] = input - section.a2 * value;
            }
            *sample = value.clamp(f64::from(f32::MIN), f64::from(f32::MAX)) as f32;
        }
        if state.as_flattened().iter().all(|value| value.abs() < NOTHING) {
            state = Default::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    fn gain_db(hz: f64) -> f64 {
        let tone: Vec<f32> = (0..32_000).map(|n| (TAU * hz * f64::from(n) / 16_000.0).sin() as f32).collect();
        let mut filtered = tone.clone();
        high_pass(&mut filtered);
        let power = |samples: &[f32]| samples.iter().map(|&s| f64::from(s).powi(2)).sum::<f64>();
        10.0 * (power(&filtered[16_000..]) / power(&tone[16_000..])).log10()
    }

    #[test]
    fn voices_pass_and_hum_does_not() {
        // Butterworth: 1 / (1 + (100 / f)^8) in power, which the bilinear transform hardly bends so low.
        for hz in [20.0_f64, 50.0, 60.0, 100.0, 150.0, 200.0, 400.0, 4_000.0] {
            let expected = -10.0 * (1.0 + (100.0 / hz).powi(8)).log10();
            assert!((gain_db(hz) - expected).abs() < 0.1, "{hz} Hz: {} for {expected}", gain_db(hz));
        }
    }

    #[test]
    fn silence_after_a_sound_ends_in_zeros() {
        let mut samples = vec![0.0; 32_000];
        samples[..8_000].fill(0.5);
        high_pass(&mut samples);
        assert!(samples[..8_100].iter().any(|sample| sample.abs() > 0.1));
        assert!(samples[31_000..].iter().all(|&sample| sample == 0.0));
    }

    #[test]
    fn any_finite_samples_stay_finite() {
        for length in [0, 1, 511, 512, 513, 4_000] {
            let mut samples: Vec<f32> =
                (0..length).map(|n| if n % 3 == 0 { f32::MAX } else { f32::MIN }).collect();
            high_pass(&mut samples);
            assert!(samples.iter().all(|sample| sample.is_finite()));
        }
    }
}
