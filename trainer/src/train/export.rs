//! From a trained network to the weights file that ships.

use anyhow::{Context, Result};
use burn::{
    module::{Module, ModuleMapper, Param},
    tensor::{Bytes, DType, Tensor},
};
use burn_pack::{Reader, Writer};
use speech_emotion::model::{Network, weights};

/// The weights file of `network` in half precision.
///
/// # Errors
/// When the record cannot be made.
pub fn weights_file(network: &Network) -> Result<Vec<u8>> {
    let halved = network.valid().map(&mut Half);
    let record = halved.into_record().into_bytes().context("could not make the weights' record")?;
    let record = anonymous(record).context("could not make the weights' record")?;
    Ok(weights::encode(&record)?)
}

/// Halves every parameter.
struct Half;

impl ModuleMapper for Half {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        param.map(|tensor| tensor.cast(DType::F16))
    }
}

/// The record without the parameters' identifiers. They are random and serve optimizers alone; without them
/// equal weights make equal files.
fn anonymous(record: Bytes) -> Result<Bytes, burn_pack::Error> {
    let tensors = Reader::from_bytes(record)?
        .into_tensors()?
        .into_iter()
        .map(|tensor| {
            let (name, dtype, shape, _, bytes) = tensor.into_parts()?;
            Ok(burn_pack::Tensor::new(name, dtype, shape, None, bytes))
        })
        .collect::<Result<Vec<_>, burn_pack::Error>>()?;
    Writer::new(tensors).into_bytes()
}
