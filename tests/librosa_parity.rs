//! Every feature against librosa 0.11.0 on the same samples. The fixtures are made by `fixtures/make_fixtures.py`.

#![allow(clippy::unwrap_used)]

mod librosa;

use std::collections::BTreeMap;

use librosa::{Case, Fixtures, keep};
use speech_emotion::{
    dsp::{DecibelOptions, DecibelReference, db_to_power, power_to_db},
    features::{Feature, FrameMatrix, InputStack, STACK_CHANNELS, extract, stft},
};

/// How far a value may lie from librosa's: `absolute + relative * |librosa's|`.
#[derive(Clone, Copy)]
struct Gate {
    absolute: f32,
    relative: f32,
}

const EXACT: Gate = Gate { absolute: 0.0, relative: 0.0 };

const fn within(absolute: f32) -> Gate {
    Gate { absolute, relative: 0.0 }
}

/// The worst difference so far, of all cases, by what was compared.
#[derive(Default)]
struct Worst(BTreeMap<String, (f32, String)>);

impl Worst {
    fn compare(&mut self, what: &str, case: &str, gate: Gate, got: &[f32], expected: &[f32]) {
        assert_eq!(got.len(), expected.len(), "{what} of {case}");
        for (position, (&got, &expected)) in got.iter().zip(expected).enumerate() {
            let difference = (got - expected).abs();
            assert!(
                difference <= gate.absolute + gate.relative * expected.abs(),
                "{what} of {case}, value {position}: expected {expected}, got {got}"
            );
            let worst = self.0.entry(what.to_owned()).or_default();
            if difference > worst.0 {
                *worst = (difference, case.to_owned());
            }
        }
    }

    fn print(&self) {
        for (what, (difference, case)) in &self.0 {
            println!("{what}: at most {difference:e} from librosa, in {case:?}");
        }
    }
}

#[test]
fn the_fixtures_hold_every_signal_length_rate_and_setting() {
    let fixtures = Fixtures::load();
    let cases = &fixtures.index.cases;
    let settings_of = |signal: &str| {
        let name = |case: &&Case| case.name.split(',').next() == Some(signal);
        cases.iter().filter(name).count()
    };
    for signal in [
        "silence",
        "impulse",
        "sine",
        "chirp",
        "noise",
        "voice_like",
        "dc",
        "clipped",
        "speech",
        "one_sample",
        "noise_511",
        "noise_512",
        "noise_2047",
        "noise_2048",
        "speech_3_s",
    ] {
        assert_eq!(settings_of(signal), 3, "{signal}");
    }
    for samples in [1, 511, 512, 2_047, 2_048, 3 * 22_050] {
        assert!(cases.iter().any(|case| case.samples == samples), "{samples} samples");
    }
    for rate in [8_000, 16_000, 22_050, 44_100, 48_000] {
        assert!(cases.iter().filter(|case| case.sample_rate == rate).count() >= 3, "{rate} Hz");
    }
    assert!(cases.iter().all(|case| case.features.len() == Feature::COUNT));
}

#[test]
fn extract_equals_librosa() {
    let fixtures = Fixtures::load();
    let mut worst = Worst::default();
    for case in &fixtures.index.cases {
        let options = case.options.clone().into();
        let features = extract(fixtures.samples(case), case.sample_rate, &Feature::ALL, &options).unwrap();
        assert_eq!(features.len(), case.features.len());
        for (feature, got) in features {
            let gate = match feature {
                // Power of any size, 1e-10 and 1e4: f32 sums differ in the last digits.
                Feature::MelSpectrogram => Gate { absolute: 1e-12, relative: 2e-6 },
                Feature::SpectralContrast if case.options.linear => Gate { absolute: 1e-6, relative: 2e-6 },
                // Sums that are not orthonormal are so much larger.
                Feature::Mfcc if case.options.dct_norm.is_none() => {
                    within(1e-3 * (2.0 * case.options.n_mels as f32).sqrt())
                }
                Feature::LogMel | Feature::Mfcc => within(1e-3),
                Feature::Chroma => within(1e-4),
                Feature::Rms => within(1e-6),
                Feature::SpectralCentroid => within(1e-2),
                Feature::SpectralBandwidth if !case.options.bandwidth_norm => {
                    Gate { absolute: 1e-3, relative: 2e-6 }
                }
                Feature::SpectralBandwidth => within(1e-3),
                Feature::SpectralContrast => within(1e-3),
                Feature::PolyFeatures => Gate { absolute: 1e-9, relative: 1e-6 },
                Feature::Tonnetz => within(1e-6),
                Feature::SpectralFlatness => within(1e-5),
                Feature::ZeroCrossingRate | Feature::SpectralRolloff => EXACT,
            };
            let reference = &case.features[feature.name()];
            assert_eq!(got.shape(), reference.shape, "{feature} of {}", case.name);
            let (got, expected) = (keep(&got, &case.kept), fixtures.matrix(reference, &case.kept));
            worst.compare(feature.name(), &case.name, gate, got.data(), expected.data());
        }
    }
    worst.print();
}

#[test]
fn input_stack_equals_librosa() {
    let fixtures = Fixtures::load();
    let mut stack = InputStack::new();
    let mut worst = Worst::default();
    let mut compared = 0;
    for case in &fixtures.index.cases {
        let Some(reference) = &case.stack else { continue };
        let got = stack.compute(fixtures.samples(case)).unwrap();
        assert_eq!(got.shape(), reference.shape, "{}", case.name);
        let (got, expected) = (keep(&got, &case.stack_kept), fixtures.matrix(reference, &case.stack_kept));
        for band in 0..STACK_CHANNELS {
            let (what, gate) = match band {
                0..64 => ("log_mel, dB", within(1e-3)),
                64..84 => ("mfcc", within(1e-3)),
                84..96 => ("chroma_stft", within(1e-4)),
                96 => ("rms, dB", within(1e-4)),
                97 => ("zero_crossing_rate", EXACT),
                98 => ("spectral_centroid, kHz", within(1e-5)),
                99 => ("spectral_rolloff, kHz", EXACT),
                _ => ("spectral_flatness, dB", within(1e-3)),
            };
            worst.compare(what, &case.name, gate, got.row(band), expected.row(band));
        }
        compared += 1;
    }
    assert!(compared >= 10, "{compared} cases with a stack");
    worst.print();
}

#[test]
fn stft_equals_librosa() {
    let fixtures = Fixtures::load();
    let mut worst = Worst::default();
    for case in &fixtures.index.cases {
        let got = stft(fixtures.samples(case), &case.options.stft()).unwrap();
        let (bins, step) = (case.options.n_fft / 2 / case.stft_step + 1, case.stft_step);
        assert_eq!(case.stft.shape, [2 * bins, got.shape()[1]], "{}", case.name);
        let expected = fixtures.matrix(&case.stft, &case.stft_kept);
        let (re, im) = expected.data().split_at(bins * case.stft_kept.len());
        let values: Vec<_> = (0..bins)
            .flat_map(|bin| case.stft_kept.iter().map(move |&frame| (bin * step, frame)))
            .map(|(bin, frame)| got.row(bin)[frame])
            .collect();
        let kept_of = |matrix: FrameMatrix| -> Vec<f32> {
            (0..bins)
                .flat_map(|bin| case.stft_kept.iter().map(move |&frame| (bin * step, frame)))
                .map(|(bin, frame)| matrix.row(bin)[frame])
                .collect()
        };
        let of = |part: fn(f64, f64) -> f64| -> Vec<f32> {
            re.iter().zip(im).map(|(&re, &im)| part(f64::from(re), f64::from(im)) as f32).collect()
        };
        // Both are rounded to f32 of what f64 gives: the last digit may differ, and what should be 0 is not.
        let gate = Gate { absolute: 1e-12, relative: 2e-7 };
        let got_re: Vec<f32> = values.iter().map(|x| x.re).collect();
        let got_im: Vec<f32> = values.iter().map(|x| x.im).collect();
        worst.compare("stft, real", &case.name, gate, &got_re, re);
        worst.compare("stft, imaginary", &case.name, gate, &got_im, im);
        worst.compare("stft, magnitude", &case.name, gate, &kept_of(got.magnitude()), &of(f64::hypot));
        let power = of(|re, im| re * re + im * im);
        worst.compare(
            "stft, power",
            &case.name,
            Gate { relative: 4e-7, ..gate },
            &kept_of(got.power()),
            &power,
        );
    }
    worst.print();
}

#[test]
fn power_to_db_equals_librosa() {
    let fixtures = Fixtures::load();
    let mut worst = Worst::default();
    for case in &fixtures.index.cases {
        let expected = fixtures.matrix(&case.decibels, &case.kept);
        let mel = fixtures.matrix(&case.features["melspectrogram"], &case.kept);
        let mut got = mel.data()[..expected.data().len()].to_vec();
        let options = DecibelOptions { reference: DecibelReference::Max, amin: 1e-6, top_db: Some(35.0) };
        power_to_db(&mut got, &options).unwrap();
        worst.compare("power_to_db", &case.name, within(2e-5), &got, expected.data());
    }
    worst.print();
}

#[test]
fn db_to_power_undoes_librosas_power_to_db() {
    let fixtures = Fixtures::load();
    let mut worst = Worst::default();
    for case in fixtures.index.cases.iter().filter(|case| case.options.top_db.is_none()) {
        let mut power = fixtures.matrix(&case.features["log_mel"], &case.kept).into_data();
        db_to_power(&mut power, 1.0);
        let mel = fixtures.matrix(&case.features["melspectrogram"], &case.kept).into_data();
        let expected: Vec<f32> = mel.into_iter().map(|power| power.max(1e-10)).collect();
        // Two last digits of 100 dB in f32, 7.6e-6 dB each, are this share of the power.
        worst.compare("power", &case.name, Gate { absolute: 0.0, relative: 4e-6 }, &power, &expected);
    }
    worst.print();
}
