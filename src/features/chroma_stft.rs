//! Chroma.

use crate::dsp::ChromaFilterBank;

/// `librosa.feature.chroma_stft`: the power in each of the 12 pitch classes `[12]`, relative to the strongest;
/// zeros in silence.
pub(super) fn chroma_stft(power: &[f32], filters: &ChromaFilterBank, chroma: &mut [f32]) {
    filters.process(power, chroma);
    let strongest = chroma.iter().copied().fold(0.0, f32::max);
    // As librosa's normalize: below the least normal f32 it leaves the frame alone.
    if strongest >= f32::MIN_POSITIVE {
        for value in chroma {
            *value /= strongest;
        }
    }
}
