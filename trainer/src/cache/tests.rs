#![allow(clippy::unwrap_used)]
use super::*;
use speech_emotion::features::InputStack;

use crate::{
    corpora::{Clip, parse},
    decode::tests::wav,
};

/// A folder with three SAVEE-named clips: two tones and one file that is no audio.
fn corpus() -> (temp_dir::TempDir, Vec<Clip>) {
    let folder = temp_dir::TempDir::new().unwrap();
    let mut clips = Vec::new();
    for (name, hz) in [("a01", 200.0), ("h01", 300.0), ("n01", 0.0)] {
        let path = folder.path().join(format!("{name}.wav"));
        let tone: Vec<i16> =
            (0..12_000).map(|n| (8_000.0 * (n as f64 * hz / 2_500.0).sin()) as i16).collect();
        let bytes = if hz > 0.0 { wav(&[&tone], 16_000) } else { b"no audio at all".to_vec() };
        fs::write(&path, bytes).unwrap();
        clips.push(Clip::new(path, parse("DC", name).unwrap()));
    }
    (folder, clips)
}

fn options(folder: &Path, threads: usize) -> Options {
    Options { folder: folder.join("cache"), seed: 3, tones: Tones::Chroma, threads }
}

#[test]
fn features_are_computed_reported_loaded_and_the_same_each_time() {
    let (folder, clips) = corpus();
    let wanted = requests(&[0, 1, 2], 3);
    assert_eq!(wanted.len(), 12);
    let first = features(&clips, &wanted, &[], &options(folder.path(), 2)).unwrap();
    assert_eq!(first.items.len(), 8);
    assert_eq!(first.failures.len(), 1);
    assert_eq!(first.failures[0].path, clips[2].path);
    for (item, request) in first.items.iter().zip(&wanted) {
        assert_eq!((item.clip, item.variant), *request);
        assert_eq!(item.data.len(), item.frames * STACK_CHANNELS);
        assert!(item.data.iter().all(|value| value.is_finite()));
    }
    // Loaded: the second run finds all but the bad file, in whatever order it asks.
    let again = features(&clips, &[(1, 2), (0, CLEAN)], &[], &options(folder.path(), 1)).unwrap();
    assert_eq!(again.items, [first.items[6].clone(), first.items[0].clone()]);
    assert!(again.failures.is_empty());
    // Computed elsewhere, one by one and with other threads: the same values.
    let elsewhere = temp_dir::TempDir::new().unwrap();
    let apart = features(&clips, &[(1, 2)], &[], &options(elsewhere.path(), 1)).unwrap();
    assert_eq!(apart.items, again.items[..1]);
}

#[test]
fn the_clean_variant_is_what_the_recognizer_hears() {
    let (folder, clips) = corpus();
    let item = features(&clips, &[(0, CLEAN)], &[], &options(folder.path(), 1)).unwrap().items.remove(0);
    let decoded = crate::decode::decode(&clips[0].path).unwrap();
    let samples = speech_emotion::audio::prepare(&[&decoded.channels[0]], decoded.sample_rate).unwrap();
    let stack = InputStack::new().compute(&speech_emotion::audio::clip::condition(&samples)).unwrap();
    assert_eq!(item.frames(), stack.frames());
    for channel in 0..STACK_CHANNELS {
        let mut row = vec![0.0; item.frames - 2];
        item.read(channel, 2, &mut row);
        for (half, full) in row.iter().zip(&stack.row(channel)[2..]) {
            assert!((half - full).abs() <= full.abs() * 1e-3 + 1e-6, "channel {channel}: {half} for {full}");
        }
    }
}

#[test]
fn pitch_has_a_file_of_its_own_and_the_rows_of_chroma() {
    let (folder, clips) = corpus();
    let chroma = options(folder.path(), 1);
    let of = |options: &Options| features(&clips, &[(0, CLEAN)], &[], options).unwrap().items.remove(0);
    let (with, without) = (of(&Options { tones: Tones::Pitch, ..chroma.clone() }), of(&chroma));
    assert_eq!(fs::read_dir(&chroma.folder).unwrap().count(), 2);
    for channel in 0..STACK_CHANNELS {
        let [a, b] = [&with, &without].map(|item| &item.data[channel * item.frames..][..item.frames]);
        assert_eq!(a == b, !(84..96).contains(&channel), "channel {channel}");
    }
}

#[test]
fn another_seed_or_another_clip_gives_other_files() {
    let (folder, clips) = corpus();
    let options = options(folder.path(), 1);
    for (clips, seed) in [(&clips[..2], 3), (&clips[..2], 4), (&clips[..1], 3), (&clips[..2], 3)] {
        features(clips, &[(0, CLEAN)], &[], &Options { seed, ..options.clone() }).unwrap();
    }
    assert_eq!(fs::read_dir(&options.folder).unwrap().count(), 3);
    assert!(matches!(features(&clips, &[(9, CLEAN)], &[], &options), Err(TrainerError::Values { .. })));
}

#[test]
fn statistics_are_the_mean_and_deviation_of_each_channel() {
    let data = |values: [f32; 2]| {
        (0..STACK_CHANNELS).flat_map(|c| values.map(|v| f16::from_f32(v + c as f32))).collect()
    };
    let item = |values| Item { clip: 0, variant: CLEAN, frames: 2, data: data(values) };
    let (mean, deviation) = statistics(&[item([0.0, 2.0]), item([4.0, 6.0])]);
    for channel in 0..STACK_CHANNELS {
        assert!((mean[channel] - (3.0 + channel as f32)).abs() < 1e-5);
        assert!((deviation[channel] - 5_f32.sqrt()).abs() < 1e-4);
    }
    assert_eq!(statistics(&[]), (vec![0.0; STACK_CHANNELS], vec![0.0; STACK_CHANNELS]));
}
