//! From a file's tensors to a network.

use burn::{
    module::{Module, ModuleMapper, Param},
    tensor::{Device, Tensor, TensorData},
};

use super::{super::Network, BYTES_BY_FIRST_AXIS, BYTES_BY_LAST_AXIS, SINGLE};
use crate::{Error, Result};

/// Gives `network` the values of `tensors`. Nothing is allocated but what the network's own shapes ask for.
///
/// # Errors
/// [`Error::WeightsShape`] with the first tensor that is missing, misnamed, misshapen or too many.
pub(super) fn into(network: Network, tensors: &[u8], device: &Device) -> Result<Network> {
    let mut reader = Reader { left: tensors, path: Vec::new(), device, refused: None };
    let network = network.map(&mut reader);
    if reader.refused.is_none() && !reader.left.is_empty() {
        reader.refused = Some(format!("{} bytes follow the last tensor", reader.left.len()));
    }
    match reader.refused {
        Some(reason) => Err(Error::WeightsShape { reason }),
        None => Ok(network),
    }
}

struct Reader<'a> {
    left: &'a [u8],
    path: Vec<String>,
    device: &'a Device,
    /// Why the file is refused; nothing more is read then.
    refused: Option<String>,
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> std::result::Result<&'a [u8], String> {
        let (taken, left) = self.left.split_at_checked(length).ok_or("the file ends within it")?;
        self.left = left;
        Ok(taken)
    }

    fn floats(&mut self, count: usize) -> std::result::Result<Vec<f32>, String> {
        let bytes = self.take(4 * count)?;
        Ok(bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
    }

    /// The next tensor's values, if it is called `name` and has the axes `shape`.
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
                for (part, scale) in bytes.chunks(slice).zip(scales) {
                    values.extend(part.iter().map(|&byte| f32::from(byte as i8) * scale));
                }
                values
            }
            BYTES_BY_LAST_AXIS => {
                let scales = self.floats(last)?;
                let bytes = self.take(count)?;
                bytes
                    .iter()
                    .zip(scales.iter().cycle())
                    .map(|(&byte, scale)| f32::from(byte as i8) * scale)
                    .collect()
            }
            _ => return Err(format!("expected a kind of 0 to 2, got {kind}")),
        };
        if let Some(value) = values.iter().find(|value| !value.is_finite()) {
            return Err(format!("expected finite values, got {value}"));
        }
        Ok(values)
    }
}

impl ModuleMapper for Reader<'_> {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        if self.refused.is_some() {
            return param;
        }
        let name = self.path.join(".");
        let shape = param.lazy_shape();
        match self.tensor(&name, &shape) {
            Ok(values) => {
                let tensor = Tensor::from_data(TensorData::new(values, shape), self.device);
                Param::initialized(param.id, tensor)
            }
            Err(reason) => {
                self.refused = Some(format!("{name}: {reason}"));
                param
            }
        }
    }
}
