//! What coding does to a voice: there and back through real codecs.

use std::{io::Cursor, path::Path};

use opus_pure::{Application, MAX_PACKET_BYTES, OpusDecoder, OpusEncoder};
use rusty_mp3::{Mp3Encoder, Mp3EncoderConfig};
use speech_emotion::audio::SAMPLE_RATE;

use crate::{Result, TrainerError, decode::decode_source};

/// Samples in a packet: 20 ms, what browsers send.
const PACKET: usize = SAMPLE_RATE as usize / 50;

/// `samples` (mono, 16 kHz) through Opus at `kbps` thousand bits a second, set for speech over a network, as long as
/// they were and in step with them.
///
/// # Errors
/// [`TrainerError::Values`] for a rate that the codec refuses.
pub fn opus(samples: &[f32], kbps: u32) -> Result<Vec<f32>> {
    let refused = |error: opus_pure::Error| TrainerError::Values {
        what: "Opus coding",
        expected: "samples and a rate that the codec takes".to_owned(),
        got: error.to_string(),
    };
    let mut encoder = OpusEncoder::new(SAMPLE_RATE as i32, 1, Application::Voip).map_err(refused)?;
    encoder.bitrate_bps = 1_000 * kbps as i32;
    let mut decoder = OpusDecoder::new(SAMPLE_RATE as i32, 1).map_err(refused)?;
    let delay = encoder.lookahead();
    let mut packet = vec![0; MAX_PACKET_BYTES];
    let mut out = Vec::with_capacity(samples.len() + delay + PACKET);
    while out.len() < samples.len() + delay {
        let start = out.len().min(samples.len());
        let mut frame = samples[start..samples.len().min(start + PACKET)].to_vec();
        frame.resize(PACKET, 0.0);
        let bytes = encoder.encode(&frame, PACKET, &mut packet).map_err(refused)?;
        let decoded = decoder.decode(&packet[..bytes], PACKET, &mut frame).map_err(refused)?;
        out.extend_from_slice(&frame[..decoded.min(PACKET)]);
        if decoded == 0 {
            break;
        }
    }
    Ok(out.into_iter().skip(delay).take(samples.len()).collect())
}

/// `samples` (mono, 16 kHz) as an MP3 of `kbps` thousand bits a second, decoded as any MP3 is here.
///
/// # Errors
/// [`TrainerError::Values`] for what the encoder refuses, [`TrainerError::Decode`] for what the decoder does.
pub fn mp3(samples: &[f32], kbps: u32) -> Result<Vec<f32>> {
    if samples.is_empty() {
        return Ok(Vec::new());
    }
    let mut encoder = Mp3Encoder::new(Mp3EncoderConfig { bitrate_kbps: kbps, vbr_quality: None });
    encoder.push_pcm_f32(samples, 1, SAMPLE_RATE).map_err(|error| TrainerError::Values {
        what: "MP3 coding",
        expected: "samples that the encoder takes".to_owned(),
        got: error.to_string(),
    })?;
    encoder.finish();
    let mut file = Vec::new();
    while let Ok(packet) = encoder.next_packet() {
        file.extend_from_slice(&packet);
    }
    let decoded = decode_source(Box::new(Cursor::new(file)), Path::new("MP3 in memory"))?;
    Ok(decoded.channels.into_iter().next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::f32::consts::TAU;

    use super::*;

    /// A buzz with the overtones of a voice, that swells and fades.
    fn voice(length: usize) -> Vec<f32> {
        (0..length)
            .map(|n| {
                let t = n as f32 / 16_000.0;
                let buzz: f32 = (1..20).map(|h| (TAU * 150.0 * h as f32 * t).sin() / h as f32).sum();
                0.1 * buzz * (TAU * 2.0 * t).sin().powi(2)
            })
            .collect()
    }

    /// How far the difference is below the signal, dB, where the second is `lag` samples late.
    fn distance_db(a: &[f32], b: &[f32], lag: isize) -> f32 {
        let pairs =
            || a.iter().enumerate().filter_map(|(n, a)| Some((a, b.get(n.checked_add_signed(lag)?)?)));
        let error: f32 = pairs().map(|(a, b)| (a - b).powi(2)).sum();
        10.0 * (pairs().map(|(a, _)| a * a).sum::<f32>() / error).log10()
    }

    #[test]
    fn coded_voices_are_in_step_and_the_better_the_more_bits() {
        let voice = voice(24_123);
        for (name, low, high) in [
            ("opus", opus(&voice, 12).unwrap(), opus(&voice, 48).unwrap()),
            ("mp3", mp3(&voice, 24).unwrap(), mp3(&voice, 96).unwrap()),
        ] {
            assert_eq!((low.len(), high.len()), (voice.len(), voice.len()), "{name}");
            let best = (-40..=40).max_by(|&one, &other| {
                distance_db(&voice, &high, one).total_cmp(&distance_db(&voice, &high, other))
            });
            // Opus takes out what is below a voice, which turns the lowest overtones by a sample or two.
            assert!(best.is_some_and(|lag| lag.abs() <= 2), "{name} is {best:?} samples late");
            let [low, high] = [low, high].map(|coded| distance_db(&voice, &coded, 0));
            assert!(low > 3.0 && high > low + 3.0, "{name}: {low} dB, {high} dB");
        }
    }

    #[test]
    fn short_and_silent_clips_keep_their_length() {
        for length in [0, 1, 300, 321, 4_000] {
            assert_eq!(opus(&vec![0.0; length], 24).unwrap().len(), length);
            assert_eq!(mp3(&vec![0.0; length], 64).unwrap().len(), length);
        }
    }
}
