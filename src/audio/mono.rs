//! Mixing down to one channel.

use crate::{Error, Result};

/// Averages channels of equal length, `[channels][samples]`, to one.
///
/// # Errors
/// [`Error::EmptyAudio`] without a sample, [`Error::ChannelLength`] when the channels differ in length,
/// [`Error::NonFiniteSample`] for NaN and infinities.
pub fn to_mono(channels: &[&[f32]]) -> Result<Vec<f32>> {
    let mut mono = Vec::new();
    mix_into(channels, &mut mono)?;
    Ok(mono)
}

/// What [`to_mono`] gives, in memory that is there already.
///
/// # Errors
/// Those of [`to_mono`]; `mono` is then as it was.
pub fn mix_into(channels: &[&[f32]], mono: &mut Vec<f32>) -> Result<()> {
    let first = check_channels(channels)?;
    // Each sample is scaled before it is added, so that full-scale channels cannot overflow.
    let scale = 1.0 / channels.len() as f32;
    mono.clear();
    mono.extend(first.iter().map(|sample| sample * scale));
    for samples in &channels[1..] {
        for (sum, sample) in mono.iter_mut().zip(*samples) {
            *sum += sample * scale;
        }
    }
    Ok(())
}

/// Refuses what [`to_mono`] refuses, and gives the first channel.
pub(super) fn check_channels<'a>(channels: &[&'a [f32]]) -> Result<&'a [f32]> {
    let first = *channels.first().filter(|first| !first.is_empty()).ok_or(Error::EmptyAudio)?;
    for (channel, samples) in channels.iter().enumerate() {
        if samples.len() != first.len() {
            return Err(Error::ChannelLength { channel, expected: first.len(), got: samples.len() });
        }
        if let Some(index) = samples.iter().position(|sample| !sample.is_finite()) {
            return Err(Error::NonFiniteSample { channel, index, value: samples[index] });
        }
    }
    Ok(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_the_channels() {
        assert_eq!(to_mono(&[&[1.0, 0.5], &[0.0, -0.5]]), Ok(vec![0.5, 0.0]));
        assert_eq!(to_mono(&[&[0.25, -1.0]]), Ok(vec![0.25, -1.0]));
        assert_eq!(to_mono(&[&[f32::MAX], &[f32::MAX]]), Ok(vec![f32::MAX]));
    }

    #[test]
    fn says_where_the_channels_are_wrong() {
        let ragged = to_mono(&[&[0.0, 0.0], &[0.0]]);
        assert_eq!(ragged, Err(Error::ChannelLength { channel: 1, expected: 2, got: 1 }));
        let infinite = to_mono(&[&[0.0, 0.0], &[0.0, f32::INFINITY]]);
        assert_eq!(infinite, Err(Error::NonFiniteSample { channel: 1, index: 1, value: f32::INFINITY }));
        assert!(matches!(to_mono(&[&[f32::NAN]]), Err(Error::NonFiniteSample { channel: 0, index: 0, .. })));
    }
}
