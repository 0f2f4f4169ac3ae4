//! What the fuzz targets share: input that is any bits at all.

use arbitrary::{Arbitrary, Result, Unstructured};
use speech_emotion::Error;

/// A number from anywhere: small ones, powers of two and what lies beside them, and any bits.
#[derive(Debug, Clone, Copy)]
pub struct Length(pub usize);

impl<'a> Arbitrary<'a> for Length {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self(match u.int_in_range(0..=7)? {
            0 => u.arbitrary()?,
            1 => u.int_in_range(0..=70_000)?,
            2 | 3 => (1_usize << u.int_in_range(0..=16)?) + u.int_in_range(0..=2)? - 1,
            4 | 5 => u.int_in_range(32..=2_048)?,
            _ => 1 << u.int_in_range(5..=11)?,
        }))
    }
}

/// A real number from anywhere: sensible ones, and any bits, NaN and infinities among them.
#[derive(Debug, Clone, Copy)]
pub struct Number(pub f64);

impl<'a> Arbitrary<'a> for Number {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self(match u.int_in_range(0..=3)? {
            0 => f64::from_bits(u.arbitrary()?),
            1 => f64::from(u.arbitrary::<i16>()?),
            2 => f64::from(u.arbitrary::<u16>()?) / 65_535.0,
            _ => f64::from(f32::from_bits(u.arbitrary()?)),
        }))
    }
}

impl Number {
    /// Any in f32.
    ///
    /// # Errors
    /// When the input is used up.
    pub fn arbitrary_single(u: &mut Unstructured<'_>) -> Result<f32> {
        Ok(Self::arbitrary(u)?.single())
    }

    /// The same in f32.
    pub fn single(self) -> f32 {
        self.0 as f32
    }
}

/// Up to some ten thousand samples: of any bits, ordinary ones, or few that are repeated, which is how a short input
/// makes a long clip.
pub fn samples(u: &mut Unstructured<'_>) -> Result<Vec<f32>> {
    let any_bits: bool = u.ratio(1, 3)?;
    let repeats: bool = u.arbitrary()?;
    let length = u.int_in_range(0..=20_000)?;
    let given = length.min(u.len() / if any_bits { 4 } else { 2 });
    let samples: Vec<f32> = (0..given)
        .map(|_| {
            Ok(if any_bits {
                f32::from_bits(u.arbitrary()?)
            } else {
                f32::from(u.arbitrary::<i16>()?) / 32_768.0
            })
        })
        .collect::<Result<_>>()?;
    let length = if repeats && given > 0 { length } else { given };
    // A step that grows, so that the period is not the same throughout.
    Ok((0..length).map(|index| samples[(index + index / given.max(1)) % given.max(1)]).collect())
}

/// A sample rate: of ordinary devices mostly, of the bounds, or any.
pub fn rate(u: &mut Unstructured<'_>) -> Result<u32> {
    if u.ratio(1, 8)? {
        return u.arbitrary();
    }
    Ok(*u.choose(&[7_999, 8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000])?)
}

/// The channels of a clip, mostly one or two and of one length; one clip in eight is repeated to some seconds.
pub fn channels(u: &mut Unstructured<'_>) -> Result<Vec<Vec<f32>>> {
    let count = if u.ratio(1, 16)? { u.int_in_range(0..=32)? } else { u.int_in_range(1..=2)? };
    let times = if u.ratio(1, 8)? { u.int_in_range(1..=12)? } else { 1 };
    let first = samples(u)?.repeat(times);
    let ragged = u.ratio(1, 32)?;
    let other = |index: usize| -> Vec<f32> {
        // The first one, turned over or shifted.
        let mut channel: Vec<f32> =
            first.iter().map(|sample| if index % 2 == 0 { *sample } else { -0.5 * sample }).collect();
        let length = channel.len();
        channel.rotate_left(index * 7 % length.max(1));
        channel.truncate(length - usize::from(ragged).min(length));
        channel
    };
    let others: Vec<Vec<f32>> = (1..count).map(other).collect();
    Ok(if count == 0 { Vec::new() } else { std::iter::once(first.clone()).chain(others).collect() })
}

/// What bad input gives: an error of features or samples, with what was expected and what came.
///
/// # Panics
/// At any other.
pub fn check_error(error: &Error) {
    let text = error.to_string();
    assert!(text.contains("expected") && text.contains("got"), "{text}");
    assert!(
        matches!(error.code(), "parameter" | "empty-audio" | "non-finite-sample" | "sample-rate"),
        "{error:?}"
    );
}
