//! The shipped speech gate on speakers and noise that it was not trained on, through the recognizer.

#![allow(clippy::unwrap_used)]

use std::{env, path::PathBuf};

use speech_emotion::Recognizer;
use trainer::gate::held_out;

/// Clips of each corpus.
const CLIPS: usize = 120;

#[test]
fn speech_is_kept_and_noise_rejected() {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpora");
    let data = env::var_os("SER_CORPORA").map_or(beside, PathBuf::from);
    if !data.join("noise").is_dir() {
        println!("left out: no corpora with noise at {}", data.display());
        return;
    }
    let mut recognizer = Recognizer::new().unwrap();
    let mut counts = [[0_usize; 2]; 2];
    let mut wrong = Vec::new();
    for (speech, name, samples) in held_out(&data, CLIPS).unwrap() {
        let open = recognizer.analyze(&[&samples], 16_000).unwrap().label.is_some();
        counts[usize::from(speech)][usize::from(open)] += 1;
        if open != speech {
            wrong.push(name);
        }
    }
    let [[rejected, passed], [lost, kept]] = counts;
    println!(
        "kept {kept} of {} clips of speech, rejected {rejected} of {} of noise",
        kept + lost,
        rejected + passed
    );
    println!("wrong: {wrong:?}");
    assert!(kept as f64 >= 0.98 * (kept + lost) as f64);
    assert!(rejected as f64 >= 0.95 * (rejected + passed) as f64);
}
