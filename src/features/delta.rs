//! How features change over time.

use super::{FrameMatrix, options::check};
use crate::{Error, Result, number::single};

/// Options of [`delta`], named and preset as librosa's.
#[derive(Debug, Clone, PartialEq)]
pub struct DeltaOptions {
    /// Frames that a slope is fitted to, odd and 3 to the number of frames; 9.
    pub width: usize,
    /// The derivative: 1, the slope, or 2, the slope's slope; 1.
    pub order: usize,
}

impl Default for DeltaOptions {
    fn default() -> Self {
        Self { width: 9, order: 1 }
    }
}

/// The local derivative of each band over time, `[bands, frames]`, in units a frame (of order 2: a frame
/// squared): `librosa.feature.delta(data, width, order)`.
///
/// A polynomial of degree `order` is fitted to `width` frames around each frame, and derived `order` times
/// (Savitzky and Golay, Anal. Chem. 36, 1964). Its derivative is the same all along it, so that librosa's mode
/// `interp`, which has the first and the last `width / 2` frames lie on the outermost fits, repeats their values.
/// librosa knows higher orders and other modes; speech uses these.
///
/// # Errors
/// [`Error::Parameter`] if `order` is neither 1 nor 2, if `width` is even, less than 3 or more than there are
/// frames, and if `data` holds a NaN or an infinity.
///
/// # Examples
/// ```
/// use speech_emotion::features::{DeltaOptions, FrameMatrix, delta};
///
/// let ramp = FrameMatrix::from_data(1, 12, (0..12).map(|frame| 0.5 * frame as f32).collect())?;
/// let slope = delta(&ramp, &DeltaOptions::default())?;
/// assert!(slope.data().iter().all(|value| (value - 0.5).abs() < 1e-6));
/// # Ok::<(), speech_emotion::Error>(())
/// ```
pub fn delta(data: &FrameMatrix, options: &DeltaOptions) -> Result<FrameMatrix> {
    let &DeltaOptions { width, order } = options;
    let frames = data.frames();
    check(matches!(order, 1 | 2), "order", "1 or 2", &order)?;
    let width_is_right = width % 2 == 1 && (3..=frames).contains(&width);
    check(width_is_right, "width", &format!("odd and 3 to the number of frames, {frames}"), &width)?;
    if let Some(bad) = data.data().iter().find(|value| !value.is_finite()) {
        return Err(Error::Parameter { name: "data", expected: "finite values".into(), got: single(*bad) });
    }

    let weights = weights(width, order);
    let mut derivative = vec![0.0; data.data().len()];
    for (values, row) in data.data().chunks_exact(frames).zip(derivative.chunks_exact_mut(frames)) {
        let inside = &mut row[width / 2..frames - width / 2];
        for (value, window) in inside.iter_mut().zip(values.windows(width)) {
            let sum: f64 = window.iter().zip(&weights).map(|(&x, weight)| f64::from(x) * weight).sum();
            *value = sum.clamp(f64::from(f32::MIN), f64::from(f32::MAX)) as f32;
        }
        let (first, last) = (row[width / 2], row[frames - 1 - width / 2]);
        row[..width / 2].fill(first);
        row[frames - width / 2..].fill(last);
    }
    FrameMatrix::from_data(data.bands(), frames, derivative)
}

/// What a window of frames is multiplied by: the discrete orthogonal polynomial of degree `order` over its own
/// squared length, times `order!`.
///
/// At k = -m..=m these polynomials are k, and k^2 less its mean.
fn weights(width: usize, order: usize) -> Vec<f64> {
    let half = (width / 2) as f64;
    let positions = (0..width).map(|index| index as f64 - half);
    let mean_square = half * (half + 1.0) / 3.0;
    let polynomial: Vec<f64> = positions.map(|k| if order == 1 { k } else { k * k - mean_square }).collect();
    let squares: f64 = polynomial.iter().map(|value| value * value).sum();
    polynomial.iter().map(|value| value * order as f64 / squares).collect()
}
