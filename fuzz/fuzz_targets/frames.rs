//! Features of frames, whole and in a stream, of any samples with any options: finite, of their shape, or refused.
#![no_main]

use arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use speech_emotion::features::{
    ChromaNorm, DctNorm, Extractor, Feature, FeatureStream, FrameOptions, MelNorm, PadMode, StftOptions,
    Window, stft,
};
use speech_emotion_fuzz::{Length, Number, check_error, samples};

/// The most frames that are computed: a hop of one sample is nothing to wait for.
const MOST_FRAMES: usize = 600;

fn options(u: &mut Unstructured<'_>) -> Result<FrameOptions> {
    let mut options = FrameOptions::default();
    let length = |place: &mut usize, u: &mut Unstructured<'_>| -> Result<()> {
        if u.ratio(1, 2)? {
            *place = Length::arbitrary(u)?.0;
        }
        Ok(())
    };
    length(&mut options.n_fft, u)?;
    length(&mut options.hop_length, u)?;
    length(&mut options.n_mels, u)?;
    length(&mut options.n_mfcc, u)?;
    if u.ratio(1, 4)? {
        options.n_bands = u.int_in_range(0..=20)?;
    }
    if u.arbitrary()? {
        options.win_length = Some(Length::arbitrary(u)?.0);
    }
    let number = |place: &mut f64, u: &mut Unstructured<'_>| -> Result<()> {
        if u.ratio(1, 4)? {
            *place = Number::arbitrary(u)?.0;
        }
        Ok(())
    };
    number(&mut options.fmin, u)?;
    number(&mut options.lifter, u)?;
    number(&mut options.contrast_fmin, u)?;
    number(&mut options.quantile, u)?;
    number(&mut options.power, u)?;
    number(&mut options.p, u)?;
    number(&mut options.ctroct, u)?;
    number(&mut options.flatness_power, u)?;
    if u.ratio(1, 4)? {
        options.n_chroma = u.int_in_range(0..=130)?;
    }
    if u.ratio(1, 3)? {
        options.dct_type = u.int_in_range(0..=4)?;
    }
    let optional = |u: &mut Unstructured<'_>| -> Result<Option<f64>> {
        Ok(if u.ratio(1, 3)? { Some(Number::arbitrary(u)?.0) } else { None })
    };
    options.fmax = optional(u)?;
    options.tuning = if u.arbitrary()? { optional(u)? } else { Some(0.0) };
    options.octwidth = if u.arbitrary()? { optional(u)? } else { Some(2.0) };
    options.top_db = optional(u)?.map(|value| value as f32);
    for place in [&mut options.roll_percent, &mut options.threshold, &mut options.flatness_amin] {
        if u.ratio(1, 5)? {
            *place = Number::arbitrary(u)?.single();
        }
    }
    options.window = *u.choose(&Window::ALL)?;
    options.pad_mode = *u.choose(&PadMode::ALL)?;
    options.dct_norm = *u.choose(&[DctNorm::Ortho, DctNorm::None])?;
    let norms = [MelNorm::Slaney, MelNorm::Max, MelNorm::Sum, MelNorm::Length, MelNorm::None];
    options.mel_norm = *u.choose(&norms)?;
    options.chroma_norm =
        *u.choose(&[ChromaNorm::Max, ChromaNorm::Sum, ChromaNorm::Length, ChromaNorm::None])?;
    (options.center, options.htk) = (u.arbitrary()?, u.arbitrary()?);
    (options.zero_pos, options.linear) = (u.arbitrary()?, u.arbitrary()?);
    (options.base_c, options.bandwidth_norm) = (u.arbitrary()?, u.arbitrary()?);
    Ok(options)
}

fn run(u: &mut Unstructured<'_>) -> Result<()> {
    let rate = if u.ratio(1, 8)? { u.arbitrary()? } else { *u.choose(&[8_000, 16_000, 22_050, 48_000])? };
    let options = options(u)?;
    let chosen: u16 = u.arbitrary()?;
    let features: Vec<Feature> = Feature::ALL
        .into_iter()
        .enumerate()
        .filter_map(|(index, feature)| (chosen >> index & 1 == 1).then_some(feature))
        .collect();
    let cut = u.int_in_range(1..=3_000)?;
    let samples = samples(u)?;
    if samples.len() / options.hop_length.max(1) > MOST_FRAMES {
        return Ok(());
    }

    let cut_options = StftOptions {
        n_fft: options.n_fft,
        hop_length: Some(options.hop_length),
        win_length: options.win_length,
        window: options.window,
        center: options.center,
        pad_mode: options.pad_mode,
    };
    match stft(&samples, &cut_options) {
        Ok(spectra) => assert!(spectra.power().data().iter().all(|value| value.is_finite())),
        Err(error) => check_error(&error),
    }

    let whole = match Extractor::new(rate, &features, &options).and_then(|mut it| it.compute(&samples)) {
        Ok(whole) => whole,
        Err(error) => return Ok(check_error(&error)),
    };
    for (feature, matrix) in &whole {
        assert_eq!(matrix.bands(), feature.bands(&options));
        assert!(matrix.data().iter().all(|value| value.is_finite()), "{feature}");
    }
    let mut stream = match FeatureStream::new(rate, &features, &options) {
        Ok(stream) => stream,
        Err(error) => return Ok(check_error(&error)),
    };
    let mut rows = vec![Vec::new(); features.len()];
    let mut append = |part: Vec<(Feature, speech_emotion::features::FrameMatrix)>| {
        // The first band tells whether the frames are the same.
        rows.iter_mut().zip(part).for_each(|(row, (_, matrix))| row.extend_from_slice(matrix.row(0)));
    };
    samples.chunks(cut).for_each(|piece| append(stream.push(piece).unwrap()));
    append(stream.finish().unwrap());
    for (row, (feature, matrix)) in rows.iter().zip(&whole) {
        let same = row.iter().map(|x| x.to_bits()).eq(matrix.row(0).iter().map(|x| x.to_bits()));
        assert!(same, "{feature}: {row:?} and not {:?}", matrix.row(0));
    }
    Ok(())
}

fuzz_target!(|data: &[u8]| {
    // Too few bytes make no case.
    let _ = run(&mut Unstructured::new(data));
});
