//! `trainer robustness` on a small made-up corpus, from folder to table: the same figures again, and clips that are the
//! same but for their level are answered the same.

#![allow(clippy::unwrap_used)]

use std::{f32::consts::TAU, fs, path::Path};

use clap::Parser;
use temp_dir::TempDir;
use trainer::{
    commands::robustness::{Arguments, run},
    report::{robustness_html, robustness_markdown},
    robustness::{Group, Robustness, SNR_DB},
};

#[derive(Debug, Parser)]
struct CommandLine {
    #[command(flatten)]
    arguments: Arguments,
}

/// Half a second of a buzz that swells and fades, as 16-bit wav.
fn write_clip(path: &Path, pitch: f32) {
    let samples = (0..8_000).map(|n| n as f32 / 16_000.0).map(|t| {
        let buzz: f32 = (1..12).map(|h| (TAU * pitch * h as f32 * t).sin() / h as f32).sum();
        (4_000.0 * buzz * (TAU * 2.0 * t).sin().abs()) as i16
    });
    let data: Vec<u8> = samples.flat_map(i16::to_le_bytes).collect();
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + data.len() as u32).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    bytes.extend(16_000_u32.to_le_bytes());
    bytes.extend(32_000_u32.to_le_bytes());
    bytes.extend(b"\x02\0\x10\0data");
    bytes.extend((data.len() as u32).to_le_bytes());
    bytes.extend(data);
    fs::write(path, bytes).unwrap();
}

fn measured(corpora: &Path, results: &Path, more: &[&str]) -> Robustness {
    let mut line = vec!["robustness", "--corpora", corpora.to_str().unwrap()];
    let weights = concat!(env!("CARGO_MANIFEST_DIR"), "/../src/model/speech_emotion.weights");
    line.extend(["--results", results.to_str().unwrap(), "--weights", weights]);
    run(&CommandLine::parse_from(line.iter().chain(more)).arguments).unwrap();
    Robustness::load(results).unwrap().unwrap()
}

#[test]
fn a_folder_of_clips_becomes_a_table() {
    let folder = TempDir::new().unwrap();
    // Actors 1 and 3 are men, 2 and 4 women: one of each validates.
    for actor in 1..=4 {
        for emotion in [1, 3, 5] {
            let name = format!("03-01-{emotion:02}-01-01-01-{actor:02}.wav");
            write_clip(&folder.path().join(name), (90 + 30 * actor + 7 * emotion) as f32);
        }
    }
    let (first, second) = (folder.path().join("one"), folder.path().join("two"));
    let robustness = measured(folder.path(), &first, &[]);
    assert_eq!(robustness.training, "everything");
    let clean = robustness.clean().unwrap();
    assert_eq!((clean.n, clean.unchanged, clean.lost, clean.moved.most), (6, 1.0, 0.0, 0.0));
    // No noise stands beside the clips: white and pink are generated.
    for kind in ["white noise", "pink noise", "babble"] {
        let ratios: Vec<Option<f32>> =
            robustness.rows.iter().filter(|row| row.condition == kind).map(|row| row.snr_db).collect();
        assert_eq!(ratios, SNR_DB.map(Some), "{kind}");
    }
    for row in
        robustness.rows.iter().filter(|row| row.condition.ends_with("gain") && row.group == Group::Level)
    {
        assert!(row.unchanged == 1.0 && row.moved.most < 1e-3, "{row:?}");
    }
    assert_eq!(measured(folder.path(), &second, &["--jobs", "1"]), robustness);
    assert_eq!(measured(folder.path(), &second, &["--limit", "2"]).clean().unwrap().n, 2);
    let rows = robustness_markdown(&robustness).lines().filter(|line| line.starts_with('|')).count();
    assert_eq!(rows, robustness.rows.len() + 2);
    assert!(robustness_html(&robustness).contains("<svg"));
}
