//! A small log-mel spectrogram for the speech detector: coarse bands, frame by frame, nothing else.

use super::{
    PadMode, Window,
    frame::{Spectra, Wanted},
    framing::Framing,
};
use crate::{
    audio::SAMPLE_RATE,
    dsp::{Filters, MelFilterBank, MelScale, WideRealFft, decibels, rows, wide::WIDTH},
};

/// `n_fft` is two to this: 32 ms.
const N_FFT: usize = 512;

/// Nothing is below this, dB: the bands of a voice at the level to which clips are brought lie about 0, and digital
/// silence is no further from it than a quiet room.
const FLOOR_DB: f32 = -50.0;

/// Log-mel spectra of mono samples at 16 kHz, frames of 512 samples every `hop_length`.
pub(crate) struct LogMel {
    /// In f32: its rounding lies 60 dB below the floor, at the level that clips have here.
    spectra: Spectra<WideRealFft<f32>>,
    power: Vec<f32>,
    mel: Filters,
    framing: Framing,
    bands: usize,
}

impl LogMel {
    /// For `bands` from `fmin` Hz to the Nyquist frequency.
    pub fn new(bands: usize, fmin: f64, hop_length: usize) -> Self {
        let nyquist = f64::from(SAMPLE_RATE) / 2.0;
        Self {
            spectra: Spectra::new(N_FFT, Window::Hann, N_FFT),
            power: vec![0.0; WIDTH * (N_FFT / 2 + 1)],
            mel: MelFilterBank::build(SAMPLE_RATE, N_FFT, bands, fmin, nyquist, MelScale::default())
                .filters(),
            framing: Framing { frame_length: N_FFT, hop_length, center: true, pad_mode: PadMode::Constant },
            bands,
        }
    }

    /// Appends the first `frames` of finite `samples` to `out`, dB, `[frames, bands]`.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub fn compute(&mut self, samples: &[f32], frames: usize, out: &mut Vec<f32>) {
        let start = out.len();
        out.resize(start + frames * self.bands, 0.0);
        for (index, columns) in out[start..].chunks_mut(WIDTH * self.bands).enumerate() {
            let block = [index * WIDTH, (index * WIDTH + WIDTH).min(frames)];
            self.spectra.analyse(samples, self.framing, block, Wanted::Power, &mut self.power);
            self.mel.process(rows(&self.power), columns);
            columns.iter_mut().for_each(|power| *power = decibels(*power).max(FLOOR_DB));
        }
    }
}
