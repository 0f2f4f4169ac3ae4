//! Every feature against librosa 0.11.0 on the same samples. The fixtures are made by `fixtures/make_fixtures.py`.

#![allow(clippy::unwrap_used)]

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;
use speech_emotion::{
    dsp::{DecibelOptions, DecibelReference, db_to_power, power_to_db},
    features::{
        ChromaNorm, DctNorm, Feature, FrameMatrix, FrameOptions, InputStack, MelNorm, PadMode,
        STACK_CHANNELS, StftOptions, Window, extract, stft,
    },
};

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
    /// The three seconds of speech, or nothing: in pcm.i16.
    source: Option<String>,
    /// The frames whose references are kept.
    kept: Vec<usize>,
    features: BTreeMap<String, Reference>,
    /// librosa's power_to_db of the first kept mel bands, with options of its own.
    decibels: Reference,
    stack: Option<Reference>,
    #[serde(default)]
    stack_kept: Vec<usize>,
    /// Real parts above imaginary parts, of every `stft_step`th bin.
    stft: Reference,
    stft_kept: Vec<usize>,
    stft_step: usize,
}

#[derive(Clone, Deserialize)]
struct Options {
    n_fft: usize,
    hop_length: usize,
    win_length: Option<usize>,
    window: String,
    center: bool,
    pad_mode: String,
    power: f64,
    n_mels: usize,
    fmin: f64,
    fmax: Option<f64>,
    htk: bool,
    mel_norm: Option<String>,
    n_mfcc: usize,
    dct_type: usize,
    dct_norm: Option<String>,
    lifter: f64,
    top_db: Option<f32>,
    tuning: Option<f64>,
    n_chroma: usize,
    ctroct: f64,
    octwidth: Option<f64>,
    base_c: bool,
    chroma_norm: String,
    threshold: f32,
    zero_pos: bool,
    p: f64,
    bandwidth_norm: bool,
    roll_percent: f32,
    n_bands: usize,
    contrast_fmin: f64,
    quantile: f64,
    linear: bool,
    flatness_amin: f32,
    flatness_power: f64,
}

impl Options {
    fn window(&self) -> Window {
        Window::ALL.into_iter().find(|window| window.name() == self.window).unwrap()
    }

    fn pad_mode(&self) -> PadMode {
        PadMode::ALL.into_iter().find(|mode| mode.name() == self.pad_mode).unwrap()
    }

    fn stft(&self) -> StftOptions {
        StftOptions {
            n_fft: self.n_fft,
            hop_length: Some(self.hop_length),
            win_length: self.win_length,
            window: self.window(),
            center: self.center,
            pad_mode: self.pad_mode(),
        }
    }
}

impl From<Options> for FrameOptions {
    fn from(options: Options) -> Self {
        // Every field by name: one that is missing in the fixtures does not compile.
        Self {
            n_fft: options.n_fft,
            hop_length: options.hop_length,
            win_length: options.win_length,
            window: options.window(),
            center: options.center,
            pad_mode: options.pad_mode(),
            power: options.power,
            n_mels: options.n_mels,
            fmin: options.fmin,
            fmax: options.fmax,
            htk: options.htk,
            mel_norm: match options.mel_norm.as_deref() {
                Some("slaney") => MelNorm::Slaney,
                Some("max") => MelNorm::Max,
                Some("sum") => MelNorm::Sum,
                Some(_) => MelNorm::Length,
                None => MelNorm::None,
            },
            n_mfcc: options.n_mfcc,
            dct_type: options.dct_type,
            dct_norm: options.dct_norm.map_or(DctNorm::None, |_| DctNorm::Ortho),
            lifter: options.lifter,
            top_db: options.top_db,
            tuning: options.tuning,
            n_chroma: options.n_chroma,
            ctroct: options.ctroct,
            octwidth: options.octwidth,
            base_c: options.base_c,
            chroma_norm: match options.chroma_norm.as_str() {
                "max" => ChromaNorm::Max,
                "sum" => ChromaNorm::Sum,
                _ => ChromaNorm::Length,
            },
            threshold: options.threshold,
            zero_pos: options.zero_pos,
            p: options.p,
            bandwidth_norm: options.bandwidth_norm,
            roll_percent: options.roll_percent,
            n_bands: options.n_bands,
            contrast_fmin: options.contrast_fmin,
            quantile: options.quantile,
            linear: options.linear,
            flatness_amin: options.flatness_amin,
            flatness_power: options.flatness_power,
        }
    }
}

#[derive(Deserialize)]
struct Reference {
    /// Of the whole clip.
    shape: [usize; 2],
    offset: usize,
}

struct Fixtures {
    index: Index,
    pcm: Vec<f32>,
    speech: Vec<f32>,
    reference: Vec<f32>,
}

fn samples(pcm: &[u8]) -> Vec<f32> {
    pcm.as_chunks().0.iter().map(|&bytes| f32::from(i16::from_le_bytes(bytes)) / 32768.0).collect()
}

impl Fixtures {
    fn load() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
        let read = |name: &str| fs::read(folder.join(name)).unwrap();
        let index: Index = serde_json::from_slice(&read("index.json")).unwrap();
        assert_eq!(index.librosa, "0.11.0");
        let reference = read("reference.f32");
        // 16-bit PCM behind a plain header, as espeak-ng writes it.
        let sentences = ["door.wav", "eleven.wav"].map(|name| read(&format!("speech/{name}"))[44..].to_vec());
        Self {
            index,
            pcm: samples(&read("pcm.i16")),
            speech: samples(&sentences.concat()),
            reference: reference.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect(),
        }
    }

    fn samples(&self, case: &Case) -> &[f32] {
        let source = if case.source.is_some() { &self.speech } else { &self.pcm };
        &source[case.offset..][..case.samples]
    }

    /// The kept frames.
    fn matrix(&self, reference: &Reference, kept: &[usize]) -> FrameMatrix {
        let (bands, frames) = (reference.shape[0], kept.len());
        let data = self.reference[reference.offset..][..bands * frames].to_vec();
        FrameMatrix::from_data(bands, frames, data).unwrap()
    }
}

/// The kept frames of a whole matrix.
fn keep(matrix: &FrameMatrix, kept: &[usize]) -> FrameMatrix {
    let rows = (0..matrix.bands()).map(|band| matrix.row(band));
    let data = rows.flat_map(|row| kept.iter().map(|&frame| row[frame])).collect();
    FrameMatrix::from_data(matrix.bands(), kept.len(), data).unwrap()
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
