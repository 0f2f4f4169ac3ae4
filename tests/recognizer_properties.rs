//! Whatever comes in, the recognizer answers or says why not.

#![cfg(feature = "network")]
#![allow(clippy::unwrap_used)]

use std::cell::RefCell;

use arbtest::{
    arbitrary::{self, Unstructured},
    arbtest,
};
use speech_emotion::{Error, Recognizer};

/// Samples of ordinary loudness, of any bits at all, or all alike.
fn channel(u: &mut Unstructured<'_>, length: usize) -> arbitrary::Result<Vec<f32>> {
    let kind = u.int_in_range(0..=3)?;
    let constant = *u.choose(&[0.0, 1.0, -1e-40, 1e20, f32::MAX])?;
    // A short pattern repeated: the bytes that a case is made of would not last for seconds of samples.
    let pattern: Vec<f32> = (0..u.int_in_range(1..=400)?)
        .map(|_| {
            Ok(match kind {
                0 => f32::from_bits(u.arbitrary()?),
                1 | 2 => f32::from(u.arbitrary::<i16>()?) / 32_768.0,
                _ => constant,
            })
        })
        .collect::<arbitrary::Result<_>>()?;
    Ok(pattern.into_iter().cycle().take(length).collect())
}

#[test]
fn any_clip_is_answered_or_refused_by_name() {
    let recognizer = RefCell::new(Recognizer::new().unwrap());
    arbtest(|u| {
        let rate =
            *u.choose(&[0, 7_999, 8_000, 11_025, 16_000, 44_100, 48_000, 192_000, 192_001, u32::MAX])?;
        let length = u.int_in_range(0..=60_000)?;
        let channels: Vec<Vec<f32>> = (0..u.int_in_range(0..=3)?)
            .map(|_| {
                let ragged = usize::from(u.ratio(1, 20)?);
                channel(u, length + ragged)
            })
            .collect::<arbitrary::Result<_>>()?;
        let borrowed: Vec<&[f32]> = channels.iter().map(Vec::as_slice).collect();
        match recognizer.borrow_mut().analyze(&borrowed, rate) {
            Ok(prediction) => {
                assert!((0.0..=1.0).contains(&prediction.speech));
                assert_eq!(prediction.label.is_some(), prediction.probabilities.is_some());
                let Some(probabilities) = prediction.probabilities else { return Ok(()) };
                assert!((probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-4, "{probabilities:?}");
                assert!(probabilities.iter().all(|p| (0.0..=1.0).contains(p)), "{probabilities:?}");
            }
            Err(error) => assert!(
                matches!(
                    error,
                    Error::EmptyAudio
                        | Error::ChannelLength { .. }
                        | Error::NonFiniteSample { .. }
                        | Error::SampleRate { .. }
                        | Error::TooShort { .. }
                ),
                "{error}"
            ),
        }
        Ok(())
    })
    .size_min(1 << 8)
    .size_max(1 << 13)
    .budget_ms(3_000);
}
