//! How features change over time.

use super::{FrameMatrix, PadMode, options::check};
use crate::{Error, Result, number::single};

/// The widest window where frames do not bound it.
const MAX_WIDTH: usize = 4095;

/// What [`delta`] takes for the frames before the first and behind the last: librosa's `mode`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum DeltaMode {
    /// Nothing: the outermost frames lie on the polynomials of the outermost whole windows, librosa's preset.
    #[default]
    Interp,
    /// The outermost frame, repeated.
    Nearest,
    /// The frames backwards, without the outermost.
    Mirror,
    /// Zeros.
    Constant,
    /// The frames once more, from the other end.
    Wrap,
}

impl DeltaMode {
    /// Every mode.
    pub const ALL: [Self; 5] = [Self::Interp, Self::Nearest, Self::Mirror, Self::Constant, Self::Wrap];

    /// scipy's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Interp => "interp",
            Self::Nearest => "nearest",
            Self::Mirror => "mirror",
            Self::Constant => "constant",
            Self::Wrap => "wrap",
        }
    }

    /// The value at a position of a `row` of at least one frame.
    fn at(self, row: &[f32], position: isize) -> f32 {
        let around = match self {
            Self::Wrap => return row[position.rem_euclid(row.len() as isize).unsigned_abs()],
            Self::Interp | Self::Constant => PadMode::Constant,
            Self::Nearest => PadMode::Edge,
            Self::Mirror => PadMode::Reflect,
        };
        around.at(row, position, 0)
    }
}

/// Options of [`delta`], named and preset as librosa's.
#[derive(Debug, Clone, PartialEq)]
pub struct DeltaOptions {
    /// Frames that a slope is fitted to, odd and at least 3; with [`DeltaMode::Interp`] no more than there are frames, and
    /// else up to 4095. 9.
    pub width: usize,
    /// The derivative: 1, the slope, or 2, the slope's slope; 1.
    pub order: usize,
    /// What is before the first frame and behind the last; [`DeltaMode::Interp`].
    pub mode: DeltaMode,
}

impl Default for DeltaOptions {
    fn default() -> Self {
        Self { width: 9, order: 1, mode: DeltaMode::Interp }
    }
}

/// The local derivative of each band over time, `[bands, frames]`, in units a frame (of order 2: a frame
/// squared): `librosa.feature.delta(data, width, order, mode=mode)`.
///
/// A polynomial of degree `order` is fitted to `width` frames around each frame, and derived `order` times
/// (Savitzky and Golay, Anal. Chem. 36, 1964). Its derivative is the same all along it, so that librosa's mode
/// `interp`, which has the first and the last `width / 2` frames lie on the outermost fits, repeats their values.
/// librosa knows higher orders; speech uses these.
///
/// # Errors
/// [`Error::Parameter`] if `order` is neither 1 nor 2, if `width` is even, less than 3 or more than there may
/// be, and if `data` holds a NaN or an infinity.
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
    let &DeltaOptions { width, order, mode } = options;
    let frames = data.frames();
    check(matches!(order, 1 | 2), "order", "1 or 2", &order)?;
    let (most, what) = match mode {
        DeltaMode::Interp => (frames, "the number of frames, "),
        _ => (MAX_WIDTH, ""),
    };
    let width_is_right = width % 2 == 1 && (3..=most).contains(&width);
    let bounds = format!("odd and 3 to {what}{most}");
    check(width_is_right, "width", &bounds, &width)?;
    if let Some(bad) = data.data().iter().find(|value| !value.is_finite()) {
        return Err(Error::Parameter { name: "data", expected: "finite values".into(), got: single(*bad) });
    }

    let weights = weights(width, order);
    let mut derivative = vec![0.0; data.data().len()];
    let half = width / 2;
    let rows = data.data().chunks_exact(frames.max(1)).zip(derivative.chunks_exact_mut(frames.max(1)));
    for (values, row) in rows {
        for (frame, value) in row.iter_mut().enumerate() {
            // Every frame of the preset's ends has the value of the outermost whole window.
            let centre = if mode == DeltaMode::Interp { frame.clamp(half, frames - 1 - half) } else { frame };
            let of = |(x, weight): (f32, &f64)| f64::from(x) * weight;
            let sum: f64 = match centre.checked_sub(half).and_then(|first| values.get(first..first + width)) {
                Some(window) => window.iter().copied().zip(&weights).map(of).sum(),
                None => {
                    let first = centre as isize - half as isize;
                    (first..).map(|position| mode.at(values, position)).zip(&weights).map(of).sum()
                }
            };
            *value = sum.clamp(f64::from(f32::MIN), f64::from(f32::MAX)) as f32;
        }
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
