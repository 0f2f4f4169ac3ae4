//! From a file's tensors to a network of Burn's.

use burn::{
    module::{Module, ModuleMapper, Param},
    tensor::{Device, Tensor, TensorData},
};

use super::{super::Network, tensors::Tensors};
use crate::{Error, Result};

/// Gives `network` the values of `tensors`. Nothing is allocated but what the network's own shapes ask for.
///
/// # Errors
/// [`Error::WeightsShape`] with the first tensor that is missing, misnamed, misshapen or too many.
pub(super) fn into(network: Network, tensors: &[u8], device: &Device) -> Result<Network> {
    let mut reader = Reader { tensors: Tensors::new(tensors), path: Vec::new(), device, refused: None };
    let network = network.map(&mut reader);
    if let Some(refused) = reader.refused {
        return Err(refused);
    }
    reader.tensors.end()?;
    Ok(network)
}

struct Reader<'a> {
    tensors: Tensors<'a>,
    path: Vec<String>,
    device: &'a Device,
    /// Why the file is refused; nothing more is read then.
    refused: Option<Error>,
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
        match self.tensors.next(&name, &shape) {
            Ok(values) => {
                let tensor = Tensor::from_data(TensorData::new(values, shape), self.device);
                Param::initialized(param.id, tensor)
            }
            Err(refused) => {
                self.refused = Some(refused);
                param
            }
        }
    }
}
