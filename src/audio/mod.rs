//! From what a microphone or a file gives to what the features want: one channel at 16 kHz.

pub mod clip;
mod high_pass;
mod mono;
mod resample;
mod wav;

pub use high_pass::high_pass;
pub use mono::{mix_into, to_mono};
pub use resample::{StreamResampler, resample};
pub use wav::{Wav, WavLayout, decode_wav, wav_layout};

use crate::{Error, Result};

/// The rate at which everything after this module works, Hz.
pub const SAMPLE_RATE: u32 = 16_000;

/// The lowest and highest sample rates accepted, Hz.
pub const SAMPLE_RATES: std::ops::RangeInclusive<u32> = 8_000..=192_000;

/// The shortest clip that can be analysed, seconds.
pub const MIN_SECONDS: f32 = 0.25;

/// The longest clip that can be analysed, seconds.
pub const MAX_SECONDS: f32 = 3_600.0;

/// The most samples that a clip may have, all channels together: an hour of stereo at 48 kHz. They are copied
/// once and mixed down to half as many, in the 4 GB that a browser's module can have.
const MAX_SAMPLES: usize = 2 * 48_000 * 3_600;

/// Refuses a clip that is too long, by its size alone: `samples` in each of `channels` at `sample_rate` Hz.
///
/// # Errors
/// [`Error::SampleRate`] for a rate out of [`SAMPLE_RATES`], [`Error::TooLong`] past [`MAX_SECONDS`], or sooner
/// where channels and rate make more samples of it than an hour of stereo at 48 kHz has.
pub fn check_size(channels: usize, samples: usize, sample_rate: u32) -> Result<()> {
    check_rate(sample_rate)?;
    let rate = sample_rate as f32;
    let maximum = MAX_SECONDS.min(MAX_SAMPLES as f32 / (channels.max(1) as f32 * rate));
    let got = samples as f32 / rate;
    if got > maximum { Err(Error::TooLong { maximum, got }) } else { Ok(()) }
}

/// Checks a clip, mixes it down and resamples it: `channels` of equal length at `sample_rate` Hz become one
/// channel at [`SAMPLE_RATE`].
///
/// # Errors
/// [`Error::SampleRate`] for a rate out of [`SAMPLE_RATES`], [`Error::TooShort`] under [`MIN_SECONDS`], and
/// what [`check_size`] and [`to_mono`] refuse.
pub fn prepare(channels: &[&[f32]], sample_rate: u32) -> Result<Vec<f32>> {
    check(channels, sample_rate)?;
    resample(&to_mono(channels)?, sample_rate, SAMPLE_RATE)
}

/// Refuses what [`prepare`] refuses: whatever can't be analysed.
///
/// # Errors
/// See [`prepare`].
pub fn check(channels: &[&[f32]], sample_rate: u32) -> Result<()> {
    let samples = channels.first().map_or(0, |first| first.len());
    check_size(channels.len(), samples, sample_rate)?;
    mono::check_channels(channels)?;
    let seconds = samples as f32 / sample_rate as f32;
    if seconds < MIN_SECONDS {
        return Err(Error::TooShort { minimum: MIN_SECONDS, got: seconds });
    }
    Ok(())
}

/// Refuses a sample rate outside [`SAMPLE_RATES`].
///
/// # Errors
/// [`Error::SampleRate`].
pub fn check_rate(sample_rate: u32) -> Result<()> {
    if SAMPLE_RATES.contains(&sample_rate) {
        Ok(())
    } else {
        Err(Error::SampleRate { min: *SAMPLE_RATES.start(), max: *SAMPLE_RATES.end(), got: sample_rate })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_it_cannot_use() {
        let second = vec![0.1; 16_000];
        assert_eq!(prepare(&[], 16_000), Err(Error::EmptyAudio));
        assert_eq!(prepare(&[&[]], 16_000), Err(Error::EmptyAudio));
        for rate in [0, 7_999, 192_001, u32::MAX] {
            assert!(matches!(prepare(&[&second], rate), Err(Error::SampleRate { got, .. }) if got == rate));
        }
        assert!(matches!(prepare(&[&second[..3_999]], 16_000), Err(Error::TooShort { .. })));
        assert_eq!(prepare(&[&second[..4_000]], 16_000).map(|mono| mono.len()), Ok(4_000));
    }

    #[test]
    fn a_clip_may_last_an_hour() {
        let hour = |channels, rate: u32, seconds: usize| check_size(channels, seconds * rate as usize, rate);
        assert_eq!(hour(2, 48_000, 3_600), Ok(()));
        assert_eq!(hour(1, 8_000, 3_600), Ok(()));
        assert_eq!(hour(1, 8_000, 3_601), Err(Error::TooLong { maximum: 3_600.0, got: 3_601.0 }));
        assert_eq!(hour(32, 192_000, 60), Err(Error::TooLong { maximum: 56.25, got: 60.0 }));
    }

    #[test]
    fn every_rate_keeps_the_duration() {
        for rate in [8_000, 11_025, 12_345, 16_000, 22_050, 24_414, 44_100, 48_000, 96_000, 192_000] {
            let clip = vec![0.1; rate as usize];
            let length = prepare(&[&clip], rate).map(|mono| mono.len());
            assert_eq!(length, Ok(SAMPLE_RATE as usize), "{rate} Hz");
        }
    }
}
