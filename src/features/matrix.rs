//! The shape in which features are returned.

use crate::{Error, Result};

/// Frames that are transposed at a time.
const TRANSPOSED: usize = 16;

/// Features over time, `[bands, frames]`, row-major: one band's values over time lie side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct FrameMatrix {
    bands: usize,
    frames: usize,
    data: Vec<f32>,
}

impl FrameMatrix {
    /// A matrix of zeros, `[bands, frames]`.
    pub(crate) fn new(bands: usize, frames: usize) -> Self {
        Self { bands, frames, data: vec![0.0; bands * frames] }
    }

    /// Takes `data` that is laid out `[bands, frames]`.
    ///
    /// # Errors
    /// [`Error::Parameter`] if `data` holds another number of values.
    pub fn from_data(bands: usize, frames: usize, data: Vec<f32>) -> Result<Self> {
        if bands.checked_mul(frames) != Some(data.len()) {
            return Err(Error::Parameter {
                name: "data",
                expected: format!("{bands} bands of {frames} frames"),
                got: format!("{} values", data.len()),
            });
        }
        Ok(Self { bands, frames, data })
    }

    /// Transposes `columns` `[frames, bands]`, as the frames were computed.
    pub(super) fn from_columns(bands: usize, columns: &[f32]) -> Self {
        let mut matrix = Self::new(bands, columns.len() / bands);
        matrix.fill_rows(0, bands, columns);
        matrix
    }

    /// Transposes `columns` `[frames, bands]` into `bands` rows from `first` on.
    pub(super) fn fill_rows(&mut self, first: usize, bands: usize, columns: &[f32]) {
        // Some frames at a time, so that both sides stay in the cache.
        for (block, columns) in columns.chunks(TRANSPOSED * bands).enumerate() {
            let rows = self.data.chunks_exact_mut(self.frames).skip(first).take(bands);
            for (band, row) in rows.enumerate() {
                for (value, column) in row[block * TRANSPOSED..].iter_mut().zip(columns.chunks_exact(bands)) {
                    *value = column[band];
                }
            }
        }
    }

    /// How many values a frame has.
    pub fn bands(&self) -> usize {
        self.bands
    }

    /// How many frames there are.
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// `[bands, frames]`
    pub fn shape(&self) -> [usize; 2] {
        [self.bands, self.frames]
    }

    /// Every value, `[bands, frames]` row-major.
    pub fn data(&self) -> &[f32] {
        &self.data
    }

    /// Every value, to write.
    pub(super) fn data_mut(&mut self) -> &mut [f32] {
        &mut self.data
    }

    /// One band over time, `[frames]`; empty past the last band.
    pub fn row(&self, band: usize) -> &[f32] {
        if band < self.bands { &self.data[band * self.frames..(band + 1) * self.frames] } else { &[] }
    }

    /// The values as an `ndarray` view, `[bands, frames]`, without a copy. With the cargo feature `ndarray-view`; without
    /// it, [`Self::shape`] and [`Self::data`] are what `ArrayView2::from_shape` takes.
    ///
    /// # Examples
    /// ```
    /// use speech_emotion::features::FrameMatrix;
    ///
    /// let matrix = FrameMatrix::from_data(2, 3, vec![1.0, 2.0, 3.0, 10.0, 20.0, 30.0])?;
    /// assert_eq!(matrix.view()[[1, 2]], 30.0);
    /// assert_eq!(matrix.view().mean_axis(ndarray::Axis(1)), Some(ndarray::array![2.0, 20.0]));
    /// # Ok::<(), speech_emotion::Error>(())
    /// ```
    #[cfg(feature = "ndarray-view")]
    pub fn view(&self) -> ndarray::ArrayView2<'_, f32> {
        ndarray::ArrayView2::from_shape(self.shape(), &self.data)
            .expect("every way to make a matrix checks that there are as many values as the shape says")
    }

    /// Gives up the values, `[bands, frames]` row-major.
    pub fn into_data(self) -> Vec<f32> {
        self.data
    }
}

#[cfg(test)]
mod tests {
    use super::FrameMatrix;

    #[test]
    fn columns_become_rows() {
        let matrix = FrameMatrix::from_columns(2, &[1.0, 10.0, 2.0, 20.0, 3.0, 30.0]);
        assert_eq!(matrix.shape(), [2, 3]);
        assert_eq!(matrix.row(1), [10.0, 20.0, 30.0]);
        assert!(matrix.row(2).is_empty());
        assert_eq!(FrameMatrix::from_data(2, 3, matrix.data().to_vec()), Ok(matrix.clone()));
        assert!(FrameMatrix::from_data(2, 2, matrix.into_data()).is_err());
    }
}
