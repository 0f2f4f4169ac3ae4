//! Weights files, damaged anyhow, or forged with a header that holds: a network, or an error by name.
#![no_main]

use arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use speech_emotion::{
    Recognizer,
    features::STACK_CHANNELS,
    model::{weights, window::WINDOW_FRAMES},
};

/// Magic, version, two zeros, length, checksum.
const HEADER: usize = 20;

fn file(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let mut bytes = if u.ratio(1, 8)? {
        let rest = u.len();
        u.bytes(rest.min(4_096))?.to_vec()
    } else if u.arbitrary()? {
        weights::SHIPPED.to_vec()
    } else {
        weights::CREMA_D.to_vec()
    };
    for _ in 0..u.int_in_range(0..=12)? {
        let near_the_start = u.ratio(1, 3)?;
        let end = if near_the_start { bytes.len().min(256) } else { bytes.len() };
        if end == 0 {
            break;
        }
        let at = u.int_in_range(0..=end - 1)?;
        match u.int_in_range(0..=3)? {
            0 => bytes[at] = u.arbitrary()?,
            1 => bytes[at] ^= 1 << u.int_in_range(0..=7)?,
            2 => bytes.truncate(at),
            _ => {
                let insert: [u8; 8] = u.arbitrary()?;
                bytes.splice(at..at, insert);
            }
        }
    }
    // Past the checksum, which hardly anything else is.
    if u.ratio(3, 4)? && bytes.len() >= HEADER {
        let length = (bytes.len() - HEADER) as u32;
        let checksum = crc32fast::hash(&bytes[HEADER..]);
        bytes[12..16].copy_from_slice(&length.to_le_bytes());
        bytes[16..20].copy_from_slice(&checksum.to_le_bytes());
    }
    Ok(bytes)
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(file) = file(&mut Unstructured::new(bytes)) else { return };
    match Recognizer::with_weights(&file) {
        // Whatever the weights are: forged ones may say anything, but they say it.
        Ok(mut recognizer) => {
            let logits = recognizer.logits(&[0.5; STACK_CHANNELS * WINDOW_FRAMES]);
            assert!(logits.is_ok(), "{logits:?}");
        }
        Err(error) => assert!(error.code().starts_with("weights-"), "{error:?}"),
    }
});
