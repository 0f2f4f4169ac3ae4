//! The clips that are timed, the same as in the other benchmarks: bench/clip.mjs makes them.

use std::{fs, path::Path};

/// Hz
pub const SAMPLE_RATE: u32 = 22_050;

/// So many seconds of the tests' generated speech, one sentence after the other, over and over.
///
/// # Panics
/// Where a file is missing.
pub fn speech(seconds: usize) -> Vec<f32> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/speech");
    let read = |name: &str| {
        let bytes = fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        // 16-bit PCM behind a plain header, as espeak-ng writes it.
        let (pairs, _) = bytes[44..].as_chunks();
        pairs.iter().map(|&pair| f32::from(i16::from_le_bytes(pair)) / 32_768.0).collect::<Vec<_>>()
    };
    let sentences = [read("door.wav"), read("eleven.wav")].concat();
    sentences.into_iter().cycle().take(seconds * SAMPLE_RATE as usize).collect()
}
