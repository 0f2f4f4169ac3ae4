//! The features by name.

use std::{fmt, str::FromStr};

use crate::{Error, Result};

use super::{FrameOptions, poly_features::POLY_BANDS, tonnetz::TONNETZ_BANDS};

/// A feature of frames, with librosa's definition and name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Feature {
    /// `librosa.feature.melspectrogram`: power in mel bands, `[n_mels, frames]`.
    MelSpectrogram,
    /// `librosa.power_to_db(melspectrogram)`: the same in dB, `[n_mels, frames]`. Needs the whole clip,
    /// whose maximum `top_db` counts from, unless that is `None`.
    LogMel,
    /// `librosa.feature.mfcc`: cepstral coefficients of the log-mel spectrogram, `[n_mfcc, frames]`. Needs the
    /// whole clip as that does.
    Mfcc,
    /// `librosa.feature.chroma_stft`: power in the pitch classes relative to the strongest, `[n_chroma, frames]`.
    /// Needs the whole clip, of which the tuning is estimated, unless `tuning` is given.
    Chroma,
    /// `librosa.feature.rms`: root mean square, `[1, frames]`.
    Rms,
    /// `librosa.feature.zero_crossing_rate`: sign changes a sample, `[1, frames]`.
    ZeroCrossingRate,
    /// `librosa.feature.spectral_centroid`: the mean frequency by magnitude, Hz, `[1, frames]`.
    SpectralCentroid,
    /// `librosa.feature.spectral_bandwidth`: the standard deviation of the frequency by magnitude, Hz, `[1, frames]`.
    SpectralBandwidth,
    /// `librosa.feature.spectral_contrast`: peaks over valleys in octaves, dB, `[n_bands + 1, frames]`. Needs
    /// the whole clip, from whose loudest peak and valley dB are cut off, unless it is `linear`.
    SpectralContrast,
    /// `librosa.feature.spectral_rolloff`: where 85 % of the magnitude is reached, Hz, `[1, frames]`.
    SpectralRolloff,
    /// `librosa.feature.spectral_flatness`: geometric over arithmetic mean of the power, `[1, frames]`.
    SpectralFlatness,
    /// `librosa.feature.poly_features` of order 1: slope a Hz and intercept of the magnitude, `[2, frames]`.
    PolyFeatures,
    /// `librosa.feature.tonnetz(chroma=chroma_stft)`: tonal centroids, of [`Self::Chroma`] and not of the constant-Q
    /// chroma that librosa takes by default, `[6, frames]`. Needs the whole clip as that does.
    Tonnetz,
}

impl Feature {
    /// How many features there are.
    pub const COUNT: usize = 13;

    /// Every feature.
    pub const ALL: [Self; Self::COUNT] = [
        Self::MelSpectrogram,
        Self::LogMel,
        Self::Mfcc,
        Self::Chroma,
        Self::Rms,
        Self::ZeroCrossingRate,
        Self::SpectralCentroid,
        Self::SpectralBandwidth,
        Self::SpectralContrast,
        Self::SpectralRolloff,
        Self::SpectralFlatness,
        Self::PolyFeatures,
        Self::Tonnetz,
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
            Self::SpectralBandwidth => "spectral_bandwidth",
            Self::SpectralContrast => "spectral_contrast",
            Self::SpectralRolloff => "spectral_rolloff",
            Self::SpectralFlatness => "spectral_flatness",
            Self::PolyFeatures => "poly_features",
            Self::Tonnetz => "tonnetz",
        }
    }

    /// Whether it is computed of a frame's spectrum, and not of its samples.
    pub(super) fn needs_spectrum(self) -> bool {
        !matches!(self, Self::Rms | Self::ZeroCrossingRate)
    }

    /// Whether it is computed of the spectrum's magnitude.
    pub(super) fn needs_magnitude(self) -> bool {
        matches!(
            self,
            Self::SpectralCentroid
                | Self::SpectralBandwidth
                | Self::SpectralContrast
                | Self::SpectralRolloff
                | Self::PolyFeatures
        )
    }

    /// Whether it is made of mel bands.
    pub(super) fn needs_mel(self) -> bool {
        matches!(self, Self::MelSpectrogram | Self::LogMel | Self::Mfcc)
    }

    /// The values of a frame.
    pub fn bands(self, options: &FrameOptions) -> usize {
        match self {
            Self::MelSpectrogram | Self::LogMel => options.n_mels,
            Self::Mfcc => options.n_mfcc,
            Self::Chroma => options.n_chroma,
            Self::SpectralContrast => options.n_bands + 1,
            Self::PolyFeatures => POLY_BANDS,
            Self::Tonnetz => TONNETZ_BANDS,
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
