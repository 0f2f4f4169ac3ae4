//! Frame features with librosa 0.11's definitions, and the network's input made of them.
//!
//! Frames are centred on every `hop_length`th sample and reach past the clip's ends into silence, unless told otherwise:
//! a clip of any length has `1 + samples / hop_length` of them. [`extract`] computes any of the features with librosa's names
//! and presets, [`stft`] the spectra under them; [`InputStack`] the fixed set that the network takes.

mod chroma_stft;
mod delta;
mod extractor;
mod feature;
mod frame;
mod framing;
mod hops;
mod log_mel;
mod matrix;
mod mfcc;
mod options;
#[cfg(not(target_arch = "wasm32"))]
mod pitch;
mod poly_features;
mod preemphasis;
mod rms;
mod silence;
mod spectral_bandwidth;
mod spectral_centroid;
mod spectral_contrast;
mod spectral_flatness;
mod spectral_rolloff;
mod stack;
mod stft;
mod stream;
mod tonnetz;
mod tuning;
mod window;
mod yin;
mod zero_crossing_rate;

pub use delta::{DeltaMode, DeltaOptions, delta};
pub use extractor::Extractor;
pub use feature::Feature;
pub use framing::PadMode;
pub(crate) use log_mel::LogMel;
pub use matrix::FrameMatrix;
pub use options::{ChromaNorm, FrameOptions};
pub use preemphasis::{PreemphasisOptions, preemphasis};
pub use silence::{SilenceOptions, SilenceReference, split, trim};
pub use stack::{InputStack, STACK_CHANNELS};
pub use stft::{Stft, StftOptions, stft};
pub use stream::FeatureStream;
pub use window::Window;
pub use yin::{F0, YinOptions, yin};

pub use crate::dsp::{DctNorm, MelNorm};

use crate::Result;

/// Computes `features` of mono `samples` at `sample_rate` Hz, in the order in which they are asked for: each
/// `[bands, frames]` with `1 + samples / hop_length` frames.
///
/// For many clips, keep an [`Extractor`].
///
/// # Errors
/// [`Error::EmptyAudio`](crate::Error::EmptyAudio) without samples,
/// [`Error::NonFiniteSample`](crate::Error::NonFiniteSample) at the first NaN or infinity,
/// [`Error::SampleRate`](crate::Error::SampleRate) outside of 8 to 192 kHz,
/// [`Error::Parameter`](crate::Error::Parameter) if an option is out of its bounds.
///
/// # Examples
/// ```
/// use speech_emotion::features::{Feature, FrameOptions, extract};
///
/// let tone: Vec<f32> = (0..16_000).map(|i| (i as f32 * 0.1).sin()).collect();
/// let features = extract(&tone, 16_000, &[Feature::Mfcc, Feature::Rms], &FrameOptions::default())?;
/// assert_eq!(features[0].1.shape(), [20, 32]);
/// # Ok::<(), speech_emotion::Error>(())
/// ```
pub fn extract(
    samples: &[f32],
    sample_rate: u32,
    features: &[Feature],
    options: &FrameOptions,
) -> Result<Vec<(Feature, FrameMatrix)>> {
    Extractor::new(sample_rate, features, options)?.compute(samples)
}
