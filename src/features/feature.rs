//! The features by name.

use std::{fmt, str::FromStr};

use crate::{Error, Result, dsp::CHROMA_BANDS};

use super::FrameOptions;

/// A feature of frames, with librosa's definition and name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Feature {
    /// `librosa.feature.melspectrogram`: power in mel bands, `[n_mels, frames]`.
    MelSpectrogram,
    /// `librosa.power_to_db(melspectrogram)`: the same in dB, `[n_mels, frames]`.
    LogMel,
    /// `librosa.feature.mfcc`: cepstral coefficients of the log-mel spectrogram, `[n_mfcc, frames]`.
    Mfcc,
    /// `librosa.feature.chroma_stft`: power in the 12 pitch classes relative to the strongest, `[12, frames]`.
    Chroma,
    /// `librosa.feature.rms`: root mean square, `[1, frames]`.
    Rms,
    /// `librosa.feature.zero_crossing_rate`: sign changes a sample, `[1, frames]`.
    ZeroCrossingRate,
    /// `librosa.feature.spectral_centroid`: the mean frequency by magnitude, Hz, `[1, frames]`.
    SpectralCentroid,
    /// `librosa.feature.spectral_rolloff`: where 85 % of the magnitude is reached, Hz, `[1, frames]`.
    SpectralRolloff,
    /// `librosa.feature.spectral_flatness`: geometric over arithmetic mean of the power, `[1, frames]`.
    SpectralFlatness,
}

impl Feature {
    /// How many features there are.
    pub const COUNT: usize = 9;

    /// Every feature.
    pub const ALL: [Self; Self::COUNT] = [
        Self::MelSpectrogram,
        Self::LogMel,
        Self::Mfcc,
        Self::Chroma,
        Self::Rms,
        Self::ZeroCrossingRate,
        Self::SpectralCentroid,
        Self::SpectralRolloff,
        Self::SpectralFlatness,
    ];

    /// librosa's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MelSpectrogram => "melspectrogram",
            Self::LogMel => "log_mel",
            Self::Mfcc => "mfcc",
            Self::Chroma => "chroma_stft",
            Self::Rms => "rms",
            Self::ZeroCrossingRate => "zero_crossing_rate",
            Self::SpectralCentroid => "spectral_centroid",
            Self::SpectralRolloff => "spectral_rolloff",
            Self::SpectralFlatness => "spectral_flatness",
        }
    }

    /// Whether it is computed of a frame's spectrum, and not of its samples.
    pub(super) fn needs_spectrum(self) -> bool {
        !matches!(self, Self::Rms | Self::ZeroCrossingRate)
    }

    /// The values of a frame.
    pub fn bands(self, options: &FrameOptions) -> usize {
        match self {
            Self::MelSpectrogram | Self::LogMel => options.n_mels,
            Self::Mfcc => options.n_mfcc,
            Self::Chroma => CHROMA_BANDS,
            _ => 1,
        }
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Feature {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|feature| feature.name() == name).ok_or_else(|| Error::UnknownFeature {
            expected: Self::ALL.map(Self::name).join(", "),
            got: name.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_parse_back() {
        for feature in Feature::ALL {
            assert_eq!(feature.name().parse(), Ok(feature));
        }
        let error = "tempo".parse::<Feature>().err().map(|error| error.to_string());
        assert!(error.is_some_and(|text| text.contains("chroma_stft") && text.contains("\"tempo\"")));
    }
}
