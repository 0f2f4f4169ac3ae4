//! Every feature against librosa 0.11.0 on the same samples. The fixtures are made by `fixtures/make_fixtures.py`.

#![allow(clippy::unwrap_used)]

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;
use speech_emotion::features::{Feature, FrameMatrix, FrameOptions, InputStack, STACK_CHANNELS, extract};

#[derive(Deserialize)]
struct Index {
    librosa: String,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    sample_rate: u32,
    samples: usize,
    offset: usize,
    options: Options,
    features: BTreeMap<String, Reference>,
    stack: Option<Reference>,
}

#[derive(Deserialize)]
struct Options {
    n_fft: usize,
    hop_length: usize,
    n_mels: usize,
    n_mfcc: usize,
    top_db: Option<f32>,
    tuning: Option<f64>,
    roll_percent: f32,
}

#[derive(Deserialize)]
struct Reference {
    shape: [usize; 2],
    offset: usize,
}

struct Fixtures {
    index: Index,
    pcm: Vec<f32>,
    reference: Vec<f32>,
}

impl Fixtures {
    fn load() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
        let read = |name: &str| fs::read(folder.join(name)).unwrap();
        let index: Index = serde_json::from_slice(&read("index.json")).unwrap();
        assert_eq!(index.librosa, "0.11.0");
        let pcm = read("pcm.i16");
        let reference = read("reference.f32");
        Self {
            index,
            pcm: pcm
                .as_chunks()
                .0
                .iter()
                .map(|&bytes| f32::from(i16::from_le_bytes(bytes)) / 32768.0)
                .collect(),
            reference: reference.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect(),
        }
    }

    fn samples(&self, case: &Case) -> &[f32] {
        &self.pcm[case.offset..][..case.samples]
    }

    fn matrix(&self, reference: &Reference) -> FrameMatrix {
        let [bands, frames] = reference.shape;
        let data = self.reference[reference.offset..][..bands * frames].to_vec();
        FrameMatrix::from_data(bands, frames, data).unwrap()
    }
}

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
fn extract_equals_librosa() {
    let fixtures = Fixtures::load();
    let mut worst = Worst::default();
    for case in &fixtures.index.cases {
        let Options { n_fft, hop_length, n_mels, n_mfcc, top_db, tuning, roll_percent } = case.options;
        let options = FrameOptions { n_fft, hop_length, n_mels, n_mfcc, top_db, tuning, roll_percent };
        let features = extract(fixtures.samples(case), case.sample_rate, &Feature::ALL, &options).unwrap();
        assert_eq!(features.len(), case.features.len());
        for (feature, got) in features {
            let gate = match feature {
                // Power of any size, 1e-10 and 1e4: f32 sums differ in the last digits.
                Feature::MelSpectrogram => Gate { absolute: 1e-12, relative: 2e-6 },
                Feature::LogMel | Feature::Mfcc => within(1e-3),
                Feature::Chroma => within(1e-4),
                Feature::Rms => within(1e-6),
                Feature::SpectralCentroid => within(1e-2),
                Feature::SpectralFlatness => within(1e-5),
                Feature::ZeroCrossingRate | Feature::SpectralRolloff => EXACT,
            };
            let expected = fixtures.matrix(&case.features[feature.name()]);
            assert_eq!(got.shape(), expected.shape(), "{feature} of {}", case.name);
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
        let expected = fixtures.matrix(reference);
        assert_eq!(got.shape(), expected.shape(), "{}", case.name);
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
