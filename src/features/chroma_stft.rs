//! Chroma.

use super::ChromaNorm;
use crate::dsp::ChromaFilterBank;

/// `librosa.feature.chroma_stft`: the power in each of the pitch classes `[n_chroma]`, relative to the strongest or to
/// what `norm` says; zeros in silence.
pub(super) fn chroma_stft(power: &[f32], filters: &ChromaFilterBank, norm: ChromaNorm, chroma: &mut [f32]) {
    filters.process(power, chroma);
    normalise(norm, chroma);
}

/// The same of two frames, one after another, which share the filters.
pub(super) fn chroma_stft_2(power: &[f32], filters: &ChromaFilterBank, norm: ChromaNorm, chroma: &mut [f32]) {
    filters.process_2(power, chroma);
    chroma.chunks_exact_mut(chroma.len() / 2).for_each(|chroma| normalise(norm, chroma));
}

fn normalise(norm: ChromaNorm, chroma: &mut [f32]) {
    // In f64, whose range holds the squares.
    let sum_of = |value: fn(f64) -> f64| chroma.iter().map(|&x| value(f64::from(x))).sum::<f64>();
    let size = match norm {
        ChromaNorm::Max => chroma.iter().copied().fold(0.0, f32::max),
        ChromaNorm::Sum => sum_of(|x| x) as f32,
        ChromaNorm::Length => sum_of(|x| x * x).sqrt() as f32,
        ChromaNorm::None => return,
    };
    // As librosa's normalize: below the least normal f32 it leaves the frame alone.
    if size >= f32::MIN_POSITIVE {
        for value in chroma {
            *value /= size;
        }
    }
}
