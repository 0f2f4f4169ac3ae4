//! Any clip in any pieces: the stream's predictions are those of the clip in one piece.
#![no_main]

use arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use speech_emotion::{Event, Recognizer, Segment, Stream, StreamOptions};
use speech_emotion_fuzz::{Number, channels, rate};

thread_local! {
    static RECOGNIZER: Recognizer = Recognizer::new().expect("the shipped weights");
}

/// The predictions of pieces, each of so many frames.
fn predictions(
    mut stream: Stream,
    clip: &[Vec<f32>],
    mut cut: impl FnMut(usize) -> usize,
) -> Option<Vec<Segment>> {
    let mut segments = Vec::new();
    let mut keep = |event| match event {
        Event::Level { rms, peak } => assert!(rms >= -100.0 && peak >= rms - 1e-3, "{rms} {peak}"),
        Event::SpeechStart { time } | Event::SpeechEnd { time } => assert!(time >= 0.0, "{time}"),
        Event::Prediction(segment) => segments.push(segment),
        _ => {}
    };
    let frames = clip.first().map_or(0, Vec::len);
    let mut at = 0;
    while at < frames {
        let end = (at + cut(frames - at)).min(frames);
        let piece: Vec<&[f32]> = clip.iter().map(|channel| &channel[at..end.min(channel.len())]).collect();
        if let Err(error) = stream.push(&piece, &mut keep) {
            assert!(["channel-length", "non-finite-sample"].contains(&error.code()), "{error:?}");
            return None;
        }
        at = end;
    }
    stream.finish(&mut keep).expect("no error that is known of");
    Some(segments)
}

fn run(u: &mut Unstructured<'_>, recognizer: &Recognizer) -> Result<()> {
    let rate = rate(u)?;
    let mut options = StreamOptions::default();
    if u.ratio(1, 4)? {
        options.smoothing = Number::arbitrary_single(u)?;
        options.hysteresis = Number::arbitrary_single(u)?;
    }
    let stream = || Stream::new(recognizer, rate, &options);
    let whole = match stream() {
        Ok(stream) => stream,
        Err(error) => {
            assert!(["sample-rate", "parameter"].contains(&error.code()), "{error:?}");
            return Ok(());
        }
    };
    let sizes: Vec<u16> = (0..u.int_in_range(1..=16)?).map(|_| u.arbitrary()).collect::<Result<_>>()?;
    let clip = channels(u)?;
    if clip.is_empty() {
        return Ok(());
    }
    let expected = predictions(whole, &clip, |rest| rest);
    let mut sizes = sizes.iter().cycle();
    let cut = |_| sizes.next().map_or(1, |&size| usize::from(size).max(1));
    let got = predictions(stream().expect("as before"), &clip, cut);
    if let (Some(expected), Some(got)) = (expected, got) {
        assert_eq!(got, expected);
    }
    Ok(())
}

fuzz_target!(|bytes: &[u8]| {
    RECOGNIZER.with(|recognizer| {
        let _ = run(&mut Unstructured::new(bytes), recognizer);
    });
});
