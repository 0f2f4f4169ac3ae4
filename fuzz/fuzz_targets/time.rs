//! Pitch, silence, pre-emphasis, deltas and decibels of any samples with any options: finite, or refused.
#![no_main]

use arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use speech_emotion::{
    Error,
    dsp::{DecibelOptions, DecibelReference, db_to_power, power_to_db},
    features::{
        DeltaMode, DeltaOptions, FrameMatrix, PadMode, PreemphasisOptions, SilenceOptions, SilenceReference,
        YinOptions, delta, preemphasis, split, trim, yin,
    },
};
use speech_emotion_fuzz::{Length, Number, check_error, samples};

/// The most frames that are computed: a hop of one sample is nothing to wait for.
const MOST_FRAMES: usize = 600;

fn pitch(u: &mut Unstructured<'_>) -> Result<()> {
    let rate = if u.ratio(1, 8)? { u.arbitrary()? } else { *u.choose(&[8_000, 16_000, 22_050, 48_000])? };
    let mut options = YinOptions::default();
    for place in [&mut options.fmin, &mut options.fmax, &mut options.trough_threshold] {
        if u.ratio(1, 3)? {
            *place = Number::arbitrary(u)?.0;
        }
    }
    if u.arbitrary()? {
        options.frame_length = Length::arbitrary(u)?.0;
    }
    if u.arbitrary()? {
        options.hop_length = Some(Length::arbitrary(u)?.0);
    }
    options.center = u.arbitrary()?;
    options.pad_mode = *u.choose(&PadMode::ALL)?;
    let samples = samples(u)?;
    let hop_length = options.hop_length.unwrap_or(options.frame_length / 4).max(1);
    if samples.len() / hop_length > MOST_FRAMES {
        return Ok(());
    }
    match yin(&samples, rate, &options) {
        Ok(pitch) => {
            assert_eq!(pitch.f0.len(), pitch.voiced_prob.len());
            assert!(pitch.f0.iter().all(|f0| f0.is_finite() && *f0 > 0.0), "{pitch:?}");
            assert!(pitch.voiced_prob.iter().all(|prob| (0.0..=1.0).contains(prob)), "{pitch:?}");
        }
        Err(error) => check_error(&error),
    }
    Ok(())
}

fn silence(u: &mut Unstructured<'_>) -> Result<()> {
    let reference = Number::arbitrary(u)?.single();
    let options = SilenceOptions {
        top_db: Number::arbitrary(u)?.single(),
        reference: if u.arbitrary()? { SilenceReference::Max } else { SilenceReference::Rms(reference) },
        frame_length: Length::arbitrary(u)?.0,
        hop_length: Length::arbitrary(u)?.0,
    };
    let samples = samples(u)?;
    match (trim(&samples, &options), split(&samples, &options)) {
        (Ok(kept), Ok(intervals)) => {
            assert!(kept.start <= kept.end && kept.end <= samples.len());
            let ends: Vec<usize> = intervals.iter().flat_map(|part| [part.start, part.end]).collect();
            assert!(ends.is_sorted() && ends.last().is_none_or(|&end| end <= samples.len()), "{intervals:?}");
        }
        (Err(error), Err(other)) => {
            assert_eq!(error.code(), other.code());
            check_error(&error);
        }
        (kept, intervals) => panic!("{kept:?} and {intervals:?}"),
    }
    Ok(())
}

fn values(u: &mut Unstructured<'_>) -> Result<()> {
    let check = |result: std::result::Result<&[f32], &Error>| match result {
        Ok(values) => assert!(values.iter().all(|value| value.is_finite()), "{values:?}"),
        Err(error) => check_error(error),
    };
    let emphasis = PreemphasisOptions {
        coef: Number::arbitrary(u)?.single(),
        zi: if u.arbitrary()? { Some(Number::arbitrary(u)?.single()) } else { None },
    };
    let slope = DeltaOptions {
        width: u.int_in_range(0..=40)?,
        order: u.int_in_range(0..=3)?,
        mode: *u.choose(&DeltaMode::ALL)?,
    };
    let power = Number::arbitrary(u)?.single();
    let decibels = DecibelOptions {
        reference: if u.arbitrary()? { DecibelReference::Max } else { DecibelReference::Power(power) },
        amin: if u.arbitrary()? { 1e-10 } else { Number::arbitrary(u)?.single() },
        top_db: if u.arbitrary()? { Some(Number::arbitrary(u)?.single()) } else { None },
    };
    let bands = u.int_in_range(1..=20)?;
    let mut samples = samples(u)?;
    let filtered = preemphasis(&samples, &emphasis);
    check(filtered.as_deref());
    let frames = samples.len() / bands;
    let matrix = FrameMatrix::from_data(bands, frames, samples[..bands * frames].to_vec()).unwrap();
    let slopes = delta(&matrix, &slope);
    check(slopes.as_ref().map(FrameMatrix::data));
    let result = power_to_db(&mut samples, &decibels);
    check(result.as_ref().map(|()| samples.as_slice()));
    db_to_power(&mut samples, power);
    Ok(())
}

fuzz_target!(|data: &[u8]| {
    let u = &mut Unstructured::new(data);
    // Too few bytes make no case.
    let _ = match u.int_in_range(0..=2) {
        Ok(0) => pitch(u),
        Ok(1) => silence(u),
        _ => values(u),
    };
});
