//! `cargo bench` in bench/native: a benchmark a feature, of 3 s of speech at librosa's presets.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use native_bench::{SAMPLE_RATE, speech};
use speech_emotion::features::{
    DeltaOptions, Extractor, Feature, FeatureStream, FrameOptions, InputStack, PreemphasisOptions,
    SilenceOptions, StftOptions, YinOptions, delta, preemphasis, split, stft, trim, yin,
};

/// What is compared with Meyda, essentia.js and librosa.
const SET: [Feature; 5] =
    [Feature::MelSpectrogram, Feature::Mfcc, Feature::Chroma, Feature::Rms, Feature::ZeroCrossingRate];

fn frame_features(criterion: &mut Criterion) {
    let clip = speech(3);
    let mut group = criterion.benchmark_group("3 s");
    for feature in Feature::ALL {
        let mut extractor = Extractor::new(SAMPLE_RATE, &[feature], &FrameOptions::default()).unwrap();
        group.bench_function(feature.name(), |bencher| {
            bencher.iter(|| extractor.compute(black_box(&clip)).unwrap());
        });
    }
    let mut extractor = Extractor::new(SAMPLE_RATE, &Feature::ALL, &FrameOptions::default()).unwrap();
    group.bench_function("all", |bencher| bencher.iter(|| extractor.compute(black_box(&clip)).unwrap()));
}

fn other_features(criterion: &mut Criterion) {
    let clip = speech(3);
    let mut group = criterion.benchmark_group("3 s");
    group.bench_function("stft", |bencher| bencher.iter(|| stft(black_box(&clip), &StftOptions::default())));
    group.bench_function("yin", |bencher| {
        bencher.iter(|| yin(black_box(&clip), SAMPLE_RATE, &YinOptions::default()));
    });
    group.bench_function("trim", |bencher| {
        bencher.iter(|| trim(black_box(&clip), &SilenceOptions::default()))
    });
    group.bench_function("split", |bencher| {
        bencher.iter(|| split(black_box(&clip), &SilenceOptions::default()))
    });
    group.bench_function("preemphasis", |bencher| {
        bencher.iter(|| preemphasis(black_box(&clip), &PreemphasisOptions::default()));
    });
    let mut extractor = Extractor::new(SAMPLE_RATE, &[Feature::Mfcc], &FrameOptions::default()).unwrap();
    let (_, mfcc) = extractor.compute(&clip).unwrap().remove(0);
    group.bench_function("delta", |bencher| {
        bencher.iter(|| delta(black_box(&mfcc), &DeltaOptions::default()));
    });
}

fn set(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("mel, mfcc, chroma, rms, zero crossings");
    for seconds in [3, 60] {
        let clip = speech(seconds);
        group.throughput(Throughput::Elements(clip.len() as u64));
        for (name, tuning) in [("estimated tuning", None), ("tuning 0", Some(0.0))] {
            let options = FrameOptions { tuning, ..FrameOptions::default() };
            let mut extractor = Extractor::new(SAMPLE_RATE, &SET, &options).unwrap();
            group.bench_function(BenchmarkId::new(name, format!("{seconds} s")), |bencher| {
                bencher.iter(|| extractor.compute(black_box(&clip)).unwrap());
            });
        }
    }
}

fn stack(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("input stack, 16 kHz");
    for seconds in [3, 60] {
        // The same samples as if they were of 16 kHz: what they sound like does not matter to the clock.
        let mut clip = speech(seconds);
        clip.truncate(seconds * 16_000);
        let mut stack = InputStack::new();
        group.bench_function(format!("{seconds} s"), |bencher| {
            bencher.iter(|| stack.compute(black_box(&clip)).unwrap());
        });
    }
}

fn stream(criterion: &mut Criterion) {
    let clip = speech(3);
    let options = FrameOptions { top_db: None, tuning: Some(0.0), ..FrameOptions::default() };
    criterion.bench_function("stream of 3 s in pieces of 2048, the same five", |bencher| {
        bencher.iter(|| {
            let mut stream = FeatureStream::new(SAMPLE_RATE, &SET, &options).unwrap();
            clip.chunks(2048).for_each(|piece| drop(black_box(stream.push(piece).unwrap())));
            stream.finish().unwrap()
        });
    });
}

criterion_group!(benches, frame_features, other_features, set, stack, stream);
criterion_main!(benches);
