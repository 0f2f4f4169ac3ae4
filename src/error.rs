//! What can go wrong, each with what was expected and what came.

use crate::number::single;

/// Shorthand for a result with this crate's [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// Everything this library refuses, and why.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No channel, or channels without samples.
    #[error("expected audio with at least one sample, got none")]
    EmptyAudio,

    /// Channels of one clip differ in length.
    #[error(
        "expected every channel to hold {expected} samples like the first, got {got} in channel {channel}"
    )]
    ChannelLength {
        /// The offending channel, counted from 0.
        channel: usize,
        /// Samples in the first channel.
        expected: usize,
        /// Samples in the offending channel.
        got: usize,
    },

    /// A sample is NaN or infinite.
    #[error("expected finite samples, got {} at sample {index} of channel {channel}", single(*value))]
    NonFiniteSample {
        /// The channel, counted from 0.
        channel: usize,
        /// The sample, counted from 0.
        index: usize,
        /// What stood there.
        value: f32,
    },

    /// The sample rate is outside what the resampler accepts.
    #[error("expected a sample rate of {min} to {max} Hz, got {got} Hz")]
    SampleRate {
        /// The lowest accepted rate, Hz.
        min: u32,
        /// The highest accepted rate, Hz.
        max: u32,
        /// The rate that came, Hz.
        got: u32,
    },

    /// The clip is too short to hold an emotion.
    #[error("expected at least {} s of audio, got {} s", single(*minimum), single(*got))]
    TooShort {
        /// The shortest accepted clip, seconds.
        minimum: f32,
        /// The length that came, seconds.
        got: f32,
    },

    /// The clip is longer than memory is planned for.
    #[error(
        "expected at most {} s of audio at this rate and number of channels, got {} s",
        single(maximum.round()),
        single(got.round())
    )]
    TooLong {
        /// The longest accepted clip, seconds.
        maximum: f32,
        /// The length that came, seconds.
        got: f32,
    },

    /// A parameter is out of its bounds.
    #[error("{name}: expected {expected}, got {got}")]
    Parameter {
        /// The parameter's name.
        name: &'static str,
        /// Its bounds.
        expected: String,
        /// What came.
        got: String,
    },

    /// A feature of this name does not exist.
    #[error("expected one of {expected}, got the feature \"{got}\"")]
    UnknownFeature {
        /// The names there are.
        expected: String,
        /// The name that came.
        got: String,
    },

    /// The bytes are no wav file that can be read.
    #[error("expected a wav file of PCM or 32-bit float samples, got {reason}")]
    Wav {
        /// What is wrong with it.
        reason: String,
    },

    #[cfg(feature = "network")]
    /// A sample that should be somebody's speech is none, or too little.
    #[error("expected at least {} s of speech, got {} s", single(*minimum), single(*got))]
    NoSpeech {
        /// The least that is of use, seconds.
        minimum: f32,
        /// How much was found, seconds; 0 where the gate takes it for something else.
        got: f32,
    },

    /// The caller ended the analysis on the way.
    #[error("expected an analysis to its end, got an end on the way")]
    Aborted,

    #[cfg(feature = "network")]
    /// The bytes do not begin like a weights file.
    #[error("expected a speech-emotion weights file, got bytes that begin with {got:02x?}")]
    WeightsFormat {
        /// The first bytes, at most eight.
        got: Vec<u8>,
    },

    #[cfg(feature = "network")]
    /// The weights file has another format version.
    #[error("expected weights of version {expected}, got version {got}")]
    WeightsVersion {
        /// The version this library reads.
        expected: u16,
        /// The file's version.
        got: u16,
    },

    #[cfg(feature = "network")]
    /// The weights file ends early, or goes on after its end.
    #[error("expected a weights file of {expected} bytes, got {got}")]
    WeightsLength {
        /// The length that the header announces, bytes.
        expected: u64,
        /// The length that came, bytes.
        got: u64,
    },

    #[cfg(feature = "network")]
    /// The weights' checksum does not match their bytes.
    #[error("expected weights with CRC-32 {expected:08x}, got {got:08x}: the file is damaged")]
    WeightsChecksum {
        /// The checksum in the header.
        expected: u32,
        /// The checksum of the payload.
        got: u32,
    },

    #[cfg(feature = "network")]
    /// The weights are of a network of another shape.
    #[error("expected weights of the shipped network's shape, got others: {reason}")]
    WeightsShape {
        /// Which tensor differs, and how.
        reason: String,
    },
}

impl Error {
    /// An error in a piece of a clip as one of the clip, in which `samples` came before.
    #[cfg(feature = "network")]
    pub(crate) fn after(self, samples: usize) -> Self {
        match self {
            Self::NonFiniteSample { channel, index, value } => {
                Self::NonFiniteSample { channel, index: index + samples, value }
            }
            error => error,
        }
    }

    /// A stable identifier for programs, the `code` of the JavaScript error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::EmptyAudio => "empty-audio",
            Self::ChannelLength { .. } => "channel-length",
            Self::NonFiniteSample { .. } => "non-finite-sample",
            Self::SampleRate { .. } => "sample-rate",
            Self::TooShort { .. } => "too-short",
            Self::TooLong { .. } => "too-long",
            Self::Parameter { .. } => "parameter",
            Self::UnknownFeature { .. } => "unknown-feature",
            Self::Wav { .. } => "decode",
            #[cfg(feature = "network")]
            Self::NoSpeech { .. } => "no-speech",
            Self::Aborted => "aborted",
            #[cfg(feature = "network")]
            Self::WeightsFormat { .. } => "weights-format",
            #[cfg(feature = "network")]
            Self::WeightsVersion { .. } => "weights-version",
            #[cfg(feature = "network")]
            Self::WeightsLength { .. } => "weights-length",
            #[cfg(feature = "network")]
            Self::WeightsChecksum { .. } => "weights-checksum",
            #[cfg(feature = "network")]
            Self::WeightsShape { .. } => "weights-shape",
        }
    }
}
