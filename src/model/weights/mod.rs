//! The weights file.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `SPEMOTWT` |
//! | 2 | version of the format and of the input stack, little-endian like all that follows |
//! | 2 | zero |
//! | 4 | length of the tensors |
//! | 4 | CRC-32 of the tensors |
//! | ... | the tensors, in the network's order |
//!
//! and each tensor is
//!
//! | bytes | what |
//! |---|---|
//! | 1 | length of its name |
//! | ... | its name, such as `stages.0.first.conv.weight` |
//! | 1 | kind: 0 for single precision; 1 for 8 bits with a scale for each slice along the first axis, 2 along the last |
//! | 1 | rank |
//! | 4 each | lengths of the axes |
//! | 4 each | kinds 1 and 2: the scales, single precision |
//! | 4 or 1 each | the values, row-major; a byte is signed, to be multiplied by its scale |
//!
//! The batch normalisations are folded into the convolutions. Few steps a weight take a quarter of the room of half precision
//! on the way to a browser; what they cost is within every figure that the trainer gives, since it scores this file. The
//! version changes with anything that would make old weights give wrong answers: the format, the input stack, the
//! conditioning of the clip, the order of the emotions.

mod read;
mod ready;
mod tensors;
mod write;

use burn::tensor::{Device, Tensor};

use super::{Inference, Network, NetworkConfig, window::Normalization};
use crate::{Error, Result};

pub use write::{Precision, in_steps};

/// The version that this library writes and reads.
pub const VERSION: u16 = 5;

/// The weights that ship with the library.
pub static SHIPPED: &[u8] = include_bytes!("../speech_emotion.weights");

/// Weights that were trained on CREMA-D alone, whose licence permits more than the other corpora's. They tell six
/// emotions apart: `calm` and `surprise` have the probability 0.
pub static CREMA_D: &[u8] = include_bytes!("../crema-d/crema-d.weights");

const MAGIC: &[u8; 8] = b"SPEMOTWT";
const HEADER: usize = 20;

/// How a tensor's values are stored.
const SINGLE: u8 = 0;
const BYTES_BY_FIRST_AXIS: u8 = 1;
const BYTES_BY_LAST_AXIS: u8 = 2;

/// The file of a network's weights. Equal networks make equal files.
///
/// # Errors
/// [`Error::WeightsLength`] for weights of 4 GiB or more.
pub fn encode(network: &Network, precision: Precision) -> Result<Vec<u8>> {
    seal(&write::tensors(&network.folded(), precision))
}

/// Puts the header before the tensors' bytes.
fn seal(tensors: &[u8]) -> Result<Vec<u8>> {
    let length = u32::try_from(tensors.len())
        .map_err(|_| Error::WeightsLength { expected: u32::MAX.into(), got: tensors.len() as u64 })?;
    let mut bytes = Vec::with_capacity(HEADER + tensors.len());
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&[0; 2]);
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(&crc32fast::hash(tensors).to_le_bytes());
    bytes.extend_from_slice(tensors);
    Ok(bytes)
}

/// Checks a weights file and builds its network on `device`, in single precision: the layout that ships.
///
/// # Errors
/// [`Error::WeightsFormat`] for other files, [`Error::WeightsVersion`] for another version,
/// [`Error::WeightsLength`] for a truncated or padded file, [`Error::WeightsChecksum`] for a damaged one,
/// [`Error::WeightsShape`] for another network's.
pub fn decode(bytes: &[u8], device: &Device) -> Result<Network> {
    decode_as(&NetworkConfig::default(), bytes, device)
}

/// [`decode`] for another layout.
///
/// # Errors
/// Those of [`decode`].
pub fn decode_as(config: &NetworkConfig, bytes: &[u8], device: &Device) -> Result<Network> {
    let tensors = check(bytes)?;
    read::into(config.init_folded(device), tensors, device)
}

/// Checks a weights file and makes its network ready to answer on `device`: what [`Network::into_inference`] makes of
/// [`decode`]'s network, without that network.
///
/// # Errors
/// Those of [`decode`].
pub fn decode_inference(bytes: &[u8], device: &Device) -> Result<Inference> {
    ready::inference(&NetworkConfig::default(), check(bytes)?, device)
}

/// The tensors of a weights file whose header holds.
fn check(bytes: &[u8]) -> Result<&[u8]> {
    let start = bytes.len().min(MAGIC.len());
    if bytes[..start] != MAGIC[..start] || start == 0 {
        return Err(Error::WeightsFormat { got: bytes[..start].to_vec() });
    }
    let Some((header, tensors)) = bytes.split_at_checked(HEADER) else {
        return Err(Error::WeightsLength { expected: HEADER as u64, got: bytes.len() as u64 });
    };
    let version = u16::from_le_bytes([header[8], header[9]]);
    if version != VERSION {
        return Err(Error::WeightsVersion { expected: VERSION, got: version });
    }
    let length = u32::from_le_bytes([header[12], header[13], header[14], header[15]]);
    if tensors.len() as u64 != u64::from(length) {
        let expected = HEADER as u64 + u64::from(length);
        return Err(Error::WeightsLength { expected, got: bytes.len() as u64 });
    }
    let expected = u32::from_le_bytes([header[16], header[17], header[18], header[19]]);
    let got = crc32fast::hash(tensors);
    if got != expected {
        return Err(Error::WeightsChecksum { expected, got });
    }
    Ok(tensors)
}

impl Network {
    /// The normalisation that the network was trained with.
    pub fn normalization(&self) -> Normalization {
        let values = |tensor: Tensor<1>| tensor.into_data().iter::<f32>().collect::<Vec<_>>();
        Normalization::new(values(self.mean.val()), &values(self.deviation.val())).centred(self.centring())
    }

    /// Sets the normalisation, the training clips' mean and standard deviation, `[STACK_CHANNELS]` each.
    #[must_use]
    pub fn with_normalization(mut self, mean: &[f32], deviation: &[f32]) -> Self {
        let device = self.mean.val().device();
        let constant = |values: &[f32]| Tensor::<1>::from_floats(values, &device);
        self.mean = self.mean.map(|_| constant(mean));
        self.deviation = self.deviation.map(|_| constant(deviation));
        self
    }
}

#[cfg(test)]
mod tests {
    use burn::{
        module::{Module, ModuleMapper, Param},
        tensor::TensorData,
    };

    use super::*;

    /// Both ways to read a file, which refuse the same.
    fn load(bytes: &[u8]) -> Result<Network> {
        let device = crate::model::device();
        let network = decode(bytes, &device);
        let ready = decode_inference(bytes, &device);
        assert_eq!(ready.as_ref().err(), network.as_ref().err());
        network
    }

    #[test]
    fn the_shipped_weights_load() {
        assert!(load(SHIPPED).is_ok());
        assert!(SHIPPED.len() < 600_000, "{}", SHIPPED.len());
    }

    #[test]
    fn the_weights_of_crema_d_know_six_emotions() -> Result<()> {
        let network = load(CREMA_D)?;
        let values = (0..crate::features::STACK_CHANNELS * 90).map(|n| (n as f32 * 0.7).sin()).collect();
        let features = crate::features::FrameMatrix::from_data(crate::features::STACK_CHANNELS, 90, values)?;
        let network = network.into_inference();
        let probabilities = network.probabilities(&features, &mut network.scratch());
        for emotion in crate::Emotion::ALL {
            let absent = matches!(emotion, crate::Emotion::Calm | crate::Emotion::Surprise);
            assert_eq!(probabilities[emotion.index()] == 0.0, absent, "{emotion}");
        }
        Ok(())
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

    /// Weights of a Kaiming range, the same each time: of others, three networks in a hundred have one so near the edge
    /// between two steps that folding tips it.
    struct Drawn(u64);

    impl ModuleMapper for Drawn {
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            if D == 1 {
                return param;
            }
            param.map(|tensor| {
                let shape = tensor.dims();
                let count: usize = shape.iter().product();
                // Dense layers have their inputs first, convolutions their outputs.
                let inputs = if D == 2 { shape[0] } else { count / shape[0] };
                let mut draw = || {
                    // Knuth's linear congruential generator.
                    self.0 = self
                        .0
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1_442_695_040_888_963_407);
                    ((self.0 >> 40) as f32 / (1 << 23) as f32 - 1.0) / (inputs as f32).sqrt()
                };
                let values: Vec<f32> = (0..count).map(|_| draw()).collect();
                Tensor::from_data(TensorData::new(values, shape), &tensor.device())
            })
        }
    }

    fn random(config: &NetworkConfig) -> Network {
        let mean: Vec<f32> = (0..crate::features::STACK_CHANNELS).map(|n| n as f32).collect();
        config
            .init(&crate::model::device())
            .map(&mut Drawn(1))
            .with_normalization(&mean, &vec![2.0; mean.len()])
            .with_centring(0.7)
            .with_unsure_below(0.4)
    }

    #[test]
    fn another_networks_weights_are_refused() -> Result<()> {
        let wider = NetworkConfig { hidden: 32, ..NetworkConfig::default() };
        let other = encode(&random(&wider), Precision::Single)?;
        let refused = load(&other).expect_err("another layout").to_string();
        assert!(refused.contains("hidden.weight") && refused.contains("32"), "{refused}");
        let textbook = encode(&random(&NetworkConfig::textbook()), Precision::Bytes)?;
        assert!(matches!(load(&textbook), Err(Error::WeightsShape { .. })));
        for tensors in [&b""[..], b"x", &[255; 40], &[0; 1000]] {
            assert!(matches!(load(&seal(tensors)?), Err(Error::WeightsShape { .. })), "{tensors:?}");
        }
        Ok(())
    }

    /// Every length of the tensors is refused although the checksum holds: the reader itself looks at the end.
    #[test]
    fn tensors_cut_short_or_too_long_are_refused() -> Result<()> {
        let tensors = &encode(&random(&NetworkConfig::default()), Precision::Bytes)?[HEADER..];
        for length in (0..200).chain((200..tensors.len()).step_by(7919)) {
            assert!(matches!(load(&seal(&tensors[..length])?), Err(Error::WeightsShape { .. })), "{length}");
        }
        let longer = [tensors, &[0]].concat();
        assert!(matches!(load(&seal(&longer)?), Err(Error::WeightsShape { .. })));
        Ok(())
    }

    #[test]
    fn a_network_survives_the_file() -> Result<()> {
        for config in [NetworkConfig::compact(), NetworkConfig::textbook()] {
            let network = random(&config);
            let shape = [crate::features::STACK_CHANNELS, 4, crate::model::window::WINDOW_FRAMES];
            let distribution = burn::tensor::Distribution::Normal(0.0, 1.0);
            let windows = Tensor::<3>::random(shape, distribution, &crate::model::device());
            let expected = network.forward(windows.clone()).to_data();
            for (precision, tolerance) in [(Precision::Single, 1e-4), (Precision::Bytes, 0.1)] {
                let bytes = encode(&network, precision)?;
                let loaded = decode_as(&config, &bytes, &crate::model::device())?;
                assert_eq!(loaded.normalization(), network.normalization());
                assert_eq!(loaded.unsure_below(), 0.4);
                let tolerance = burn::tensor::Tolerance::absolute(tolerance);
                loaded.forward(windows.clone()).to_data().assert_approx_eq::<f32>(&expected, tolerance);
                if precision == Precision::Bytes {
                    // Training that sees the steps sees what ships.
                    let seen = in_steps(network.clone()).forward(windows.clone()).to_data();
                    let tolerance = burn::tensor::Tolerance::absolute(1e-4);
                    loaded.forward(windows.clone()).to_data().assert_approx_eq::<f32>(&seen, tolerance);
                }
                let ready = ready::inference(&config, check(&bytes)?, &crate::model::device())?;
                assert_eq!(ready.unsure_below(), 0.4);
                let features = (0..crate::features::STACK_CHANNELS * 90).map(|n| (n as f32 * 0.7).sin());
                let features = crate::features::FrameMatrix::from_data(
                    crate::features::STACK_CHANNELS,
                    90,
                    features.collect(),
                )?;
                let by_modules = loaded.clone().into_inference();
                assert_eq!(
                    ready.probabilities(&features, &mut ready.scratch()),
                    by_modules.probabilities(&features, &mut by_modules.scratch())
                );
                // What was read is written again.
                assert!(encode(&loaded, precision)? == bytes, "{precision:?}");
            }
        }
        Ok(())
    }
}
