//! A stream gives the frames of the whole clip, bit for bit, or says why it can not.

#![allow(clippy::unwrap_used)]

use arbtest::{
    arbitrary::{self, Unstructured},
    arbtest,
};
use speech_emotion::{
    Error,
    features::{Feature, FeatureStream, FrameMatrix, FrameOptions, PadMode, extract},
};

/// Options of which every frame depends on its own samples alone.
fn frame_local() -> FrameOptions {
    FrameOptions { top_db: None, tuning: Some(0.0), ..FrameOptions::default() }
}

/// The features that a stream takes with these options.
fn streamable(options: &FrameOptions) -> Vec<Feature> {
    let taken = |feature: &Feature| FeatureStream::new(16_000, &[*feature], options).is_ok();
    Feature::ALL.into_iter().filter(taken).collect()
}

/// Parts of a clip's frames, one after another.
#[derive(Default)]
struct Frames(Vec<(Feature, Vec<Vec<f32>>)>);

impl Frames {
    fn append(&mut self, part: Vec<(Feature, FrameMatrix)>) {
        if self.0.is_empty() {
            self.0 = part.iter().map(|(feature, matrix)| (*feature, vec![vec![]; matrix.bands()])).collect();
        }
        assert_eq!(self.0.len(), part.len());
        for ((feature, rows), (other, matrix)) in self.0.iter_mut().zip(part) {
            assert_eq!((*feature, rows.len()), (other, matrix.bands()));
            rows.iter_mut().enumerate().for_each(|(band, row)| row.extend_from_slice(matrix.row(band)));
        }
    }

    fn assert_equals(&self, whole: &[(Feature, FrameMatrix)], options: &FrameOptions) {
        assert_eq!(self.0.len(), whole.len());
        let bits = |row: &[f32]| row.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        for ((feature, rows), (other, matrix)) in self.0.iter().zip(whole) {
            assert_eq!((feature, rows.len()), (other, matrix.bands()));
            for (band, row) in rows.iter().enumerate() {
                assert_eq!(bits(row), bits(matrix.row(band)), "{feature}, band {band}, {options:?}");
            }
        }
    }
}

#[test]
fn a_stream_equals_the_whole_clip_however_it_is_cut() {
    let property = |u: &mut Unstructured<'_>| -> arbitrary::Result<()> {
        let rate = u.int_in_range(8_000..=48_000)?;
        let n_fft = if u.arbitrary()? { 1 << u.int_in_range(5..=11)? } else { u.int_in_range(32..=2_048)? };
        let hop_length = u.int_in_range(n_fft / 10 + 1..=n_fft)?;
        let options = FrameOptions {
            n_fft,
            hop_length,
            n_mels: 16,
            n_mfcc: 13,
            tuning: Some(f64::from(u.arbitrary::<i8>()?) / 256.0),
            center: u.arbitrary()?,
            linear: u.arbitrary()?,
            pad_mode: *u.choose(&PadMode::ALL)?,
            n_chroma: *u.choose(&[12, 7])?,
            ..frame_local()
        };
        let length = u.int_in_range(1..=6_000)?;
        let (step, level) = (u.int_in_range(1..=40_000)?, f32::from(u.arbitrary::<u8>()?) / 255.0);
        let clip: Vec<f32> =
            (0..length).map(|i| level * ((i * step % 9_973) as f32 / 4_986.5 - 1.0)).collect();
        let mut features = streamable(&options);
        if u.arbitrary()? {
            features = vec![*u.choose(&features)?];
        }

        let mut stream = FeatureStream::new(rate, &features, &options).unwrap();
        let mut frames = Frames::default();
        let largest = *u.choose(&[1, 50, 1_000, 6_000])?;
        let mut rest = &clip[..];
        while !rest.is_empty() {
            let (piece, behind) = rest.split_at(u.int_in_range(0..=largest)?.clamp(1, rest.len()));
            frames.append(stream.push(piece).unwrap());
            rest = behind;
        }
        frames.append(stream.push(&[]).unwrap());
        if !options.center && clip.len() < n_fft {
            let refused = stream.finish();
            assert!(matches!(refused, Err(Error::Parameter { name: "n_fft", .. })), "{refused:?}");
            return Ok(());
        }
        frames.append(stream.finish().unwrap());
        frames.assert_equals(&extract(&clip, rate, &features, &options).unwrap(), &options);
        Ok(())
    };
    arbtest(property).size_min(1 << 8).size_max(1 << 14).budget_ms(3_000);
}

#[test]
fn a_frame_comes_with_its_last_sample() {
    let mut stream = FeatureStream::new(16_000, &[Feature::Rms], &FrameOptions::default()).unwrap();
    // Frames are centred on every 512th sample and reach 1024 past it.
    let mut come = 0;
    for sample in 1..=4_000_usize {
        come += stream.push(&[0.5]).unwrap()[0].1.frames();
        assert_eq!(come, if sample < 1024 { 0 } else { 1 + (sample - 1024) / 512 });
    }
    assert_eq!(come + stream.finish().unwrap()[0].1.frames(), 1 + 4_000 / 512);
}

#[test]
fn where_the_clip_is_reflected_a_frame_comes_a_sample_later() {
    let options = FrameOptions { pad_mode: PadMode::Reflect, ..FrameOptions::default() };
    let clip: Vec<f32> = (0..4_000).map(|i| (i as f32 * 0.07).sin()).collect();
    let mut stream = FeatureStream::new(16_000, &[Feature::Rms], &options).unwrap();
    let mut frames = Frames::default();
    let mut come = 0;
    for (index, sample) in clip.iter().enumerate() {
        let part = stream.push(&[*sample]).unwrap();
        come += part[0].1.frames();
        assert_eq!(come, if index < 1024 { 0 } else { 1 + (index - 1024) / 512 });
        frames.append(part);
    }
    frames.append(stream.finish().unwrap());
    frames.assert_equals(&extract(&clip, 16_000, &[Feature::Rms], &options).unwrap(), &options);
}

#[test]
fn bad_samples_change_nothing() {
    let clip: Vec<f32> = (0..5_000).map(|i| (i as f32 * 0.07).sin()).collect();
    let options = frame_local();
    let mut stream = FeatureStream::new(16_000, &[Feature::Mfcc], &options).unwrap();
    let mut frames = Frames::default();
    for piece in clip.chunks(700) {
        let error = stream.push(&[0.5, 0.5, f32::NAN]).map(drop);
        assert!(matches!(error, Err(Error::NonFiniteSample { channel: 0, index: 2, .. })), "{error:?}");
        frames.append(stream.push(piece).unwrap());
    }
    frames.append(stream.finish().unwrap());
    frames.assert_equals(&extract(&clip, 16_000, &[Feature::Mfcc], &options).unwrap(), &options);

    let stream = FeatureStream::new(16_000, &[Feature::Mfcc], &options).unwrap();
    assert_eq!(stream.finish(), Err(Error::EmptyAudio));
}

#[test]
fn what_needs_the_whole_clip_is_refused_by_name() {
    let refused = |feature, options: &FrameOptions| match FeatureStream::new(16_000, &[feature], options) {
        Err(Error::Parameter { name, .. }) => Some(name),
        Err(error) => panic!("{feature}: {error}"),
        Ok(_) => None,
    };
    let defaults = FrameOptions::default();
    assert_eq!(refused(Feature::LogMel, &defaults), Some("top_db"));
    assert_eq!(refused(Feature::Mfcc, &defaults), Some("top_db"));
    assert_eq!(refused(Feature::Chroma, &defaults), Some("tuning"));
    assert_eq!(refused(Feature::Tonnetz, &defaults), Some("tuning"));
    for options in [&defaults, &frame_local()] {
        assert_eq!(refused(Feature::SpectralContrast, options), Some("linear"));
    }
    for feature in [
        Feature::MelSpectrogram,
        Feature::Rms,
        Feature::ZeroCrossingRate,
        Feature::SpectralCentroid,
        Feature::SpectralBandwidth,
        Feature::SpectralRolloff,
        Feature::SpectralFlatness,
        Feature::PolyFeatures,
    ] {
        assert_eq!(refused(feature, &defaults), None, "{feature}");
    }
    for feature in [Feature::LogMel, Feature::Mfcc, Feature::Chroma, Feature::Tonnetz] {
        assert_eq!(refused(feature, &frame_local()), None, "{feature}");
    }
    assert_eq!(refused(Feature::SpectralContrast, &FrameOptions { linear: true, ..frame_local() }), None);
    assert_eq!(refused(Feature::Rms, &FrameOptions { hop_length: 0, ..frame_local() }), Some("hop_length"));
    let error = FeatureStream::new(7_999, &[Feature::Rms], &defaults).err();
    assert!(matches!(error, Some(Error::SampleRate { got: 7_999, .. })));
}
