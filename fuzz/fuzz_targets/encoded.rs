//! Files of any bytes, by the trainer's decoder and by the library's for wav: audio, or an error by name.
#![no_main]

use std::{io::Cursor, path::Path, sync::LazyLock};

use libfuzzer_sys::fuzz_target;
use speech_emotion::audio::{decode_wav, wav_layout};
use trainer::decode::decode_source;

/// Symphonia's own panics are caught by the decoder; libFuzzer's hook would end the process before that.
static CAUGHT: LazyLock<()> = LazyLock::new(|| std::panic::set_hook(Box::new(|_| {})));

fuzz_target!(|bytes: &[u8]| {
    LazyLock::force(&CAUGHT);
    if let Ok(decoded) = decode_source(Box::new(Cursor::new(bytes.to_vec())), Path::new("fuzzed")) {
        let frames = decoded.channels.first().map_or(0, Vec::len);
        assert!(frames > 0 && decoded.sample_rate > 0);
        assert!(decoded.channels.iter().all(|channel| channel.len() == frames));
    }
    match (decode_wav(bytes), wav_layout(&bytes[..bytes.len().min(4_096)], bytes.len())) {
        (Ok(wav), _) => assert!(wav.channels.iter().all(|channel| channel.len() == wav.channels[0].len())),
        (Err(error), _) => assert!(
            // Damaged, or what no clip may be.
            ["decode", "empty-audio", "too-long", "sample-rate"].contains(&error.code()),
            "{error:?}"
        ),
    }
});
