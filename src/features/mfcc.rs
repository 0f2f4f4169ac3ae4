//! Mel-frequency cepstral coefficients.

use crate::dsp::Dct;

/// `librosa.feature.mfcc`: the first coefficients of the DCT-II of each frame's log-mel spectrum.
///
/// `log_mel` `[frames, n_mels]`, `coefficients` `[frames, n_mfcc]`.
pub(super) fn mfcc(log_mel: &[f32], n_mels: usize, dct: &Dct, coefficients: &mut [f32], n_mfcc: usize) {
    for (log_mel, coefficients) in log_mel.chunks_exact(n_mels).zip(coefficients.chunks_exact_mut(n_mfcc)) {
        dct.process(log_mel, coefficients);
    }
}
