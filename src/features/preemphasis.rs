//! Pre-emphasis.

use super::options::{check, check_samples};
use crate::Result;

/// Options of [`preemphasis`], named and preset as librosa's.
#[derive(Debug, Clone, PartialEq)]
pub struct PreemphasisOptions {
    /// The share of a sample that is taken off the next, any finite number; 0 changes nothing but the first
    /// sample, 1 gives the differences; 0.97.
    pub coef: f32,
    /// What is added to the first sample, finite. `None` has the samples before the clip continue the line
    /// through the first two, `2 * samples[0] - samples[1]`, as librosa does. `None`.
    pub zi: Option<f32>,
}

impl Default for PreemphasisOptions {
    fn default() -> Self {
        Self { coef: 0.97, zi: None }
    }
}

/// Lifts the high frequencies, `y[n] = x[n] - coef * x[n - 1]` and `y[0] = x[0] + zi`, `[samples]`:
/// `librosa.effects.preemphasis(y, coef, zi)`.
///
/// A clip may be filtered in pieces: the `zi` of the next is `-coef` times the last sample, librosa's `zf`.
/// Of a single sample, where librosa fails, the line is taken to be level. What would be past f32's range stays
/// at its end.
///
/// # Errors
/// [`Error::EmptyAudio`](crate::Error::EmptyAudio) without samples,
/// [`Error::NonFiniteSample`](crate::Error::NonFiniteSample) at the first NaN or infinity,
/// [`Error::Parameter`](crate::Error::Parameter) if `coef` or `zi` is not finite.
///
/// # Examples
/// ```
/// use speech_emotion::features::{PreemphasisOptions, preemphasis};
///
/// let options = PreemphasisOptions { coef: 0.5, zi: Some(0.0) };
/// assert_eq!(preemphasis(&[1.0, 1.0, 0.0], &options)?, [1.0, 0.5, -0.5]);
/// # Ok::<(), speech_emotion::Error>(())
/// ```
pub fn preemphasis(samples: &[f32], options: &PreemphasisOptions) -> Result<Vec<f32>> {
    let &PreemphasisOptions { coef, zi } = options;
    check(coef.is_finite(), "coef", "a finite number", &coef)?;
    check(zi.is_none_or(f32::is_finite), "zi", "none or a finite number", &zi)?;
    check_samples(samples)?;
    let first = samples[0];
    let second = samples.get(1).copied().unwrap_or(first);
    let within = |value: f32| value.clamp(f32::MIN, f32::MAX);
    let zi = zi.unwrap_or(2.0 * first - second);
    // In f32 and in librosa's order, which gives its very samples.
    let rest = samples.windows(2).map(|pair| within(pair[1] + -coef * pair[0]));
    Ok(std::iter::once(within(first + zi)).chain(rest).collect())
}
