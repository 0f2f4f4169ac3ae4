//! The network's input.

use super::{
    ChromaNorm, FrameMatrix, PadMode, Window,
    chroma_stft::chroma_columns,
    frame::{Spectra, Wanted},
    framing::Framing,
    mfcc::mfcc_columns,
    options::check_samples,
    rms::rms_db,
    spectral_centroid::spectral_centroid,
    spectral_flatness::spectral_flatness,
    spectral_rolloff::spectral_rolloff,
    zero_crossing_rate::{Crossing, zero_crossing_rate},
};
use crate::{
    Result,
    audio::SAMPLE_RATE,
    dsp::{
        AMIN, CHROMA_BANDS, ChromaFilterBank, ChromaScale, Dct, DctNorm, Filters, MelFilterBank, MelScale,
        WideRealFft, decibels, rows, wide::WIDTH,
    },
};

const N_FFT: usize = 1024;
const HOP_LENGTH: usize = 256;
const N_MELS: usize = 64;
const N_MFCC: usize = 20;
const FRAMING: Framing =
    Framing { frame_length: N_FFT, hop_length: HOP_LENGTH, center: true, pad_mode: PadMode::Constant };
/// RMS, zero crossings, centroid, rolloff, flatness.
const SCALARS: usize = 5;
const ROLL_PERCENT: f32 = 0.85;

/// The rows of the network's input.
pub const STACK_CHANNELS: usize = N_MELS + N_MFCC + CHROMA_BANDS + SCALARS;

/// Computes the network's input: the features of a clip at 16 kHz, one below another, `[101, frames]` with
/// `1 + samples / 256` frames of 1024 samples.
///
/// | rows | feature | unit |
/// |---|---|---|
/// | 0..64 | log-mel spectrogram | dB, not below -100 |
/// | 64..84 | MFCC of these | dB |
/// | 84..96 | chroma, A at 440 Hz | share of the strongest |
/// | 96 | RMS | dB, not below -100 |
/// | 97 | zero crossing rate | crossings a sample |
/// | 98 | spectral centroid | kHz |
/// | 99 | spectral rolloff | kHz |
/// | 100 | spectral flatness | dB, not below -100 |
///
/// Nothing is normalised here. Unlike librosa's presets there is no `top_db` and no estimated tuning: each frame
/// depends on its own samples alone, so that a stream and a clip give the same.
pub struct InputStack {
    spectra: Spectra<WideRealFft>,
    power: Vec<f32>,
    cumulative: Vec<f32>,
    mel: Filters,
    dct: Filters,
    chroma: Filters,
    /// `[frames, 64]`, `[frames, 20]`, `[frames, 12]` and `[frames, 5]` of the last clip, kept for their memory.
    log_mel: Vec<f32>,
    cepstra: Vec<f32>,
    classes: Vec<f32>,
    scalars: Vec<f32>,
}

impl Default for InputStack {
    fn default() -> Self {
        Self::new()
    }
}

impl InputStack {
    /// Plans the transform and the filter banks.
    pub fn new() -> Self {
        let nyquist = f64::from(SAMPLE_RATE) / 2.0;
        Self {
            cumulative: vec![0.0; N_FFT / 2 + 1],
            spectra: Spectra::new(N_FFT, Window::Hann, N_FFT),
            power: vec![0.0; WIDTH * (N_FFT / 2 + 1)],
            mel: MelFilterBank::build(SAMPLE_RATE, N_FFT, N_MELS, 0.0, nyquist, MelScale::default())
                .filters(),
            dct: Dct::build(N_MELS, N_MFCC, 2, DctNorm::Ortho).filters(),
            chroma: ChromaFilterBank::build(SAMPLE_RATE, N_FFT, 0.0, ChromaScale::default()).filters(),
            log_mel: Vec::new(),
            cepstra: Vec::new(),
            classes: Vec::new(),
            scalars: Vec::new(),
        }
    }

    /// Computes the stack of mono `samples` at 16 kHz, `[101, frames]`.
    ///
    /// # Errors
    /// [`Error::EmptyAudio`](crate::Error::EmptyAudio) without samples,
    /// [`Error::NonFiniteSample`](crate::Error::NonFiniteSample) at the first NaN or infinity.
    pub fn compute(&mut self, samples: &[f32]) -> Result<FrameMatrix> {
        check_samples(samples)?;
        let frames = 1 + samples.len() / HOP_LENGTH;
        self.log_mel.resize(frames * N_MELS, 0.0);
        self.cepstra.resize(frames * N_MFCC, 0.0);
        self.classes.resize(frames * CHROMA_BANDS, 0.0);
        self.scalars.resize(frames * SCALARS, 0.0);

        let blocks = self
            .log_mel
            .chunks_mut(WIDTH * N_MELS)
            .zip(self.classes.chunks_mut(WIDTH * CHROMA_BANDS))
            .zip(self.scalars.chunks_mut(WIDTH * SCALARS));
        for (block, ((mel, classes), scalars)) in blocks.enumerate() {
            let range = [block * WIDTH, (block * WIDTH + WIDTH).min(frames)];
            self.spectra.analyse(samples, FRAMING, range, Wanted::PowerAndMagnitude, &mut self.power);
            let power = rows(&self.power);
            self.mel.process(power, mel);
            chroma_columns(power, &self.chroma, ChromaNorm::Max, classes);
            let lanes = power.into_iter().zip(&self.spectra.magnitude);
            for ((index, scalars), (power, magnitude)) in
                (range[0]..).zip(scalars.chunks_exact_mut(SCALARS)).zip(lanes)
            {
                let inside = FRAMING.inside(samples, index);
                // In kHz, which keeps the rows within some orders of magnitude of each other.
                let bin_khz = f64::from(SAMPLE_RATE) / N_FFT as f64 / 1000.0;
                scalars.copy_from_slice(&[
                    rms_db(inside, N_FFT),
                    zero_crossing_rate(inside, N_FFT, Crossing::PRESET),
                    spectral_centroid(magnitude, bin_khz),
                    spectral_rolloff(magnitude, &mut self.cumulative, bin_khz, ROLL_PERCENT),
                    decibels(spectral_flatness(power, AMIN)),
                ]);
            }
        }
        self.log_mel.iter_mut().for_each(|power| *power = decibels(*power));
        mfcc_columns(&self.log_mel, N_MELS, &self.dct, &mut self.cepstra);

        let mut stack = FrameMatrix::new(STACK_CHANNELS, frames);
        stack.fill_rows(0, N_MELS, &self.log_mel);
        stack.fill_rows(N_MELS, N_MFCC, &self.cepstra);
        stack.fill_rows(N_MELS + N_MFCC, CHROMA_BANDS, &self.classes);
        stack.fill_rows(STACK_CHANNELS - SCALARS, SCALARS, &self.scalars);
        Ok(stack)
    }
}
