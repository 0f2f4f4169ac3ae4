#![allow(clippy::unwrap_used)]
use std::{io::Cursor, path::PathBuf};

use super::*;
use crate::corpora::{self, tests::corpora_or_say};

/// A 16-bit PCM wav file.
pub(crate) fn wav(channels: &[&[i16]], sample_rate: u32) -> Vec<u8> {
    let frame = 2 * channels.len() as u32;
    let data: Vec<u8> = (0..channels[0].len())
        .flat_map(|n| channels.iter().flat_map(move |channel| channel[n].to_le_bytes()))
        .collect();
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + data.len() as u32).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0");
    bytes.extend((channels.len() as u16).to_le_bytes());
    bytes.extend(sample_rate.to_le_bytes());
    bytes.extend((sample_rate * frame).to_le_bytes());
    bytes.extend((frame as u16).to_le_bytes());
    bytes.extend(16_u16.to_le_bytes());
    bytes.extend(b"data");
    bytes.extend((data.len() as u32).to_le_bytes());
    bytes.extend(data);
    bytes
}

fn from_bytes(bytes: &[u8]) -> Result<Decoded> {
    decode_source(Box::new(Cursor::new(bytes.to_vec())), Path::new("memory"))
}

fn ramp(length: i16) -> Vec<i16> {
    (0..length).map(|n| n * 3 - 9_000).collect()
}

#[test]
fn wav_samples_come_out_as_they_went_in() {
    let (left, right) = (ramp(5_000), ramp(5_000).into_iter().rev().collect::<Vec<_>>());
    for (channels, rate) in
        [(vec![left.as_slice()], 24_414), (vec![left.as_slice(), right.as_slice()], 96_000)]
    {
        let decoded = from_bytes(&wav(&channels, rate)).unwrap();
        assert_eq!((decoded.sample_rate, decoded.channels.len()), (rate, channels.len()));
        for (out, channel) in decoded.channels.iter().zip(&channels) {
            let expected: Vec<f32> = channel.iter().map(|&sample| f32::from(sample) / 32_768.0).collect();
            assert_eq!(*out, expected);
        }
    }
}

#[test]
fn missing_empty_silent_of_samples_and_garbage_files_are_typed_errors() {
    assert!(matches!(decode(Path::new("/nowhere.wav")), Err(TrainerError::Io { .. })));
    let garbage: Vec<u8> = (0..40_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for bytes in [&b""[..], b"RIFF", b"OggS", b"fLaC\0\0\0", b"ID3", &garbage, &wav(&[&[]], 16_000)] {
        let error = from_bytes(bytes).unwrap_err();
        assert!(matches!(error, TrainerError::Decode { .. }), "{error}");
    }
}

#[test]
fn truncated_and_damaged_wav_files_never_panic_and_cut_ones_are_told() {
    let whole = wav(&[&ramp(2_000)], 16_000);
    for length in 0..whole.len() {
        let error = from_bytes(&whole[..length]).unwrap_err();
        assert!(matches!(error, TrainerError::Decode { .. }), "{length} bytes: {error}");
    }
    for position in 0..44 {
        for value in [0x00, 0x01, 0x7f, 0x80, 0xff] {
            let mut damaged = whole.clone();
            damaged[position] = value;
            // Either outcome will do, as long as there is one.
            if let Ok(decoded) = from_bytes(&damaged) {
                assert!(decoded.channels.iter().all(|channel| !channel.is_empty()));
            }
        }
    }
}

#[test]
fn the_untouched_originals_decode_whatever_their_container() {
    let Some(root) = corpora_or_say("decoding the originals") else { return };
    let originals = root.join("../originals");
    if !originals.is_dir() {
        eprintln!("left out: decoding the originals (not found at {})", originals.display());
        return;
    }
    #[derive(serde::Deserialize)]
    struct Row {
        path: PathBuf,
        original_sample_rate: u32,
        original_channels: usize,
        original_seconds: f64,
        note: String,
    }
    let mut found = 0;
    let mut aiff = 0;
    for row in csv::Reader::from_path(root.join("manifest.csv")).unwrap().deserialize() {
        let row: Row = row.unwrap();
        let path = originals.join(row.path.with_extension("wav"));
        if !path.is_file() {
            continue;
        }
        found += 1;
        aiff += usize::from(row.note.starts_with("AIFF"));
        let decoded = decode(&path).unwrap();
        let name = path.display();
        assert_eq!(decoded.sample_rate, row.original_sample_rate, "{name}");
        assert_eq!(decoded.channels.len(), row.original_channels, "{name}");
        let seconds = decoded.channels[0].len() as f64 / f64::from(decoded.sample_rate);
        assert!((seconds - row.original_seconds).abs() < 1e-3, "{name}: {seconds} s");
        // The copy is the same clip: as long within a millisecond, and as loud.
        let copy = decode(&root.join(&row.path)).unwrap();
        let copied = copy.channels[0].len() as f64 / f64::from(copy.sample_rate);
        assert!((copied - seconds).abs() < 2e-3, "{name}: {copied} s for {seconds}");
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let folder = path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
        assert!(corpora::parse(&folder, &stem).is_some(), "{name}");
    }
    assert_eq!(found, 19);
    assert!(aiff > 0, "no AIFF file behind a .wav name among the originals");
}

#[test]
fn ogg_decodes_and_damage_to_it_never_panics() {
    let Some(root) = corpora_or_say("damaged ogg files") else { return };
    let whole = std::fs::read(root.join("SAVEE/DC/a01.ogg")).unwrap();
    let clean = from_bytes(&whole).unwrap();
    assert_eq!((clean.channels.len(), clean.sample_rate), (1, 16_000));
    for step in 0..150 {
        let length = whole.len() * step / 150;
        if let Ok(part) = from_bytes(&whole[..length]) {
            assert!(part.channels[0].len() <= clean.channels[0].len());
        }
        let mut damaged = whole.clone();
        damaged[length] ^= 0x55;
        let _ = from_bytes(&damaged);
    }
}

#[test]
fn one_sentence_is_the_same_in_every_container() {
    let read = |extension: &str| {
        let name = format!("../tests/fixtures/speech/eleven.{extension}");
        decode(&Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
    };
    let wav = read("wav");
    let flac = read("flac");
    assert_eq!((flac.sample_rate, &flac.channels), (wav.sample_rate, &wav.channels));
    let energy = |samples: &[f32]| samples.iter().map(|&sample| f64::from(sample).powi(2)).sum::<f64>();
    for extension in ["ogg", "mp3"] {
        let lossy = read(extension);
        assert_eq!((lossy.sample_rate, lossy.channels.len()), (wav.sample_rate, 1), "{extension}");
        // An MP3 begins late, by its encoder's delay, and is padded; what was coded is the same sentence.
        let (original, coded) = (&wav.channels[0], &lossy.channels[0]);
        let delays = 0..=coded.len().saturating_sub(original.len()).min(3_000);
        let match_at = |delay: usize| -> f64 {
            let pairs = original.iter().zip(&coded[delay..]);
            pairs.map(|(&a, &b)| f64::from(a) * f64::from(b)).sum::<f64>()
                / (energy(original) * energy(coded)).sqrt()
        };
        let best = delays.map(match_at).fold(0.0, f64::max);
        assert!(best > 0.97, "{extension}: correlation {best:.3}, {} and {}", original.len(), coded.len());
    }
}
