//! What holds for features of any samples, and what is refused.

#![allow(clippy::unwrap_used)]

use arbtest::{
    arbitrary::{self, Unstructured},
    arbtest,
};
use speech_emotion::{
    Error,
    features::{
        ChromaNorm, DctNorm, Extractor, Feature, FrameOptions, InputStack, MelNorm, PadMode, STACK_CHANNELS,
        StftOptions, Window, extract, stft,
    },
};

/// Samples of any finite size, subnormal to 3e38, or all of one extreme size, or of ordinary loudness.
fn samples(u: &mut Unstructured<'_>) -> arbitrary::Result<Vec<f32>> {
    let length = u.int_in_range(1..=5000)?;
    let kind = u.int_in_range(0..=3)?;
    let constant = *u.choose(&[f32::MAX, -1e19, 1e-23, 1e-40])?;
    let sample = |u: &mut Unstructured<'_>| -> arbitrary::Result<f32> {
        Ok(match kind {
            0 => Some(f32::from_bits(u.arbitrary()?)).filter(|value| value.is_finite()).unwrap_or(0.0),
            1 => *u.choose(&[f32::MAX, f32::MIN, f32::MIN_POSITIVE, -0.0])?,
            2 => f32::from(u.arbitrary::<i16>()?) / 32_768.0,
            _ => constant,
        })
    };
    (0..length).map(|_| sample(u)).collect()
}

/// Enough bytes for several thousand samples, and time for some hundred cases.
fn check(property: fn(&mut Unstructured<'_>) -> arbitrary::Result<()>) {
    arbtest(property).size_min(1 << 10).size_max(1 << 15).budget_ms(1_500);
}

#[test]
fn stack_of_any_samples_is_finite() {
    check(|u| {
        let samples = samples(u)?;
        let stack = InputStack::new().compute(&samples).unwrap();
        assert_eq!(stack.shape(), [STACK_CHANNELS, 1 + samples.len() / 256]);
        assert!(stack.data().iter().all(|value| value.is_finite()));
        Ok(())
    });
}

/// As often a power of two as another number.
fn frame_length(u: &mut Unstructured<'_>) -> arbitrary::Result<usize> {
    if u.arbitrary()? { Ok(1 << u.int_in_range(5..=12)?) } else { u.int_in_range(32..=4_096) }
}

#[test]
fn features_of_any_samples_are_finite() {
    check(|u| {
        let rate = u.int_in_range(8_000..=192_000)?;
        let n_fft = frame_length(u)?;
        let hop_length = u.int_in_range(n_fft / 20 + 1..=n_fft)?;
        let n_mels: usize = u.int_in_range(1..=200.min(n_fft / 2 + 1))?;
        let nyquist = f64::from(rate) / 2.0;
        let fmin = *u.choose(&[0.0, 50.0, 0.999 * nyquist])?;
        let options = FrameOptions {
            n_fft,
            hop_length,
            n_mels,
            fmin,
            fmax: *u.choose(&[None, Some(fmin + 1.0)])?,
            n_mfcc: n_mels.min(20),
            dct_type: u.int_in_range(1 + usize::from(n_mels == 1)..=3)?,
            dct_norm: *u.choose(&[DctNorm::Ortho, DctNorm::None])?,
            lifter: *u.choose(&[0.0, 1e-300, 22.0, 1e300])?,
            n_bands: u.int_in_range(1..=16)?,
            contrast_fmin: *u.choose(&[1e-9, 200.0, 0.999 * nyquist])?,
            quantile: *u.choose(&[1e-9, 0.02, 0.5, 0.999])?,
            win_length: *u.choose(&[None, Some(1), Some(n_fft / 3)])?,
            window: *u.choose(&Window::ALL)?,
            center: u.arbitrary()?,
            pad_mode: *u.choose(&PadMode::ALL)?,
            power: *u.choose(&[2.0, 1.0, 0.3])?,
            htk: u.arbitrary()?,
            mel_norm: *u.choose(&[
                MelNorm::Slaney,
                MelNorm::Max,
                MelNorm::Sum,
                MelNorm::Length,
                MelNorm::None,
            ])?,
            n_chroma: u.int_in_range(1..=120)?,
            ctroct: *u.choose(&[-1e300, 0.0, 5.0])?,
            octwidth: *u.choose(&[None, Some(1e-300), Some(2.0), Some(1e300)])?,
            base_c: u.arbitrary()?,
            chroma_norm: *u.choose(&[ChromaNorm::Max, ChromaNorm::Sum, ChromaNorm::Length])?,
            threshold: *u.choose(&[0.0, 1e-10, 0.1])?,
            zero_pos: u.arbitrary()?,
            p: *u.choose(&[0.1, 1.0, 2.0, 10.0])?,
            bandwidth_norm: u.arbitrary()?,
            linear: u.arbitrary()?,
            flatness_amin: *u.choose(&[1e-30, 1e-10, 1.0])?,
            flatness_power: *u.choose(&[0.1, 1.0, 2.0])?,
            ..FrameOptions::default()
        };
        let samples = samples(u)?;
        if !options.center && samples.len() < n_fft {
            let refused = extract(&samples, rate, &Feature::ALL, &options);
            assert!(matches!(refused, Err(Error::Parameter { name: "n_fft", .. })), "{refused:?}");
            return Ok(());
        }
        // An odd frame's middle sample has half of the others on either side.
        let reach = if options.center { n_fft % 2 } else { n_fft };
        let frames = (samples.len() - reach) / hop_length + 1;
        for (feature, matrix) in extract(&samples, rate, &Feature::ALL, &options).unwrap() {
            assert_eq!(matrix.shape(), [feature.bands(&options), frames]);
            assert!(matrix.data().iter().all(|value| value.is_finite()), "{feature}");
            let bounds = match feature {
                Feature::Chroma | Feature::ZeroCrossingRate | Feature::SpectralFlatness => 0.0..=1.001,
                Feature::Tonnetz => -1.001..=1.001,
                Feature::SpectralBandwidth if !options.bandwidth_norm => 0.0..=f32::MAX,
                Feature::SpectralBandwidth => 0.0..=rate as f32 / 2.0 * 1.001,
                Feature::SpectralContrast if !options.linear => -1e-4..=250.001,
                _ => f32::MIN..=f32::MAX,
            };
            assert!(matrix.data().iter().all(|value| bounds.contains(value)), "{feature}");
        }
        Ok(())
    });
}

#[test]
fn an_stft_of_any_samples_is_finite() {
    check(|u| {
        let n_fft = frame_length(u)?;
        let hop_length = u.int_in_range(n_fft / 20 + 1..=n_fft)?;
        let samples = samples(u)?;
        let options = StftOptions {
            n_fft,
            hop_length: Some(hop_length),
            win_length: *u.choose(&[None, Some(1), Some(n_fft / 3)])?,
            window: *u.choose(&Window::ALL)?,
            center: u.arbitrary()?,
            pad_mode: *u.choose(&PadMode::ALL)?,
        };
        let frames = if options.center {
            1 + (samples.len() - n_fft % 2) / hop_length
        } else if let Some(rest) = samples.len().checked_sub(n_fft) {
            1 + rest / hop_length
        } else {
            let refused = stft(&samples, &options);
            assert!(matches!(refused, Err(Error::Parameter { name: "n_fft", .. })), "{refused:?}");
            return Ok(());
        };
        let stft = stft(&samples, &options).unwrap();
        assert_eq!(stft.shape(), [1 + n_fft / 2, frames]);
        assert!(stft.data().iter().all(|value| value.is_finite()));
        assert!(stft.magnitude().data().iter().all(|value| value.is_finite()));
        assert!(stft.power().data().iter().all(|value| value.is_finite()));
        Ok(())
    });
}

#[test]
fn each_feature_alone_equals_all_together_and_a_planned_extractor_repeats_itself() {
    let clip: Vec<f32> = (0..9000).map(|i| (i as f32 * 0.05).sin() * (i as f32 * 0.0011).cos()).collect();
    let options = FrameOptions::default();
    let mut extractor = Extractor::new(22_050, &Feature::ALL, &options).unwrap();
    extractor.compute(&[0.5; 3000]).unwrap();
    for (feature, matrix) in extractor.compute(&clip).unwrap() {
        assert_eq!(extract(&clip, 22_050, &[feature], &options).unwrap(), [(feature, matrix)]);
    }
    let asked = [Feature::Rms, Feature::Mfcc, Feature::Rms];
    let got = extract(&clip, 22_050, &asked, &options).unwrap();
    assert_eq!(got.iter().map(|(feature, _)| *feature).collect::<Vec<_>>(), asked);
    assert_eq!(extract(&clip, 22_050, &[], &options).unwrap(), []);
}

#[test]
fn a_frame_of_the_stack_depends_on_its_own_samples_alone() {
    let clip: Vec<f32> = (0..8000).map(|i| (i as f32 * 0.3).sin() * (i as f32 * 0.001).sin()).collect();
    let mut stack = InputStack::new();
    let whole = stack.compute(&clip).unwrap();
    // A loud half behind it, and a shorter clip in between, change nothing of the frames before.
    let longer: Vec<f32> = clip.iter().copied().chain([1.0, -1.0].repeat(4000)).collect();
    stack.compute(&clip[..700]).unwrap();
    let longer = stack.compute(&longer).unwrap();
    let settled = (clip.len() - 512) / 256;
    for band in 0..STACK_CHANNELS {
        assert_eq!(whole.row(band)[..settled], longer.row(band)[..settled], "row {band}");
    }
}

#[test]
fn bad_input_is_refused_by_name() {
    let defaults = FrameOptions::default;
    let all = |samples: &[f32], rate, options| extract(samples, rate, &Feature::ALL, &options).map(drop);
    assert_eq!(all(&[], 16_000, defaults()), Err(Error::EmptyAudio));
    assert_eq!(InputStack::new().compute(&[]), Err(Error::EmptyAudio));
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let samples = [0.0, 0.5, bad];
        for result in [
            all(&samples, 16_000, defaults()),
            InputStack::new().compute(&samples).map(drop),
            stft(&samples, &StftOptions::default()).map(drop),
        ] {
            assert!(matches!(result, Err(Error::NonFiniteSample { channel: 0, index: 2, .. })));
        }
    }
    for rate in [0, 7_999, 192_001, u32::MAX] {
        let expected = Error::SampleRate { min: 8_000, max: 192_000, got: rate };
        assert_eq!(all(&[0.5], rate, defaults()), Err(expected));
    }
    let bad_options = [
        ("n_fft", FrameOptions { n_fft: 0, ..defaults() }),
        ("n_fft", FrameOptions { n_fft: 31, ..defaults() }),
        ("n_fft", FrameOptions { n_fft: 32_769, ..defaults() }),
        ("hop_length", FrameOptions { hop_length: 0, ..defaults() }),
        ("hop_length", FrameOptions { hop_length: 2049, ..defaults() }),
        ("win_length", FrameOptions { win_length: Some(0), ..defaults() }),
        ("win_length", FrameOptions { win_length: Some(2049), ..defaults() }),
        ("dct_type", FrameOptions { dct_type: 0, ..defaults() }),
        ("dct_type", FrameOptions { dct_type: 4, ..defaults() }),
        ("dct_type", FrameOptions { dct_type: 1, n_mels: 1, n_mfcc: 1, ..defaults() }),
        ("n_chroma", FrameOptions { n_chroma: 0, ..defaults() }),
        ("n_chroma", FrameOptions { n_chroma: 121, ..defaults() }),
        ("ctroct", FrameOptions { ctroct: f64::NAN, ..defaults() }),
        ("octwidth", FrameOptions { octwidth: Some(0.0), ..defaults() }),
        ("octwidth", FrameOptions { octwidth: Some(f64::INFINITY), ..defaults() }),
        ("flatness_power", FrameOptions { flatness_power: 0.0, ..defaults() }),
        ("flatness_power", FrameOptions { flatness_power: 3.0, ..defaults() }),
        ("power", FrameOptions { power: 0.0, ..defaults() }),
        ("power", FrameOptions { power: 2.1, ..defaults() }),
        ("power", FrameOptions { power: f64::NAN, ..defaults() }),
        ("threshold", FrameOptions { threshold: -1e-9, ..defaults() }),
        ("threshold", FrameOptions { threshold: f32::INFINITY, ..defaults() }),
        ("p", FrameOptions { p: 0.0, ..defaults() }),
        ("p", FrameOptions { p: f64::INFINITY, ..defaults() }),
        ("flatness_amin", FrameOptions { flatness_amin: 0.0, ..defaults() }),
        ("flatness_amin", FrameOptions { flatness_amin: 2.0, ..defaults() }),
        ("n_fft", FrameOptions { center: false, ..defaults() }),
        ("n_mels", FrameOptions { n_mels: 0, ..defaults() }),
        ("n_mels", FrameOptions { n_mels: usize::MAX, ..defaults() }),
        ("n_mels", FrameOptions { n_mels: 34, n_mfcc: 1, n_fft: 64, hop_length: 16, ..defaults() }),
        ("fmin", FrameOptions { fmin: -1.0, ..defaults() }),
        ("fmin", FrameOptions { fmin: 7_999.5, ..defaults() }),
        ("fmin", FrameOptions { fmin: f64::NAN, ..defaults() }),
        ("fmax", FrameOptions { fmax: Some(0.0), ..defaults() }),
        ("fmax", FrameOptions { fmin: 500.0, fmax: Some(500.5), ..defaults() }),
        ("fmax", FrameOptions { fmax: Some(8_000.1), ..defaults() }),
        ("fmax", FrameOptions { fmax: Some(f64::NAN), ..defaults() }),
        ("n_mfcc", FrameOptions { n_mfcc: 0, ..defaults() }),
        ("n_mfcc", FrameOptions { n_mfcc: 129, ..defaults() }),
        ("lifter", FrameOptions { lifter: -1.0, ..defaults() }),
        ("lifter", FrameOptions { lifter: f64::INFINITY, ..defaults() }),
        ("n_bands", FrameOptions { n_bands: 0, ..defaults() }),
        ("n_bands", FrameOptions { n_bands: 17, ..defaults() }),
        ("contrast_fmin", FrameOptions { contrast_fmin: 0.0, ..defaults() }),
        ("contrast_fmin", FrameOptions { contrast_fmin: 8_000.0, ..defaults() }),
        ("contrast_fmin", FrameOptions { contrast_fmin: f64::NAN, ..defaults() }),
        ("quantile", FrameOptions { quantile: 0.0, ..defaults() }),
        ("quantile", FrameOptions { quantile: 1.0, ..defaults() }),
        ("quantile", FrameOptions { quantile: f64::NAN, ..defaults() }),
        ("top_db", FrameOptions { top_db: Some(-1.0), ..defaults() }),
        ("top_db", FrameOptions { top_db: Some(f32::NAN), ..defaults() }),
        ("tuning", FrameOptions { tuning: Some(0.6), ..defaults() }),
        ("tuning", FrameOptions { tuning: Some(f64::NAN), ..defaults() }),
        ("roll_percent", FrameOptions { roll_percent: 1.0, ..defaults() }),
        ("roll_percent", FrameOptions { roll_percent: f32::NAN, ..defaults() }),
    ];
    for (option, options) in bad_options {
        let result = all(&[0.5], 16_000, options.clone());
        assert!(matches!(result, Err(Error::Parameter { name, .. }) if name == option), "{options:?}");
    }
    // What only mel bands need is asked of them alone.
    let short = FrameOptions { n_fft: 64, hop_length: 16, ..defaults() };
    assert!(extract(&[0.5], 16_000, &[Feature::Rms, Feature::SpectralContrast], &short).is_ok());
    for feature in [Feature::MelSpectrogram, Feature::LogMel, Feature::Mfcc] {
        let result = extract(&[0.5], 16_000, &[feature], &short);
        assert!(matches!(result, Err(Error::Parameter { name: "n_mels", .. })), "{feature}");
    }
    // Three million frames of 128 bands would take more memory than a browser gives.
    let dense = FrameOptions { hop_length: 1, ..defaults() };
    let result = all(&vec![0.0; 3_000_000], 16_000, dense);
    assert!(matches!(result, Err(Error::Parameter { name: "hop_length", .. })));

    let defaults = StftOptions::default;
    assert_eq!(stft(&[], &defaults()), Err(Error::EmptyAudio));
    for (option, options) in [
        ("n_fft", StftOptions { n_fft: 0, ..defaults() }),
        ("n_fft", StftOptions { n_fft: 31, ..defaults() }),
        ("hop_length", StftOptions { hop_length: Some(0), ..defaults() }),
        ("hop_length", StftOptions { hop_length: Some(2049), ..defaults() }),
        ("win_length", StftOptions { win_length: Some(0), ..defaults() }),
        ("win_length", StftOptions { win_length: Some(2049), ..defaults() }),
        ("n_fft", StftOptions { center: false, ..defaults() }),
    ] {
        let result = stft(&[0.5], &options);
        assert!(matches!(result, Err(Error::Parameter { name, .. }) if name == option), "{options:?}");
    }
    let dense = stft(&vec![0.0; 3_000_000], &StftOptions { hop_length: Some(1), ..defaults() });
    assert!(matches!(dense, Err(Error::Parameter { name: "hop_length", .. })));
}
