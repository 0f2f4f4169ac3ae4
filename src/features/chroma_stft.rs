//! Chroma.

use super::ChromaNorm;
use crate::dsp::{Filters, wide::WIDTH};

/// `librosa.feature.chroma_stft`: the power in each of the pitch classes, relative to the strongest or to what `norm` says;
/// zeros in silence. Of several frames at once, into the `columns` `[n_chroma]` of as many of them as there are.
pub(super) fn chroma_columns(
    power: [&[f32]; WIDTH],
    filters: &Filters,
    norm: ChromaNorm,
    columns: &mut [f32],
) {
    filters.process(power, columns);
    columns.chunks_exact_mut(filters.len()).for_each(|column| normalise(norm, column));
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
