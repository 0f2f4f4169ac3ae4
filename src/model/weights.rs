//! The weights file: a header of ours before one of Burn's records.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `SPEMOTWT` |
//! | 2 | version of the format and of the input stack, little-endian like all that follows |
//! | 2 | zero |
//! | 4 | length of the record |
//! | 4 | CRC-32 of the record |
//! | ... | the record ("burnpack"), half precision |
//!
//! The version changes with anything that would make old weights give wrong answers: the input stack, the
//! conditioning of the clip, the order of the emotions.

use burn::{
    module::Module,
    store::ModuleRecord,
    tensor::{Bytes, Device},
};

use super::{Network, NetworkConfig, window::Normalization};
use crate::{Error, Result};

/// The version that this library writes and reads.
pub const VERSION: u16 = 1;

/// The weights that ship with the library.
pub static SHIPPED: &[u8] = include_bytes!("speech_emotion.weights");

const MAGIC: &[u8; 8] = b"SPEMOTWT";
const HEADER: usize = 20;

/// Puts the header before a record's bytes.
///
/// # Errors
/// [`Error::WeightsLength`] for a record of 4 GiB or more.
pub fn encode(record: &[u8]) -> Result<Vec<u8>> {
    let length = u32::try_from(record.len())
        .map_err(|_| Error::WeightsLength { expected: u32::MAX.into(), got: record.len() as u64 })?;
    let mut bytes = Vec::with_capacity(HEADER + record.len());
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&[0; 2]);
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(&crc32fast::hash(record).to_le_bytes());
    bytes.extend_from_slice(record);
    Ok(bytes)
}

/// Checks a weights file and builds its network on `device`, in single precision.
///
/// # Errors
/// [`Error::WeightsFormat`] for other files, [`Error::WeightsVersion`] for another version,
/// [`Error::WeightsLength`] for a truncated or padded file, [`Error::WeightsChecksum`] for a damaged one,
/// [`Error::WeightsShape`] for another network's.
pub fn decode(bytes: &[u8], device: &Device) -> Result<Network> {
    let record = check(bytes)?;
    let shape = |error: &dyn std::fmt::Display| Error::WeightsShape { reason: error.to_string() };
    ModuleRecord::from_bytes(Bytes::from_bytes_vec(record.to_vec()))
        .and_then(|record| NetworkConfig::new().init(device).try_load_record(record.cast_to_module_dtype()))
        .map_err(|error| shape(&error))
}

/// The record within a weights file whose header holds.
fn check(bytes: &[u8]) -> Result<&[u8]> {
    let start = bytes.len().min(MAGIC.len());
    if bytes[..start] != MAGIC[..start] || start == 0 {
        return Err(Error::WeightsFormat { got: bytes[..start].to_vec() });
    }
    let Some((header, record)) = bytes.split_at_checked(HEADER) else {
        return Err(Error::WeightsLength { expected: HEADER as u64, got: bytes.len() as u64 });
    };
    let version = u16::from_le_bytes([header[8], header[9]]);
    if version != VERSION {
        return Err(Error::WeightsVersion { expected: VERSION, got: version });
    }
    let length = u32::from_le_bytes([header[12], header[13], header[14], header[15]]);
    if record.len() as u64 != u64::from(length) {
        let expected = HEADER as u64 + u64::from(length);
        return Err(Error::WeightsLength { expected, got: bytes.len() as u64 });
    }
    let expected = u32::from_le_bytes([header[16], header[17], header[18], header[19]]);
    let got = crc32fast::hash(record);
    if got != expected {
        return Err(Error::WeightsChecksum { expected, got });
    }
    Ok(record)
}

impl Network {
    /// The normalisation that the network was trained with.
    pub fn normalization(&self) -> Normalization {
        let values = |tensor: burn::tensor::Tensor<1>| tensor.into_data().iter::<f32>().collect::<Vec<_>>();
        Normalization::new(values(self.mean.val()), &values(self.deviation.val()))
    }

    /// Sets the normalisation, the training clips' mean and standard deviation, `[STACK_CHANNELS]` each.
    #[must_use]
    pub fn with_normalization(mut self, mean: &[f32], deviation: &[f32]) -> Self {
        let device = self.mean.val().device();
        let constant = |values: &[f32]| burn::tensor::Tensor::<1>::from_floats(values, &device);
        self.mean = self.mean.map(|_| constant(mean));
        self.deviation = self.deviation.map(|_| constant(deviation));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(bytes: &[u8]) -> Result<Network> {
        decode(bytes, &crate::model::device())
    }

    fn sealed(record: &[u8]) -> Vec<u8> {
        encode(record).expect("a short record")
    }

    #[test]
    fn the_shipped_weights_load() {
        assert!(load(SHIPPED).is_ok());
        assert!(SHIPPED.len() < 1_500_000, "{}", SHIPPED.len());
    }

    #[test]
    fn a_truncated_file_is_refused_at_every_length() {
        let steps = (0..HEADER).chain((HEADER..SHIPPED.len()).step_by(1024));
        for length in steps {
            match load(&SHIPPED[..length]) {
                Err(Error::WeightsFormat { got }) => assert!(length == 0 && got.is_empty()),
                Err(Error::WeightsLength { got, .. }) => assert_eq!(got, length as u64),
                other => panic!("{length} bytes: {:?}", other.map(|_| "loaded")),
            }
        }
        let longer = [SHIPPED, &[0]].concat();
        assert!(matches!(load(&longer), Err(Error::WeightsLength { .. })));
    }

    #[test]
    fn every_changed_header_field_is_refused() {
        let changed = |at: usize| {
            let mut bytes = SHIPPED.to_vec();
            bytes[at] ^= 0x55;
            load(&bytes).map(|_| ())
        };
        for at in 0..8 {
            assert!(matches!(changed(at), Err(Error::WeightsFormat { .. })), "byte {at}");
        }
        for at in 8..10 {
            assert!(matches!(changed(at), Err(Error::WeightsVersion { expected: VERSION, .. })), "byte {at}");
        }
        for at in 12..16 {
            assert!(matches!(changed(at), Err(Error::WeightsLength { .. })), "byte {at}");
        }
        for at in (16..SHIPPED.len()).step_by(997).take(1_000) {
            assert!(matches!(changed(at), Err(Error::WeightsChecksum { .. })), "byte {at}");
        }
    }

    #[test]
    fn another_networks_weights_are_refused() {
        let device = crate::model::device();
        let other = NetworkConfig::new().with_hidden(32).init(&device);
        let record = other.into_record().into_bytes().expect("a record in memory");
        assert!(matches!(load(&sealed(&record)), Err(Error::WeightsShape { .. })));
        assert!(matches!(load(&sealed(b"not a record")), Err(Error::WeightsShape { .. })));
        assert!(matches!(load(&sealed(b"")), Err(Error::WeightsShape { .. })));
    }

    #[test]
    fn a_network_survives_the_file() {
        let device = crate::model::device();
        let mean: Vec<f32> = (0..crate::features::STACK_CHANNELS).map(|n| n as f32).collect();
        let network = NetworkConfig::new().init(&device).with_normalization(&mean, &vec![2.0; mean.len()]);
        let normalization = network.normalization();
        let record = network.into_record().into_bytes().expect("a record in memory");
        let loaded = load(&sealed(&record)).expect("its own record");
        assert_eq!(loaded.normalization(), normalization);
    }
}
