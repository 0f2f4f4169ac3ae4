//! What lies below every voice goes: mains hum, wind, steps, the recorder's own rumble.

/// Samples between two looks at the state: 32 ms at 16 kHz.
const BLOCK: usize = 512;

/// What is below this, 300 dB under full scale, is nothing: in the silence after a sound it would sink into denormal numbers,
/// which are slow.
const NOTHING: f64 = 1e-15;

/// Two second-order sections of a Chebyshev filter of the second kind and order 4, at least 32 dB down at 60 Hz and below
/// at 16 kHz: the numerators `b0 + b1 z^-1 + b0 z^-2`, then the denominators' coefficients. As
/// `scipy.signal.cheby2(4, 32, 60, "highpass", fs=16000, output="sos")` has them. Its zeros lie at 23 and 55 Hz, where
/// Butterworth's all lie at 0: that leaves the mains' hum a fifth of what Butterworth's leaves, for the same work.
/// As numbers, since a tangent need not be the same to the last bit on every machine.
const SECTIONS: [Section; 2] = [
    Section {
        b0: 0.959_998_489_641_063,
        b1: -1.919_918_923_783_817_7,
        a1: -1.942_868_688_329_846_3,
        a2: 0.943_896_467_204_951,
    },
    Section { b0: 1.0, b1: -1.999_526_149_112_077_5, a1: -1.974_942_530_216_696_5, a2: 0.976_375_198_057_63 },
];

struct Section {
    b0: f64,
    b1: f64,
    a1: f64,
    a2: f64,
}

/// Takes what is below 100 Hz out of mono `samples` at 16 kHz: 3 dB at 100 Hz, 35 dB at 50 Hz and 32 dB at 60 Hz. A low
/// voice's fundamental loses a part, its overtones keep theirs.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub fn high_pass(samples: &mut [f32]) {
    let mut state = [[0.0_f64; 2]; SECTIONS.len()];
    for block in samples.chunks_mut(BLOCK) {
        for sample in &mut *block {
            let mut value = f64::from(*sample);
            // Direct form II, transposed.
            for (section, state) in SECTIONS.iter().zip(&mut state) {
                let input = value;
                value = section.b0 * input + state[0];
                state[0] = state[1] + section.b1 * input - section.a1 * value;
                state[1] = section.b0 * input - section.a2 * value;
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
        // In power 1 / (1 + 1 / (e T(f / 60))^2) with Chebyshev's polynomial T of degree 4 and 32 dB where it is 1, which the
        // bilinear transform hardly bends so low.
        let e = 1.0 / (10.0_f64.powf(3.2) - 1.0).sqrt();
        for hz in [10.0_f64, 20.0, 30.0, 40.0, 50.0, 60.0, 80.0, 100.0, 150.0, 200.0, 400.0, 4_000.0] {
            let x = hz / 60.0;
            let polynomial = 8.0 * x.powi(4) - 8.0 * x.powi(2) + 1.0;
            let expected = -10.0 * (1.0 + (e * polynomial).powi(2).recip()).log10();
            assert!((gain_db(hz) - expected).abs() < 0.1, "{hz} Hz: {} for {expected}", gain_db(hz));
        }
        assert!(gain_db(50.0) < -35.0 && gain_db(60.0) < -31.9 && gain_db(100.0) > -3.0);
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
