//! What holds for deltas, pre-emphasis, silence and fundamental frequency of any samples, and what is refused.

#![allow(clippy::unwrap_used)]

use arbtest::{
    arbitrary::{self, Unstructured},
    arbtest,
};
use speech_emotion::{
    Error,
    features::{
        DeltaMode, DeltaOptions, FrameMatrix, PadMode, PreemphasisOptions, SilenceOptions, SilenceReference,
        YinOptions, delta, preemphasis, split, trim, yin,
    },
};

/// Any finite value, subnormal to 3e38.
fn finite(u: &mut Unstructured<'_>) -> arbitrary::Result<f32> {
    Ok(Some(f32::from_bits(u.arbitrary()?)).filter(|value| value.is_finite()).unwrap_or(0.0))
}

/// Samples of any finite size, of the extreme sizes, of one size, or of ordinary loudness.
fn samples(u: &mut Unstructured<'_>) -> arbitrary::Result<Vec<f32>> {
    let length = u.int_in_range(1..=4000)?;
    let kind = u.int_in_range(0..=3)?;
    let constant = *u.choose(&[f32::MAX, -1e19, 1e-23, 1e-40, 0.0])?;
    let sample = |u: &mut Unstructured<'_>| match kind {
        0 => finite(u),
        1 => u.choose(&[f32::MAX, f32::MIN, f32::MIN_POSITIVE, -0.0]).copied(),
        2 => Ok(f32::from(u.arbitrary::<i16>()?) / 32_768.0),
        _ => Ok(constant),
    };
    (0..length).map(|_| sample(u)).collect()
}

/// Enough bytes for several thousand samples, and time for some hundred cases.
fn check(property: fn(&mut Unstructured<'_>) -> arbitrary::Result<()>) {
    arbtest(property).size_min(1 << 10).size_max(1 << 15).budget_ms(1_000);
}

#[test]
fn delta_of_any_values_is_finite() {
    check(|u| {
        let values = samples(u)?;
        let bands = u.int_in_range(1..=values.len().min(20))?;
        let frames = values.len() / bands;
        let data = FrameMatrix::from_data(bands, frames, values[..bands * frames].to_vec()).unwrap();
        let options = DeltaOptions {
            width: 1 + 2 * u.int_in_range(1..=20)?,
            order: u.int_in_range(1..=2)?,
            mode: *u.choose(&DeltaMode::ALL)?,
        };
        match delta(&data, &options) {
            Ok(delta) => {
                assert_eq!(delta.shape(), [bands, frames]);
                assert!(delta.data().iter().all(|value| value.is_finite()));
            }
            Err(error) => {
                assert!(options.width > frames && options.mode == DeltaMode::Interp, "{error}");
                assert!(matches!(error, Error::Parameter { name: "width", .. }));
            }
        }
        Ok(())
    });
}

#[test]
fn delta_knows_polynomials() {
    let parabola: Vec<f32> = (0..20).map(|t| 3.0 + 0.5 * t as f32 - 0.25 * (t * t) as f32).collect();
    let parabola = FrameMatrix::from_data(1, 20, parabola).unwrap();
    for width in [3, 5, 9, 19] {
        let curvature =
            delta(&parabola, &DeltaOptions { width, order: 2, ..DeltaOptions::default() }).unwrap();
        assert!(curvature.data().iter().all(|value| (value + 0.5).abs() < 1e-5), "{curvature:?}");
        let slope = delta(&parabola, &DeltaOptions { width, ..DeltaOptions::default() }).unwrap();
        for (t, &value) in slope.data().iter().enumerate().skip(width / 2).take(20 - 2 * (width / 2)) {
            assert!((value - (0.5 - 0.5 * t as f32)).abs() < 1e-5, "{slope:?}");
        }
    }
}

#[test]
fn preemphasis_of_any_samples_is_finite_and_goes_on_in_pieces() {
    check(|u| {
        let coef = finite(u)?;
        let options = PreemphasisOptions { coef, zi: if u.arbitrary()? { Some(finite(u)?) } else { None } };
        let samples = samples(u)?;
        let whole = preemphasis(&samples, &options).unwrap();
        assert_eq!(whole.len(), samples.len());
        assert!(whole.iter().all(|value| value.is_finite()));

        let cut = u.int_in_range(1..=samples.len())?;
        let zi = -coef * samples[cut - 1];
        if cut > 1 && cut < samples.len() && zi.is_finite() {
            let mut pieces = preemphasis(&samples[..cut], &options).unwrap();
            let rest = PreemphasisOptions { zi: Some(zi), ..options };
            pieces.extend(preemphasis(&samples[cut..], &rest).unwrap());
            assert_eq!(pieces, whole);
        }
        Ok(())
    });
}

#[test]
fn silence_of_any_samples_is_found_in_order() {
    check(|u| {
        let reference =
            if u.arbitrary()? { SilenceReference::Max } else { SilenceReference::Rms(finite(u)?) };
        let options = SilenceOptions {
            top_db: f32::from(u.arbitrary::<i16>()?) / 256.0,
            reference,
            frame_length: u.int_in_range(1..=3000)?,
            hop_length: u.int_in_range(100..=5000)?,
        };
        let samples = samples(u)?;
        let intervals = split(&samples, &options).unwrap();
        let ends: Vec<usize> = intervals.iter().flat_map(|interval| [interval.start, interval.end]).collect();
        assert!(ends.is_sorted() && ends.iter().all(|&end| end <= samples.len()), "{intervals:?}");
        let trimmed = trim(&samples, &options).unwrap();
        let [Some(&first), Some(&last)] = [ends.first(), ends.last()] else {
            assert_eq!(trimmed, 0..0);
            return Ok(());
        };
        assert_eq!(trimmed, first..last);
        Ok(())
    });
}

#[test]
fn f0_of_any_samples_is_within_its_bounds() {
    check(|u| {
        let rate = u.int_in_range(8_000..=192_000)?;
        let frame_length = u.int_in_range(64..=3000)?;
        let lowest = f64::from(rate) / (frame_length as f64 - 1.0);
        let fmin = lowest * (1.01 + f64::from(u.arbitrary::<u8>()?) / 255.0);
        let fmax = (fmin * (1.5 + f64::from(u.arbitrary::<u8>()?))).min(f64::from(rate) / 2.0);
        let options = YinOptions {
            fmin,
            fmax,
            frame_length,
            hop_length: if u.arbitrary()? { Some(u.int_in_range(50..=4000)?) } else { None },
            trough_threshold: 0.01 + f64::from(u.arbitrary::<u8>()?) / 200.0,
            center: u.arbitrary()?,
            pad_mode: *u.choose(&PadMode::ALL)?,
        };
        let samples = samples(u)?;
        let pitch = match yin(&samples, rate, &options) {
            Ok(pitch) => pitch,
            Err(error) => {
                assert!(!options.center && samples.len() < frame_length, "{error}");
                assert!(matches!(error, Error::Parameter { name: "frame_length", .. }));
                return Ok(());
            }
        };
        assert_eq!(pitch.f0.len(), pitch.voiced_prob.len());
        // Periods are whole samples before the parabola moves them, by less than one.
        let rate = f64::from(rate);
        let (low, high) = (rate / (rate / fmin).ceil() * 0.9999, rate / (rate / fmax).floor() * 1.0001);
        assert!(pitch.f0.iter().all(|&f0| (low..=high).contains(&f64::from(f0))), "{options:?}: {pitch:?}");
        assert!(pitch.voiced_prob.iter().all(|prob| (0.0..=1.0).contains(prob)), "{pitch:?}");
        Ok(())
    });
}

#[test]
fn f0_does_not_depend_on_loudness_and_voicing_tells_tone_from_noise_and_silence() {
    let tone = |level: f32| (0..16_000).map(move |i| level * (i as f32 * 0.08).sin()).collect::<Vec<_>>();
    let options = YinOptions { center: false, ..YinOptions::default() };
    let pitch = yin(&tone(0.5), 16_000, &options).unwrap();
    let hz = 16_000.0 * 0.08 / std::f32::consts::TAU;
    assert!(pitch.f0.iter().all(|f0| (f0 / hz - 1.0).abs() < 2e-3), "{pitch:?}");
    assert!(pitch.voiced_prob.iter().all(|&prob| prob > 0.95), "{pitch:?}");
    for level in [1e-12, 1e-3, 1e30] {
        let other = yin(&tone(level), 16_000, &options).unwrap();
        for (a, b) in pitch.f0.iter().zip(&other.f0).chain(pitch.voiced_prob.iter().zip(&other.voiced_prob)) {
            assert!((a - b).abs() <= 1e-4 * a, "level {level}: {a} and {b}");
        }
    }
    let mut state = 1_u32;
    let mut random = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 24) as f32 - 0.5
    };
    let noise: Vec<f32> = (0..16_000).map(|_| random()).collect();
    for unvoiced in [&noise[..], &[0.0; 16_000], &[0.25; 16_000]] {
        let pitch = yin(unvoiced, 16_000, &options).unwrap();
        assert!(pitch.voiced_prob.iter().all(|&prob| prob < 0.5), "{pitch:?}");
    }
}

#[test]
fn bad_samples_are_refused() {
    type Function = fn(&[f32]) -> Result<(), Error>;
    let functions: [Function; 4] = [
        |samples| preemphasis(samples, &PreemphasisOptions::default()).map(drop),
        |samples| trim(samples, &SilenceOptions::default()).map(drop),
        |samples| split(samples, &SilenceOptions::default()).map(drop),
        |samples| yin(samples, 16_000, &YinOptions::default()).map(drop),
    ];
    for function in functions {
        assert_eq!(function(&[]), Err(Error::EmptyAudio));
        assert_eq!(function(&[0.5]), Ok(()));
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let result = function(&[0.0, bad]);
            assert!(matches!(result, Err(Error::NonFiniteSample { channel: 0, index: 1, .. })), "{result:?}");
        }
    }
    for rate in [0, 7_999, 192_001] {
        let expected = Error::SampleRate { min: 8_000, max: 192_000, got: rate };
        assert_eq!(yin(&[0.5], rate, &YinOptions::default()), Err(expected));
    }
}

#[track_caller]
fn assert_refused<T: std::fmt::Debug>(parameter: &str, result: Result<T, Error>) {
    assert!(matches!(result, Err(Error::Parameter { name, .. }) if name == parameter), "{result:?}");
}

#[test]
fn bad_options_are_refused_by_name() {
    let data = FrameMatrix::from_data(2, 8, vec![0.5; 16]).unwrap();
    for width in [0, 1, 2, 4, 9, usize::MAX] {
        assert_refused("width", delta(&data, &DeltaOptions { width, ..DeltaOptions::default() }));
    }
    let mode = DeltaMode::Wrap;
    for width in [0, 4, 4_097, usize::MAX] {
        assert_refused("width", delta(&data, &DeltaOptions { width, mode, ..DeltaOptions::default() }));
    }
    assert!(delta(&data, &DeltaOptions { width: 4_095, mode, ..DeltaOptions::default() }).is_ok());
    for order in [0, 3] {
        assert_refused("order", delta(&data, &DeltaOptions { width: 3, order, ..DeltaOptions::default() }));
    }
    let data = FrameMatrix::from_data(1, 3, vec![0.5, f32::NAN, 0.5]).unwrap();
    assert_refused("data", delta(&data, &DeltaOptions { width: 3, ..DeltaOptions::default() }));

    let defaults = PreemphasisOptions::default;
    assert_refused("coef", preemphasis(&[0.5], &PreemphasisOptions { coef: f32::NAN, ..defaults() }));
    let zi = Some(f32::INFINITY);
    assert_refused("zi", preemphasis(&[0.5], &PreemphasisOptions { zi, ..defaults() }));

    let defaults = SilenceOptions::default;
    let nan = SilenceReference::Rms(f32::NAN);
    for (parameter, options) in [
        ("top_db", SilenceOptions { top_db: f32::INFINITY, ..defaults() }),
        ("reference", SilenceOptions { reference: nan, ..defaults() }),
        ("frame_length", SilenceOptions { frame_length: 0, ..defaults() }),
        ("frame_length", SilenceOptions { frame_length: usize::MAX, ..defaults() }),
        ("hop_length", SilenceOptions { hop_length: 0, ..defaults() }),
    ] {
        assert_refused(parameter, trim(&[0.5], &options));
        assert_refused(parameter, split(&[0.5], &options));
    }

    let defaults = YinOptions::default;
    // Both 33 samples of 16 kHz, after rounding.
    let close = 484.848_484_848_484_8_f64;
    for (parameter, options) in [
        ("fmin", YinOptions { fmin: 0.0, ..defaults() }),
        ("fmin", YinOptions { fmin: -65.0, ..defaults() }),
        ("fmin", YinOptions { fmin: f64::NAN, ..defaults() }),
        ("fmin", YinOptions { fmin: 7.8, ..defaults() }),
        ("fmax", YinOptions { fmax: 60.0, ..defaults() }),
        ("fmax", YinOptions { fmax: 8_000.1, ..defaults() }),
        ("fmax", YinOptions { fmax: f64::NAN, ..defaults() }),
        ("fmax", YinOptions { fmin: close, fmax: close.next_up(), ..defaults() }),
        ("frame_length", YinOptions { frame_length: 3, ..defaults() }),
        ("frame_length", YinOptions { frame_length: 32_769, ..defaults() }),
        ("hop_length", YinOptions { hop_length: Some(0), ..defaults() }),
        ("trough_threshold", YinOptions { trough_threshold: 0.0, ..defaults() }),
        ("trough_threshold", YinOptions { trough_threshold: f64::NAN, ..defaults() }),
    ] {
        assert_refused(parameter, yin(&[0.5], 16_000, &options));
    }
    // A hop past the clip's end leaves one frame.
    let far = YinOptions { hop_length: Some(usize::MAX), ..defaults() };
    assert_eq!(yin(&[0.5; 3000], 16_000, &far).unwrap().f0.len(), 1);
    let uncentred = YinOptions { center: false, ..defaults() };
    assert_refused("frame_length", yin(&[0.5; 2047], 16_000, &uncentred));
    assert_eq!(yin(&[0.5; 2048], 16_000, &uncentred).unwrap().f0.len(), 1);
}
