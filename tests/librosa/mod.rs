//! What the fixtures hold: clips, the options of their features, and librosa's answers.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;
use speech_emotion::features::{
    ChromaNorm, DctNorm, FrameMatrix, FrameOptions, MelNorm, PadMode, StftOptions, Window,
};

#[derive(Deserialize)]
pub struct Index {
    pub librosa: String,
    pub cases: Vec<Case>,
}

#[derive(Deserialize)]
pub struct Case {
    pub name: String,
    pub sample_rate: u32,
    pub samples: usize,
    pub offset: usize,
    pub options: Options,
    /// The three seconds of speech, or nothing: in pcm.i16.
    pub source: Option<String>,
    /// The frames whose references are kept.
    pub kept: Vec<usize>,
    pub features: BTreeMap<String, Reference>,
    /// librosa's power_to_db of the first kept mel bands, with options of its own.
    pub decibels: Reference,
    pub stack: Option<Reference>,
    #[serde(default)]
    pub stack_kept: Vec<usize>,
    /// Real parts above imaginary parts, of every `stft_step`th bin.
    pub stft: Reference,
    pub stft_kept: Vec<usize>,
    pub stft_step: usize,
}

#[derive(Clone, Deserialize)]
pub struct Options {
    pub n_fft: usize,
    pub hop_length: usize,
    pub win_length: Option<usize>,
    pub window: String,
    pub center: bool,
    pub pad_mode: String,
    pub power: f64,
    pub n_mels: usize,
    pub fmin: f64,
    pub fmax: Option<f64>,
    pub htk: bool,
    pub mel_norm: Option<String>,
    pub n_mfcc: usize,
    pub dct_type: usize,
    pub dct_norm: Option<String>,
    pub lifter: f64,
    pub top_db: Option<f32>,
    pub tuning: Option<f64>,
    pub n_chroma: usize,
    pub ctroct: f64,
    pub octwidth: Option<f64>,
    pub base_c: bool,
    pub chroma_norm: String,
    pub threshold: f32,
    pub zero_pos: bool,
    pub p: f64,
    pub bandwidth_norm: bool,
    pub roll_percent: f32,
    pub n_bands: usize,
    pub contrast_fmin: f64,
    pub quantile: f64,
    pub linear: bool,
    pub flatness_amin: f32,
    pub flatness_power: f64,
}

impl Options {
    pub fn window(&self) -> Window {
        Window::ALL.into_iter().find(|window| window.name() == self.window).unwrap()
    }

    pub fn pad_mode(&self) -> PadMode {
        PadMode::ALL.into_iter().find(|mode| mode.name() == self.pad_mode).unwrap()
    }

    pub fn stft(&self) -> StftOptions {
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
pub struct Reference {
    /// Of the whole clip.
    pub shape: [usize; 2],
    pub offset: usize,
}

pub struct Fixtures {
    pub index: Index,
    pub pcm: Vec<f32>,
    pub speech: Vec<f32>,
    pub reference: Vec<f32>,
}

pub fn samples(pcm: &[u8]) -> Vec<f32> {
    pcm.as_chunks().0.iter().map(|&bytes| f32::from(i16::from_le_bytes(bytes)) / 32768.0).collect()
}

impl Fixtures {
    pub fn load() -> Self {
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

    pub fn samples(&self, case: &Case) -> &[f32] {
        let source = if case.source.is_some() { &self.speech } else { &self.pcm };
        &source[case.offset..][..case.samples]
    }

    /// The kept frames.
    pub fn matrix(&self, reference: &Reference, kept: &[usize]) -> FrameMatrix {
        let (bands, frames) = (reference.shape[0], kept.len());
        let data = self.reference[reference.offset..][..bands * frames].to_vec();
        FrameMatrix::from_data(bands, frames, data).unwrap()
    }
}

/// The kept frames of a whole matrix.
pub fn keep(matrix: &FrameMatrix, kept: &[usize]) -> FrameMatrix {
    let rows = (0..matrix.bands()).map(|band| matrix.row(band));
    let data = rows.flat_map(|row| kept.iter().map(|&frame| row[frame])).collect();
    FrameMatrix::from_data(matrix.bands(), kept.len(), data).unwrap()
}
