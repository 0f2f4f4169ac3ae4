//! Deltas, pre-emphasis, silence and fundamental frequency against librosa 0.11.0 on the same samples. The
//! fixtures are made by `fixtures/time/make_time_fixtures.py`.

#![allow(clippy::unwrap_used)]

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;
use speech_emotion::features::{
    DeltaMode, DeltaOptions, FrameMatrix, PadMode, PreemphasisOptions, SilenceOptions, SilenceReference,
    YinOptions, delta, preemphasis, split, trim, yin,
};

#[derive(Deserialize)]
struct Index {
    librosa: String,
    signals: Vec<Signal>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Signal {
    name: String,
    samples: usize,
    offset: usize,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    sample_rate: u32,
    signal: String,
    start: usize,
    samples: usize,
    delta: Vec<Delta>,
    preemphasis: Vec<Preemphasis>,
    silence: Vec<Silence>,
    yin: Vec<Yin>,
}

#[derive(Deserialize)]
struct Delta {
    width: usize,
    order: usize,
    mode: String,
    start: usize,
    shape: [usize; 2],
    offset: usize,
}

#[derive(Deserialize)]
struct Preemphasis {
    coef: f32,
    zi: Option<f32>,
    start: usize,
    samples: usize,
    offset: usize,
}

#[derive(Deserialize)]
struct Silence {
    top_db: f32,
    r#ref: Option<f32>,
    frame_length: usize,
    hop_length: usize,
    trim: [usize; 2],
    split: Vec<[usize; 2]>,
}

#[derive(Deserialize)]
struct Yin {
    fmin: f64,
    fmax: f64,
    frame_length: usize,
    hop_length: Option<usize>,
    trough_threshold: f64,
    center: bool,
    pad_mode: String,
    frames: usize,
    f0: usize,
    difference: usize,
}

struct Fixtures {
    cases: Vec<Case>,
    signals: BTreeMap<String, Vec<f32>>,
    reference: Vec<f32>,
}

impl Fixtures {
    fn load() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/time");
        let read = |name: &str| fs::read(folder.join(name)).unwrap();
        let index: Index = serde_json::from_slice(&read("index.json")).unwrap();
        assert_eq!(index.librosa, "0.11.0");
        let (pcm, reference) = (read("pcm.i16"), read("reference.f32"));
        let pcm = pcm.as_chunks().0;
        let samples = |&Signal { samples, offset, .. }: &Signal| {
            let ints = pcm[offset..][..samples].iter().map(|&bytes| i16::from_le_bytes(bytes));
            ints.map(|int| f32::from(int) / 32768.0).collect()
        };
        Self {
            signals: index.signals.iter().map(|signal| (signal.name.clone(), samples(signal))).collect(),
            reference: reference.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect(),
            cases: index.cases,
        }
    }

    fn samples(&self, case: &Case) -> &[f32] {
        &self.signals[&case.signal][case.start..][..case.samples]
    }

    fn reference(&self, offset: usize, length: usize) -> &[f32] {
        &self.reference[offset..][..length]
    }
}

fn delta_mode(name: &str) -> DeltaMode {
    DeltaMode::ALL.into_iter().find(|mode| mode.name() == name).unwrap()
}

#[test]
fn delta_equals_librosa() {
    let fixtures = Fixtures::load();
    let (mut worst, mut compared) = (0.0_f32, 0);
    for case in &fixtures.cases {
        let samples = fixtures.samples(case);
        for &Delta { width, order, ref mode, start, shape: [bands, frames], offset } in &case.delta {
            let values = samples[start..][..bands * frames].iter().map(|sample| 1000.0 * sample).collect();
            let data = FrameMatrix::from_data(bands, frames, values).unwrap();
            let got = delta(&data, &DeltaOptions { width, order, mode: delta_mode(mode) }).unwrap();
            assert_eq!(got.shape(), [bands, frames]);
            for (got, expected) in got.data().iter().zip(fixtures.reference(offset, bands * frames)) {
                let difference = (got - expected).abs();
                let place = format!("{}, width {width}, order {order}, {mode}", case.name);
                assert!(difference <= 1e-4, "{place}: expected {expected}, got {got}");
                worst = worst.max(difference);
                compared += 1;
            }
        }
    }
    assert!(compared > 4_000, "{compared} values");
    println!("delta: at most {worst:e} from librosa, of values up to 1000");
}

#[test]
fn preemphasis_equals_librosa() {
    let fixtures = Fixtures::load();
    let mut compared = 0;
    for case in &fixtures.cases {
        for &Preemphasis { coef, zi, start, samples, offset } in &case.preemphasis {
            let excerpt = &fixtures.samples(case)[start..][..samples];
            let got = preemphasis(excerpt, &PreemphasisOptions { coef, zi }).unwrap();
            assert_eq!(got, fixtures.reference(offset, samples), "{}, coef {coef}, zi {zi:?}", case.name);
            compared += samples;
        }
    }
    assert!(compared > 3_000, "{compared} samples");
}

#[test]
fn trim_and_split_equal_librosa() {
    let fixtures = Fixtures::load();
    let mut intervals = 0;
    for case in &fixtures.cases {
        let samples = fixtures.samples(case);
        for expected in &case.silence {
            let reference = expected.r#ref.map_or(SilenceReference::Max, SilenceReference::Rms);
            let &Silence { top_db, frame_length, hop_length, .. } = expected;
            let options = SilenceOptions { top_db, reference, frame_length, hop_length };
            let got = trim(samples, &options).unwrap();
            assert_eq!([got.start, got.end], expected.trim, "trim of {}, {options:?}", case.name);
            let got = split(samples, &options).unwrap();
            let got: Vec<_> = got.into_iter().map(|interval| [interval.start, interval.end]).collect();
            assert_eq!(got, expected.split, "split of {}, {options:?}", case.name);
            intervals += got.len();
        }
    }
    assert!(intervals > 40, "{intervals} intervals");
}

#[test]
fn yin_equals_librosa() {
    let fixtures = Fixtures::load();
    let (mut voiced, mut unvoiced, mut elsewhere) = (0, 0, 0);
    let (mut worst_f0, mut worst_prob) = (0.0_f32, 0.0_f32);
    for case in &fixtures.cases {
        for expected in &case.yin {
            let &Yin { fmin, fmax, frame_length, hop_length, trough_threshold, center, .. } = expected;
            let &Yin { frames, f0, difference, .. } = expected;
            let pad_mode = PadMode::ALL.into_iter().find(|mode| mode.name() == expected.pad_mode).unwrap();
            let options =
                YinOptions { fmin, fmax, frame_length, hop_length, trough_threshold, center, pad_mode };
            let got = yin(fixtures.samples(case), case.sample_rate, &options).unwrap();
            assert_eq!((got.f0.len(), got.voiced_prob.len()), (frames, frames), "{}", case.name);
            let expected = fixtures.reference(f0, frames).iter().zip(fixtures.reference(difference, frames));
            for (frame, (&f0, &difference)) in expected.enumerate() {
                let off = (got.f0[frame] / f0 - 1.0).abs();
                let prob = (got.voiced_prob[frame] - (1.0 - difference).clamp(0.0, 1.0)).abs();
                let place = format!("{}, {options:?}, frame {frame}", case.name);
                if f64::from(difference) < trough_threshold {
                    assert!(off <= 1e-4, "{place}: expected {f0} Hz, got {}", got.f0[frame]);
                    (voiced, worst_f0) = (voiced + 1, worst_f0.max(off));
                } else {
                    unvoiced += 1;
                }
                if off > 1e-4 {
                    // The difference of an impulse is 1 at every lag: which is lowest is rounding.
                    assert!((difference - 1.0).abs() < 1e-6, "{place}: expected {f0}, got {}", got.f0[frame]);
                    elsewhere += 1;
                }
                assert!(prob <= 1e-5, "{place}: expected {difference}, got {}", got.voiced_prob[frame]);
                worst_prob = worst_prob.max(prob);
            }
        }
    }
    println!("f0: {voiced} voiced frames at most {worst_f0:e} from librosa, relative");
    println!("voiced_prob: at most {worst_prob:e} from librosa's difference");
    println!("{elsewhere} of {unvoiced} unvoiced frames elsewhere");
    assert!(voiced > 150, "{voiced} voiced frames");
}
