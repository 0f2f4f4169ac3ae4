//! How frames are cut and what is computed on them.

use crate::{Error, Result};

/// Options of [`extract`](super::extract), named and preset as librosa's.
#[derive(Debug, Clone, PartialEq)]
pub struct FrameOptions {
    /// Samples in a frame, which is also the length of the window and of the transform: a power of two from 32
    /// to 32768. librosa takes any; 2048.
    pub n_fft: usize,
    /// Samples from a frame to the next, 1 to `n_fft`; 512.
    pub hop_length: usize,
    /// Bands of the mel spectrogram, 1 to 512; 128.
    pub n_mels: usize,
    /// Mel-frequency cepstral coefficients, 1 to `n_mels`; 20.
    pub n_mfcc: usize,
    /// How far below the clip's maximum the log-mel spectrogram, and the MFCC from it, are cut off, dB, at least
    /// 0; `None` leaves them whole. 80.
    pub top_db: Option<f32>,
    /// Deviation of A from 440 Hz for chroma, semitones, -0.5 to 0.5; `None` estimates it from the clip as
    /// librosa does, at the cost of computing its spectrum twice. `None`.
    pub tuning: Option<f64>,
    /// The share of the magnitude that lies below the rolloff, above 0 and below 1; 0.85.
    pub roll_percent: f32,
}

impl Default for FrameOptions {
    fn default() -> Self {
        Self {
            n_fft: 2048,
            hop_length: 512,
            n_mels: 128,
            n_mfcc: 20,
            top_db: Some(80.0),
            tuning: None,
            roll_percent: 0.85,
        }
    }
}

impl FrameOptions {
    /// Checks every option against its bounds.
    pub(super) fn validate(&self) -> Result<()> {
        let n_fft_is_right = self.n_fft.is_power_of_two() && (32..=32_768).contains(&self.n_fft);
        check(n_fft_is_right, "n_fft", "a power of two from 32 to 32768", &self.n_fft)?;
        check((1..=self.n_fft).contains(&self.hop_length), "hop_length", "1 to n_fft", &self.hop_length)?;
        check((1..=512).contains(&self.n_mels), "n_mels", "1 to 512", &self.n_mels)?;
        check((1..=self.n_mels).contains(&self.n_mfcc), "n_mfcc", "1 to n_mels", &self.n_mfcc)?;
        let top_db_is_right = self.top_db.is_none_or(|top_db| top_db >= 0.0 && top_db.is_finite());
        check(top_db_is_right, "top_db", "none or at least 0 dB", &self.top_db)?;
        let tuning_is_right = self.tuning.is_none_or(|tuning| (-0.5..=0.5).contains(&tuning));
        check(tuning_is_right, "tuning", "none or -0.5 to 0.5 semitones", &self.tuning)?;
        let roll_percent_is_right = self.roll_percent > 0.0 && self.roll_percent < 1.0;
        check(roll_percent_is_right, "roll_percent", "above 0 and below 1", &self.roll_percent)
    }
}

fn check(right: bool, name: &'static str, expected: &str, got: &dyn std::fmt::Debug) -> Result<()> {
    if right {
        return Ok(());
    }
    Err(Error::Parameter { name, expected: expected.into(), got: format!("{got:?}") })
}

/// Refuses audio that no feature is defined on.
pub(super) fn check_samples(samples: &[f32]) -> Result<()> {
    if samples.is_empty() {
        return Err(Error::EmptyAudio);
    }
    // Every sample is looked at, since a loop that may stop early is not vectorised.
    if samples.iter().fold(true, |finite, sample| finite & sample.is_finite()) {
        return Ok(());
    }
    let index = samples.iter().take_while(|sample| sample.is_finite()).count();
    Err(Error::NonFiniteSample { channel: 0, index, value: samples[index] })
}
