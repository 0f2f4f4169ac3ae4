//! The features' native times as JSON, for `npm run bench`; `cargo bench` looks at each more closely.

use std::hint::black_box;

use cpu_time::ThreadTime;
use native_bench::{SAMPLE_RATE, speech};
use speech_emotion::features::{
    DeltaOptions, Extractor, Feature, FrameOptions, InputStack, PreemphasisOptions, SilenceOptions,
    StftOptions, YinOptions, delta, preemphasis, split, stft, trim, yin,
};

/// What is compared with Meyda, essentia.js and librosa.
const FIVE: [Feature; 5] =
    [Feature::MelSpectrogram, Feature::Mfcc, Feature::Chroma, Feature::Rms, Feature::ZeroCrossingRate];

/// Prints a row: the median processor time of so many runs, after some to warm up.
fn time<T>(rows: &mut Vec<String>, what: &str, seconds: usize, runs: usize, mut run: impl FnMut() -> T) {
    (0..3).for_each(|_| drop(black_box(run())));
    let mut times: Vec<f64> = (0..runs)
        .map(|_| {
            let start = ThreadTime::now();
            black_box(run());
            start.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let (lowest, median, highest) = (times[0], times[runs / 2], times[runs - 1]);
    rows.push(format!(
        r#"{{"what":"{what}","seconds":{seconds},"runs":{runs},"milliseconds":{median},"lowest":{lowest},"highest":{highest}}}"#
    ));
}

fn main() {
    let mut rows = Vec::new();
    let options = FrameOptions::default();
    let extractor = |features: &[Feature]| Extractor::new(SAMPLE_RATE, features, &options).unwrap();
    for (seconds, runs) in [(3, 201), (60, 31)] {
        let clip = speech(seconds);
        let mut five = extractor(&FIVE);
        time(&mut rows, "the five", seconds, runs, || five.compute(&clip).unwrap());
        let mut all = extractor(&Feature::ALL);
        time(&mut rows, "all features", seconds, runs, || all.compute(&clip).unwrap());
        // As if they were of 16 kHz: what they sound like does not matter to the clock.
        let mut stack = InputStack::new();
        time(&mut rows, "input stack", seconds, runs, || stack.compute(&clip[..seconds * 16_000]).unwrap());
    }
    let clip = speech(3);
    for feature in Feature::ALL {
        let mut one = extractor(&[feature]);
        time(&mut rows, feature.name(), 3, 101, || one.compute(&clip).unwrap());
    }
    let mfcc = extractor(&[Feature::Mfcc]).compute(&clip).unwrap().remove(0).1;
    time(&mut rows, "stft", 3, 101, || stft(&clip, &StftOptions::default()));
    time(&mut rows, "yin", 3, 101, || yin(&clip, SAMPLE_RATE, &YinOptions::default()));
    time(&mut rows, "trim", 3, 101, || trim(&clip, &SilenceOptions::default()));
    time(&mut rows, "split", 3, 101, || split(&clip, &SilenceOptions::default()));
    time(&mut rows, "preemphasis", 3, 101, || preemphasis(&clip, &PreemphasisOptions::default()));
    time(&mut rows, "delta", 3, 101, || delta(&mfcc, &DeltaOptions::default()));
    println!("[{}]", rows.join(","));
}
