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
        if let Some(index) = first_not_finite(samples) {
            return Err(Error::NonFiniteSample { channel, index, value: samples[index] });
        }
    }
    Ok(first)
}

/// The first NaN or infinity. Looked for block by block, since a loop that may end at any sample has no SIMD.
fn first_not_finite(samples: &[f32]) -> Option<usize> {
    const BLOCK: usize = 1024;
    let finite = |block: &[f32]| block.iter().fold(true, |all, sample| all & sample.is_finite());
    let block = samples.chunks(BLOCK).position(|block| !finite(block))?;
    let within = samples[block * BLOCK..].iter().position(|sample| !sample.is_finite())?;
    Some(block * BLOCK + within)
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
        for index in [0, 1_023, 1_024, 2_999] {
            let mut samples = vec![0.5; 3_000];
            samples[index..].fill(f32::NEG_INFINITY);
            let value = f32::NEG_INFINITY;
            assert_eq!(to_mono(&[&samples]), Err(Error::NonFiniteSample { channel: 0, index, value }));
        }
    }
}
