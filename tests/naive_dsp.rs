//! The fast transforms and the stored filter banks against the formulas written out.

#![allow(clippy::unwrap_used)]

use std::f64::consts::{PI, TAU};

use speech_emotion::{
    Error,
    dsp::{ChromaFilterBank, Complex, Dct, MelFilterBank, MelScale, RealFft, hann, hz_to_mel, mel_to_hz},
};

/// Reproducible values in -1..1, of no pattern (the finaliser of MurmurHash3).
fn noise(n: usize) -> Vec<f64> {
    let hash = |i: usize| {
        let mut h = (i as u32).wrapping_add(1).wrapping_mul(0x9E37_79B9);
        h = (h ^ (h >> 16)).wrapping_mul(0x85EB_CA6B);
        h = (h ^ (h >> 13)).wrapping_mul(0xC2B2_AE35);
        h ^ (h >> 16)
    };
    (0..n).map(|i| f64::from(hash(i)) / f64::from(u32::MAX) * 2.0 - 1.0).collect()
}

/// `X[k] = sum x[j] exp(-2 pi i j k / n)`, term by term.
fn naive_dft(samples: &[f64]) -> Vec<Complex<f64>> {
    let n = samples.len();
    (0..=n / 2)
        .map(|k| {
            let term =
                |(j, &x): (usize, &f64)| Complex::from_polar(x, -TAU * ((j * k) % n) as f64 / n as f64);
            samples.iter().enumerate().map(term).sum()
        })
        .collect()
}

#[test]
fn fft_equals_the_naive_dft() {
    for n in
        [2, 4, 8, 16, 32, 64, 128, 512, 1024, 2048, 3, 5, 6, 7, 12, 31, 49, 100, 400, 441, 1000, 1103, 2205]
    {
        let samples = noise(n);
        let mut fft = RealFft::new(n).unwrap();
        let mut spectrum = vec![Complex::default(); fft.bins()];
        // Twice: nothing may be left over from the first.
        for _ in 0..2 {
            fft.process(&samples, &mut spectrum).unwrap();
        }
        let expected = naive_dft(&samples);
        assert_eq!(spectrum.len(), expected.len());
        for (bin, (got, expected)) in spectrum.iter().zip(expected).enumerate() {
            assert!((got - expected).norm() < 1e-14 * n as f64, "bin {bin} of {n}: {got} and not {expected}");
        }
    }
}

#[test]
fn fft_has_the_bits_of_rustffts_radix_4() {
    use rustfft::{Fft, FftDirection, algorithm::Radix4};

    for n in (1..=15).map(|exponent| 1_usize << exponent) {
        let samples = noise(n);
        let mut fft = RealFft::new(n).unwrap();
        let mut spectrum = vec![Complex::default(); fft.bins()];
        fft.process(&samples, &mut spectrum).unwrap();

        let mut packed: Vec<Complex<f64>> =
            samples.chunks_exact(2).map(|pair| Complex::new(pair[0], pair[1])).collect();
        Radix4::new(n / 2, FftDirection::Forward).process(&mut packed);
        for (bin, got) in spectrum.iter().enumerate() {
            let (low, high) = (packed[bin % (n / 2)], packed[(n / 2 - bin) % (n / 2)].conj());
            let (sin, cos) = (TAU * bin as f64 / n as f64).sin_cos();
            let expected = match bin {
                0 => Complex::new(low.re + low.im, 0.0),
                _ if bin == n / 2 => Complex::new(low.re - low.im, 0.0),
                // The upper half of the bins is computed with the lower.
                _ if bin > n / 4 => continue,
                _ if bin == n / 4 => packed[bin].conj(),
                _ => (low + high) * 0.5 + (low - high) * Complex::new(-0.5 * sin, -0.5 * cos),
            };
            assert_eq!(*got, expected, "bin {bin} of {n}");
        }
    }
}

#[test]
fn fft_refuses_other_lengths() {
    for n in [0, 1, (1 << 20) + 1, 1 << 21, usize::MAX] {
        assert!(matches!(RealFft::new(n), Err(Error::Parameter { name: "n_fft", .. })), "{n}");
    }
    let mut fft = RealFft::new(8).unwrap();
    assert!(matches!(
        fft.process(&[0.0; 7], &mut [Complex::default(); 5]),
        Err(Error::Parameter { name: "samples", .. })
    ));
    assert!(matches!(
        fft.process(&[0.0; 8], &mut [Complex::default(); 8]),
        Err(Error::Parameter { name: "spectrum", .. })
    ));
}

#[test]
fn hann_is_the_squared_sine() {
    for (i, weight) in hann(256).into_iter().enumerate() {
        assert!((weight - (PI * i as f64 / 256.0).sin().powi(2)).abs() < 1e-15);
    }
}

#[test]
fn dct_equals_the_formula() {
    for (inputs, outputs) in [(1, 1), (5, 5), (40, 13), (64, 20), (128, 128)] {
        let values: Vec<f32> = noise(inputs).into_iter().map(|value| value as f32).collect();
        let mut got = vec![0.0; outputs];
        Dct::new(inputs, outputs).unwrap().process(&values, &mut got);
        let n = inputs as f64;
        for (k, &got) in got.iter().enumerate() {
            let sum: f64 = (0..inputs)
                .map(|i| f64::from(values[i]) * (PI / n * (i as f64 + 0.5) * k as f64).cos())
                .sum();
            let expected = sum * if k == 0 { (1.0 / n).sqrt() } else { (2.0 / n).sqrt() };
            assert!((f64::from(got) - expected).abs() < 2e-6, "coefficient {k} of {inputs}");
        }
    }
    assert!(Dct::new(4, 5).is_err() && Dct::new(0, 0).is_err() && Dct::new(5000, 1).is_err());
}

#[test]
fn mel_scale_is_slaneys() {
    // 1 kHz is 15 mels, and from there 27 mels are a factor of 6.4.
    for (hz, mel) in [(0.0, 0.0), (200.0, 3.0), (1000.0, 15.0), (6400.0, 42.0), (40_960.0, 69.0)] {
        assert!((hz_to_mel(hz) - mel).abs() < 1e-9, "{hz} Hz");
        assert!((mel_to_hz(mel) - hz).abs() < 1e-9 * hz.max(1.0), "{mel} mel");
    }
}

#[test]
fn mel_filters_equal_the_triangles() {
    for (rate, n_fft, n_mels, fmin, fmax) in [
        (16_000, 1024, 64, 0.0, 8_000.0),
        (22_050, 2048, 128, 0.0, 11_025.0),
        (44_100, 512, 40, 300.0, 20_000.0),
        (8_000, 64, 128, 0.0, 4_000.0),
        (16_000, 2048, 26, 1_500.0, 1_700.0),
    ] {
        let bank = MelFilterBank::with_range(rate, n_fft, n_mels, fmin, fmax, MelScale::default()).unwrap();
        let power: Vec<f32> = noise(n_fft / 2 + 1).into_iter().map(|value| value.abs() as f32).collect();
        let mut mel = vec![f32::NAN; n_mels];
        bank.process(&power, &mut mel);

        let (bottom, top) = (hz_to_mel(fmin), hz_to_mel(fmax));
        for (band, &got) in mel.iter().enumerate() {
            let edge = |i: usize| mel_to_hz(bottom + (top - bottom) / (n_mels + 1) as f64 * i as f64);
            let (low, centre, high) = (edge(band), edge(band + 1), edge(band + 2));
            let mut expected = 0.0;
            for (bin, &power) in power.iter().enumerate() {
                let hz = f64::from(rate) / n_fft as f64 * bin as f64;
                let height = 2.0 / (high - low);
                let weight = match hz {
                    hz if hz <= low || hz >= high => 0.0,
                    hz if hz <= centre => height * (hz - low) / (centre - low),
                    hz => height * (high - hz) / (high - centre),
                };
                expected += weight * f64::from(power);
            }
            assert!((f64::from(got) - expected).abs() <= 1e-6 * expected + 1e-12, "band {band} at {rate} Hz");
        }
        assert!(bank.filter(n_mels).is_none());
    }
    assert!(MelFilterBank::new(16_000, 1024, 0).is_err() && MelFilterBank::new(16_000, 0, 1).is_err());
    for (fmin, fmax) in [(-1.0, 100.0), (f64::NAN, 100.0), (8_001.0, 8_002.0)] {
        let refused = MelFilterBank::with_range(16_000, 1024, 8, fmin, fmax, MelScale::default()).err();
        assert!(matches!(refused, Some(Error::Parameter { name: "fmin", .. })), "{fmin} to {fmax} Hz");
    }
    for (fmin, fmax) in [(0.0, 0.0), (500.0, 400.0), (0.0, 8_001.0), (0.0, f64::NAN)] {
        let refused = MelFilterBank::with_range(16_000, 1024, 8, fmin, fmax, MelScale::default()).err();
        assert!(matches!(refused, Some(Error::Parameter { name: "fmax", .. })), "{fmin} to {fmax} Hz");
    }
}

#[test]
fn chroma_filters_find_the_pitch_class() {
    // From C4 to B4, A440 tuning.
    let bank = ChromaFilterBank::new(16_000, 4096, 0.0).unwrap();
    for class in 0..12 {
        let hz = 440.0 * 2.0_f64.powf((f64::from(class) - 9.0) / 12.0);
        let mut power = vec![0.0; 2049];
        power[(hz * 4096.0 / 16_000.0).round() as usize] = 1.0;
        let mut chroma = [0.0; 12];
        bank.process(&power, &mut chroma);
        let strongest = (0..12).max_by(|&a, &b| chroma[a].total_cmp(&chroma[b]));
        assert_eq!(strongest, Some(class as usize));
    }
    assert!(ChromaFilterBank::new(16_000, 4096, f64::NAN).is_err());
    assert!(ChromaFilterBank::new(16_000, 4, 0.0).is_err());
}
