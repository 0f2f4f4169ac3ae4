//! Prints what the recognizer says of raw samples, as one line of JSON:
//!
//!     cargo run --example analyze -- RATE CHANNELS < SAMPLES
//!
//! SAMPLES are 32-bit little-endian floats, one whole channel after the other.

use std::{error::Error, io::Read};

use speech_emotion::Recognizer;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |name: &str| -> Result<u32, Box<dyn Error>> {
        let argument = arguments.next().ok_or_else(|| format!("expected {name}, got nothing"))?;
        Ok(argument.parse().map_err(|error| format!("{name}: {error}, got {argument:?}"))?)
    };
    let rate = number("RATE")?;
    let channels = number("CHANNELS")?.max(1) as usize;

    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes)?;
    let (words, _) = bytes.as_chunks::<4>();
    let samples: Vec<f32> = words.iter().copied().map(f32::from_le_bytes).collect();
    let length = (samples.len() / channels).max(1);
    let channels: Vec<&[f32]> = samples.chunks(length).take(channels).collect();

    let prediction = Recognizer::new()?.analyze(&channels, rate)?;
    println!("{}", serde_json::to_string(&prediction)?);
    Ok(())
}
