//! Any clip, whole: an answer whose probabilities sum to 1, or an error by name; and the same answer for calibrated voices.
#![no_main]

use std::cell::RefCell;

use arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use speech_emotion::{Error, Prediction, Recognizer};
use speech_emotion_fuzz::{channels, rate};

thread_local! {
    static RECOGNIZER: RefCell<Recognizer> = RefCell::new(Recognizer::new().expect("the shipped weights"));
}

fn check(prediction: &Prediction) {
    assert!((0.0..=1.0).contains(&prediction.speech), "{prediction:?}");
    assert_eq!(prediction.label.is_some(), prediction.probabilities.is_some(), "{prediction:?}");
    let Some(probabilities) = prediction.probabilities else { return };
    assert!((probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-4, "{prediction:?}");
    assert!(probabilities.iter().all(|p| (0.0..=1.0).contains(p)), "{prediction:?}");
}

fn refused(error: &Error) {
    let expected = [
        "empty-audio",
        "channel-length",
        "non-finite-sample",
        "sample-rate",
        "too-short",
        "too-long",
        "no-speech",
    ];
    assert!(expected.contains(&error.code()), "{error:?}");
}

fn run(u: &mut Unstructured<'_>, recognizer: &mut Recognizer) -> Result<()> {
    let rate = rate(u)?;
    if u.ratio(1, 8)? {
        let voice = channels(u)?;
        let voice: Vec<&[f32]> = voice.iter().map(Vec::as_slice).collect();
        if let Err(error) = recognizer.calibrate(&voice, rate) {
            refused(&error);
        }
    }
    let clip = channels(u)?;
    let clip: Vec<&[f32]> = clip.iter().map(Vec::as_slice).collect();
    match recognizer.analyze(&clip, rate) {
        Ok(prediction) => {
            check(&prediction);
            let again = recognizer.analyze(&clip, rate).expect("what was answered once");
            assert_eq!(prediction, again, "nothing is left over from a clip before");
        }
        Err(error) => refused(&error),
    }
    recognizer.clear_calibration();
    Ok(())
}

fuzz_target!(|bytes: &[u8]| {
    RECOGNIZER.with_borrow_mut(|recognizer| {
        let _ = run(&mut Unstructured::new(bytes), recognizer);
    });
});
