//! Wav files, for programs without a browser's decoder.

use std::io::Cursor;

use hound::{SampleFormat, WavReader};

use super::check_size;
use crate::{Error, Result};

/// What a wav file holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Wav {
    /// `[channels][samples]`, full scale is 1.
    pub channels: Vec<Vec<f32>>,
    /// Hz.
    pub sample_rate: u32,
}

/// Reads a wav file's bytes: integer PCM of 8 to 32 bits, or 32-bit float.
///
/// # Errors
/// [`Error::Wav`] for anything else and for files that end early, [`Error::EmptyAudio`] without a sample, and what
/// [`check_size`] refuses.
pub fn decode_wav(bytes: &[u8]) -> Result<Wav> {
    let mut reader = WavReader::new(Cursor::new(bytes)).map_err(|error| refused(&error))?;
    let spec = reader.spec();
    let (count, frames) = (usize::from(spec.channels), reader.duration() as usize);
    if count == 0 || frames == 0 {
        return Err(Error::EmptyAudio);
    }
    check_size(count, frames, spec.sample_rate)?;
    // A header may announce more than the file holds: memory is taken for what is there.
    let room = frames.min(bytes.len() / count);
    let mut channels = vec![Vec::with_capacity(room); count];
    match spec.sample_format {
        SampleFormat::Float => deinterleave(&mut channels, reader.samples::<f32>())?,
        SampleFormat::Int => {
            let scale = 1.0 / (1_u64 << (spec.bits_per_sample.clamp(1, 32) - 1)) as f32;
            let samples = reader.samples::<i32>().map(|sample| sample.map(|sample| sample as f32 * scale));
            deinterleave(&mut channels, samples)?;
        }
    }
    Ok(Wav { channels, sample_rate: spec.sample_rate })
}

fn deinterleave(channels: &mut [Vec<f32>], samples: impl Iterator<Item = hound::Result<f32>>) -> Result<()> {
    let count = channels.len();
    for (n, sample) in samples.enumerate() {
        channels[n % count].push(sample.map_err(|error| refused(&error))?);
    }
    Ok(())
}

fn refused(error: &hound::Error) -> Error {
    Error::Wav { reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use hound::{WavSpec, WavWriter};

    use super::*;

    fn written(bits: u16, format: SampleFormat, samples: &[f32]) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let spec = WavSpec { channels: 2, sample_rate: 44_100, bits_per_sample: bits, sample_format: format };
        let mut writer = WavWriter::new(&mut bytes, spec).expect("a writer");
        for &sample in samples {
            match format {
                SampleFormat::Float => writer.write_sample(sample).expect("written"),
                SampleFormat::Int => {
                    let scaled = f64::from(sample) * (1_u64 << (bits - 1)) as f64;
                    writer.write_sample(scaled as i32).expect("written");
                }
            }
        }
        writer.finalize().expect("finished");
        bytes.into_inner()
    }

    #[test]
    fn every_depth_comes_back() {
        let samples = [0.5, -1.0, 0.25, 0.75];
        for (bits, format) in [8, 16, 24, 32]
            .map(|bits| (bits, SampleFormat::Int))
            .into_iter()
            .chain([(32, SampleFormat::Float)])
        {
            let wav = decode_wav(&written(bits, format, &samples)).expect("a wav file");
            assert_eq!(wav.sample_rate, 44_100);
            assert_eq!(wav.channels, [[0.5, 0.25], [-1.0, 0.75]], "{bits} bits");
        }
    }

    #[test]
    fn what_is_none_is_refused() {
        let whole = written(16, SampleFormat::Int, &[0.5; 40]);
        for bytes in [&b"nonsense"[..], &[], &whole[..30], &whole[..60]] {
            let refused = decode_wav(bytes);
            assert!(matches!(refused, Err(Error::Wav { .. })), "{refused:?}");
        }
        assert_eq!(decode_wav(&written(16, SampleFormat::Int, &[])), Err(Error::EmptyAudio));
    }
}
