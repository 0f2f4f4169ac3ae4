//! The network's input.

#[cfg(not(target_arch = "wasm32"))]
use super::pitch::{PITCH_BANDS, Pitch};
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

/// What stands in the rows between the MFCC and the scalars.
enum Tones {
    Chroma(Filters),
    // Not in the browser, whose network has not learnt it.
    #[cfg(not(target_arch = "wasm32"))]
    Pitch(Pitch),
}

#[cfg(not(target_arch = "wasm32"))]
const _: () = assert!(PITCH_BANDS == CHROMA_BANDS, "one takes the other's place");

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
    tones: Tones,
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
        let chroma = ChromaFilterBank::build(SAMPLE_RATE, N_FFT, 0.0, ChromaScale::default());
        Self::with(Tones::Chroma(chroma.filters()))
    }

    /// The same with pitch and voicing in the twelve rows of chroma, for networks that are trained on it; those that ship
    /// are not.
    ///
    /// | rows | feature | unit |
    /// |---|---|---|
    /// | 84 | voicing: the highest autocorrelation at a period of 60 to 501 Hz | -1 to 1 |
    /// | 85 | pitch, towards 0 as the frame is less voiced | semitones from 150 Hz |
    /// | 86..96 | the highest autocorrelation in each of ten bands of such periods | -1 to 1 |
    #[cfg(not(target_arch = "wasm32"))]
    pub fn with_pitch() -> Self {
        Self::with(Tones::Pitch(Pitch::new(SAMPLE_RATE, N_FFT)))
    }

    fn with(tones: Tones) -> Self {
        let nyquist = f64::from(SAMPLE_RATE) / 2.0;
        Self {
            cumulative: vec![0.0; N_FFT / 2 + 1],
            spectra: Spectra::new(N_FFT, Window::Hann, N_FFT),
            power: vec![0.0; WIDTH * (N_FFT / 2 + 1)],
            mel: MelFilterBank::build(SAMPLE_RATE, N_FFT, N_MELS, 0.0, nyquist, MelScale::default())
                .filters(),
            dct: Dct::build(N_MELS, N_MFCC, 2, DctNorm::Ortho).filters(),
            tones,
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
            match &self.tones {
                Tones::Chroma(chroma) => chroma_columns(power, chroma, ChromaNorm::Max, classes),
                #[cfg(not(target_arch = "wasm32"))]
                Tones::Pitch(pitch) => {
                    pitch.process(self.spectra.magnitude.each_ref().map(Vec::as_slice), classes);
                }
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pitch_takes_the_place_of_chroma_and_of_nothing_else() {
        // 200 Hz and its octaves; 13 frames, so that the last block is not full.
        let samples: Vec<f32> = (0..12 * HOP_LENGTH)
            .map(|n| (1..5).map(|h| (0.078_539_82 * (n * h) as f32).sin() / h as f32).sum::<f32>() * 0.2)
            .collect();
        let chroma = InputStack::new().compute(&samples).expect("a stack");
        let pitch = InputStack::with_pitch().compute(&samples).expect("a stack");
        let rows = N_MELS + N_MFCC..STACK_CHANNELS - SCALARS;
        for row in (0..STACK_CHANNELS).filter(|row| !rows.contains(row)) {
            assert_eq!(chroma.row(row), pitch.row(row), "row {row}");
        }
        let expected = 12.0 * (200.0_f32 / 150.0).log2();
        // Those at the ends are half of silence.
        for (voicing, semitones) in pitch.row(84).iter().zip(pitch.row(85)).skip(2).take(pitch.frames() - 4) {
            assert!(*voicing > 0.5 && (semitones - expected).abs() < 0.5, "{voicing} {semitones}");
        }
        // Another clip's frames leave nothing behind.
        let mut again = InputStack::with_pitch();
        again.compute(&[0.5; 5_000]).expect("a stack");
        assert_eq!(again.compute(&samples).expect("a stack").data(), pitch.data());
    }
}
