//! A stream answers what the clip's analysis answers, bit for bit, however the clip is cut; and both are what each
//! window gives by itself.

#![cfg(feature = "network")]
#![allow(clippy::unwrap_used)]

use std::{cell::RefCell, ops::ControlFlow};

use arbtest::{arbitrary::Unstructured, arbtest};
use speech_emotion::{Analyzer, Error, Event, Recognizer, Segment, Stream, StreamOptions, audio};

/// Two sentences that espeak-ng spoke, with a pause between them, at 22.05 kHz.
fn spoken() -> (Vec<f32>, u32) {
    let read = |name: &str| {
        let path = format!("{}/tests/fixtures/speech/{name}", env!("CARGO_MANIFEST_DIR"));
        audio::decode_wav(&std::fs::read(path).unwrap()).unwrap()
    };
    let (door, eleven) = (read("door.wav"), read("eleven.wav"));
    let pause = vec![0.0; 2 * door.sample_rate as usize];
    ([&door.channels[0][..], &pause, &eleven.channels[0]].concat(), door.sample_rate)
}

fn segments(events: &[Event]) -> Vec<Segment> {
    let segment = |event: &Event| if let Event::Prediction(segment) = event { Some(*segment) } else { None };
    events.iter().filter_map(segment).collect()
}

/// What a stream says of samples that come in pieces of the given lengths, the last one repeated.
fn streamed(recognizer: &Recognizer, samples: &[f32], rate: u32, cuts: &[usize]) -> Vec<Event> {
    let mut events = Vec::new();
    let mut stream = Stream::new(recognizer, rate, &StreamOptions::default()).unwrap();
    let mut rest = samples;
    let mut cuts = cuts.iter().copied().chain(std::iter::repeat(cuts.last().copied().unwrap_or(2_048)));
    while !rest.is_empty() {
        let (piece, later) = rest.split_at(cuts.next().unwrap().clamp(1, rest.len()));
        stream.push(&[piece], |event| events.push(event)).unwrap();
        rest = later;
    }
    stream.finish(|event| events.push(event)).unwrap();
    events
}

fn course(recognizer: &mut Recognizer, samples: &[f32], rate: u32) -> Vec<Segment> {
    recognizer.analyze_course(&[samples], rate, |_| ControlFlow::Continue(())).unwrap().segments
}

#[test]
fn a_stream_gives_what_the_analysis_gives_however_it_is_cut() {
    let (samples, rate) = spoken();
    let recognizer = RefCell::new(Recognizer::new().unwrap());
    arbtest(|u: &mut Unstructured<'_>| {
        let length = u.int_in_range(rate as usize / 4..=samples.len())?;
        let start = u.int_in_range(0..=samples.len() - length)?;
        let part = &samples[start..start + length];
        let cuts: Vec<usize> =
            (0..u.int_in_range(1..=40)?).map(|_| u.int_in_range(1..=20_000)).collect::<Result<_, _>>()?;
        // The same samples at whatever rate they are said to have.
        let rate = *u.choose(&[8_000, 16_000, 22_050, 44_100, 48_000])?;
        if length < rate as usize / 4 {
            return Ok(());
        }
        let expected = course(&mut recognizer.borrow_mut(), part, rate);
        assert_eq!(segments(&streamed(&recognizer.borrow(), part, rate, &cuts)), expected);
        Ok(())
    })
    .budget_ms(6_000);
}

#[test]
fn every_segment_is_what_its_window_gives_alone() {
    let (samples, rate) = spoken();
    let mut recognizer = Recognizer::new().unwrap();
    let resampled = audio::resample(&samples, rate, 16_000).unwrap();
    let segments = course(&mut recognizer, &samples, rate);
    assert_eq!(segments.len(), resampled.len().div_ceil(8_000));
    for (n, segment) in segments.iter().enumerate() {
        let end = ((n + 1) * 8_000).min(resampled.len());
        let start = end.saturating_sub(48_000);
        assert_eq!((segment.start, segment.end), (start as f64 / 16e3, end as f64 / 16e3));
        let alone = recognizer.analyze(&[&resampled[start..end]], 16_000).unwrap();
        assert_eq!((segment.probabilities, segment.speech), (alone.probabilities, alone.speech));
    }
    assert!(segments.iter().any(|segment| segment.label.is_some()));
}

#[test]
fn a_clip_of_one_window_ends_with_its_overall_prediction() {
    let (samples, rate) = spoken();
    let mut recognizer = Recognizer::new().unwrap();
    let clip = &samples[..2 * rate as usize];
    let analysis = recognizer.analyze_course(&[clip], rate, |_| ControlFlow::Continue(())).unwrap();
    let last = analysis.segments.last().unwrap();
    assert_eq!(analysis.prediction.probabilities, last.probabilities);
    assert_eq!(analysis.prediction, recognizer.analyze(&[clip], rate).unwrap());
    assert!(analysis.prediction.label.is_some());
}

#[test]
fn the_overall_prediction_needs_no_course() {
    let (samples, rate) = spoken();
    let mut recognizer = Recognizer::new().unwrap();
    let long = samples.repeat(5);
    for seconds in [0.25, 2.0, 3.1, 9.9, 10.0, 10.1, 17.0] {
        let clip = &long[..(seconds * f64::from(rate)).ceil() as usize];
        let mut analyzer = Analyzer::new(&recognizer, rate).unwrap().without_course();
        for piece in clip.chunks(30_000) {
            analyzer.push(&[piece]).unwrap();
        }
        let overall = analyzer.finish(&mut recognizer).unwrap();
        assert_eq!(overall.segments.is_empty(), seconds <= 10.0, "{seconds} s");
        assert_eq!(overall.prediction, recognizer.analyze(&[clip], rate).unwrap(), "{seconds} s");
    }
}

#[test]
fn a_long_clip_is_the_mean_of_its_segments_with_speech() {
    let (samples, rate) = spoken();
    let mut recognizer = Recognizer::new().unwrap();
    let long = samples.repeat(4);
    let mut progress = Vec::new();
    let analysis = recognizer
        .analyze_course(&[&long, &long], rate, |done| {
            progress.push(done);
            ControlFlow::Continue(())
        })
        .unwrap();
    assert!(progress.is_sorted() && progress.last() == Some(&1.0), "{progress:?}");
    let spoken: Vec<_> = analysis.segments.iter().filter_map(|segment| segment.probabilities).collect();
    let probabilities = analysis.prediction.probabilities.unwrap();
    for (n, probability) in probabilities.iter().enumerate() {
        let mean = spoken.iter().map(|p| p[n]).sum::<f32>() / spoken.len() as f32;
        assert!((probability - mean).abs() < 1e-5);
    }
    assert_eq!(analysis.prediction, recognizer.analyze(&[&long], rate).unwrap());
}

#[test]
fn an_analysis_ends_when_it_is_told_to() {
    let (samples, rate) = spoken();
    let mut recognizer = Recognizer::new().unwrap();
    let long = samples.repeat(4);
    let mut calls = 0;
    let aborted = recognizer.analyze_course(&[&long], rate, |_| {
        calls += 1;
        ControlFlow::Break(())
    });
    assert_eq!((aborted, calls), (Err(Error::Aborted), 1));
}

#[test]
fn speech_begins_and_ends_when_it_is_spoken() {
    let (samples, rate) = spoken();
    let recognizer = Recognizer::new().unwrap();
    let turns: Vec<Event> = streamed(&recognizer, &samples, rate, &[1_024])
        .into_iter()
        .filter(|event| matches!(event, Event::SpeechStart { .. } | Event::SpeechEnd { .. }))
        .collect();
    let [
        Event::SpeechStart { time: first },
        Event::SpeechEnd { time: pause },
        Event::SpeechStart { time: second },
        Event::SpeechEnd { time: end },
    ] = turns[..]
    else {
        panic!("expected two turns, got {turns:?}")
    };
    let seconds = samples.len() as f64 / f64::from(rate);
    assert!(first < 0.5 && (1.3..2.2).contains(&pause), "{turns:?}");
    assert!((3.5..4.5).contains(&second) && end > second + 0.5 && end <= seconds, "{turns:?}");
}

#[test]
fn a_pause_forgets_what_was_heard_and_time_goes_on() {
    let (samples, rate) = spoken();
    let recognizer = Recognizer::new().unwrap();
    let clip = &samples[..rate as usize * 3 / 2];
    let mut events = Vec::new();
    let mut stream = Stream::new(&recognizer, rate, &StreamOptions::default()).unwrap();
    for _ in 0..2 {
        stream.push(&[clip], |event| events.push(event)).unwrap();
        stream.flush(|event| events.push(event)).unwrap();
    }
    let segments = segments(&events);
    let (first, second) = segments.split_at(segments.len() / 2);
    assert_eq!(first.len(), 3);
    for (before, after) in first.iter().zip(second) {
        assert_eq!(before.probabilities, after.probabilities);
        assert_eq!(before.end + 1.5, after.end);
    }
}

#[test]
fn refused_pieces_leave_the_stream_as_it_was() {
    let recognizer = Recognizer::new().unwrap();
    let mut stream = Stream::new(&recognizer, 16_000, &StreamOptions::default()).unwrap();
    let code = |result: Result<(), Error>| result.map_err(|error| error.code());
    assert_eq!(code(stream.push(&[], |_| ())), Err("empty-audio"));
    assert_eq!(code(stream.push(&[&[0.0], &[]], |_| ())), Err("channel-length"));
    assert_eq!(code(stream.push(&[&[f32::NAN]], |_| ())), Err("non-finite-sample"));
    let mut ends = Vec::new();
    stream
        .push(&[&[0.0; 8_000]], |event| ends.extend(segments(&[event]).first().map(|segment| segment.end)))
        .unwrap();
    assert_eq!(ends, [0.5]);
    assert_eq!(
        Stream::new(&recognizer, 7_999, &StreamOptions::default()).err().map(|e| e.code()),
        Some("sample-rate")
    );
}

#[test]
fn a_calibrated_recognizer_hears_the_speaker_and_not_the_background() {
    let (samples, rate) = spoken();
    let sentence = &samples[..2 * rate as usize];
    let mut recognizer = Recognizer::new().unwrap();
    let before = recognizer.analyze(&[sentence], rate).unwrap();
    let baseline = recognizer.calibrate(&[sentence], rate).unwrap();
    assert!(baseline.speech > 0.5 && (-40.0..0.0).contains(&baseline.level), "{baseline:?}");
    let after = recognizer.analyze(&[sentence], rate).unwrap();
    assert_ne!(before.probabilities, after.probabilities);
    let quiet = |db: f32| sentence.iter().map(|sample| sample * 10_f32.powf(db / 20.0)).collect::<Vec<_>>();
    assert!(recognizer.analyze(&[&quiet(-20.0)], rate).unwrap().label.is_some());
    assert_eq!(recognizer.analyze(&[&quiet(-30.0)], rate).unwrap().label, None);
    // A stream hears what its recognizer hears.
    let segments = segments(&streamed(&recognizer, sentence, rate, &[2_048]));
    assert_eq!(segments.last().unwrap().probabilities, after.probabilities);
    recognizer.clear_calibration();
    assert_eq!(recognizer.analyze(&[sentence], rate).unwrap(), before);
    let refused = recognizer.calibrate(&[&vec![0.0; 48_000]], 16_000);
    assert_eq!(refused.map_err(|error| error.code()), Err("no-speech"));
}
