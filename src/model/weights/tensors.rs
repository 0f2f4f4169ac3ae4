//! The tensors of a file, one after another.

use super::{BYTES_BY_FIRST_AXIS, BYTES_BY_LAST_AXIS, SINGLE};
use crate::{Error, Result};

/// What is left to read. Nothing is allocated but what the shapes that are asked for need.
pub(super) struct Tensors<'a> {
    left: &'a [u8],
}

impl<'a> Tensors<'a> {
    pub fn new(left: &'a [u8]) -> Self {
        Self { left }
    }

    /// The next tensor's values, `shape` in row-major order, if it is called `name` and has that shape.
    ///
    /// # Errors
    /// [`Error::WeightsShape`] if it is missing, misnamed, misshapen or holds what is not finite.
    pub fn next(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        self.tensor(name, shape).map_err(|reason| Error::WeightsShape { reason: format!("{name}: {reason}") })
    }

    /// Refuses what is left.
    ///
    /// # Errors
    /// [`Error::WeightsShape`] if there is any.
    pub fn end(&self) -> Result<()> {
        match self.left.len() {
            0 => Ok(()),
            left => Err(Error::WeightsShape { reason: format!("{left} bytes follow the last tensor") }),
        }
    }

    fn take(&mut self, length: usize) -> std::result::Result<&'a [u8], String> {
        let (taken, left) = self.left.split_at_checked(length).ok_or("the file ends within it")?;
        self.left = left;
        Ok(taken)
    }

    fn floats(&mut self, count: usize) -> std::result::Result<Vec<f32>, String> {
        let bytes = self.take(4 * count)?;
        Ok(bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
    }

    fn tensor(&mut self, name: &str, shape: &[usize]) -> std::result::Result<Vec<f32>, String> {
        let length = self.take(1)?[0];
        let found = self.take(length.into())?;
        if found != name.as_bytes() {
            return Err(format!("the file has {:?} in its place", String::from_utf8_lossy(found)));
        }
        let [kind, rank] = [self.take(1)?[0], self.take(1)?[0]];
        let axes = self.take(4 * usize::from(rank))?;
        let axes: Vec<usize> =
            axes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as usize).collect();
        if axes != shape {
            return Err(format!("expected shape {shape:?}, got {axes:?}"));
        }
        let count: usize = shape.iter().product();
        let (first, last) = (shape.first().copied().unwrap_or(1), shape.last().copied().unwrap_or(1));
        let values = match kind {
            SINGLE => self.floats(count)?,
            BYTES_BY_FIRST_AXIS => {
                let scales = self.floats(first)?;
                let slice = (count / first.max(1)).max(1);
                let bytes = self.take(count)?;
                let mut values = Vec::with_capacity(count);
                for (part, &scale) in bytes.chunks(slice).zip(&scales) {
                    extend_scaled(&mut values, part, scale);
                }
                values
            }
            BYTES_BY_LAST_AXIS => {
                let scales = self.floats(last)?;
                let bytes = self.take(count)?;
                let scaled = |(&byte, scale): (&u8, &f32)| f32::from(byte.cast_signed()) * scale;
                bytes.chunks(last.max(1)).flat_map(|row| row.iter().zip(&scales).map(scaled)).collect()
            }
            _ => return Err(format!("expected a kind of 0 to 2, got {kind}")),
        };
        if let Some(value) = not_finite(&values) {
            return Err(format!("expected finite values, got {value}"));
        }
        Ok(values)
    }
}

/// Appends bytes times their scale. A function of its own, so that a browser has not much to optimise when it finds that it
/// is run a lot.
#[cfg_attr(target_arch = "wasm32", inline(never))]
fn extend_scaled(values: &mut Vec<f32>, bytes: &[u8], scale: f32) {
    values.extend(bytes.iter().map(|&byte| f32::from(byte.cast_signed()) * scale));
}

/// The first value that is none.
#[cfg_attr(target_arch = "wasm32", inline(never))]
fn not_finite(values: &[f32]) -> Option<f32> {
    values.iter().copied().find(|value| !value.is_finite())
}
