//! Wav files, for programs without a browser's decoder.

use std::io::Cursor;

use hound::{SampleFormat, WavReader};
use serde::Serialize;

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

/// Where the samples of a wav file lie, for who reads it in pieces.
///
/// A piece of a wav file is a wav file: the bytes before `start` with another length in their last four, and whole
/// frames after them. [`decode_wav`] reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WavLayout {
    /// Where the first sample lies, bytes.
    pub start: usize,
    /// Bytes of a frame: a sample of each channel.
    pub frame: usize,
    /// Frames in the file.
    pub frames: usize,
    /// Channels.
    pub channels: usize,
    /// Hz.
    pub sample_rate: u32,
}

/// Finds the samples of a wav file of `size` bytes by its first bytes, `head`. They have to reach as far as the samples
/// do: where other chunks lie before them, a short head is refused like a damaged file.
///
/// # Errors
/// What [`decode_wav`] refuses of the whole file, but for what is wrong with its samples.
pub fn wav_layout(head: &[u8], size: usize) -> Result<WavLayout> {
    let mut reader = Cursor::new(head);
    let wav = WavReader::new(&mut reader).map_err(|error| refused(&error))?;
    let (spec, frames) = (wav.spec(), wav.duration() as usize);
    let start = reader.position() as usize;
    let channels = usize::from(spec.channels);
    if channels == 0 || frames == 0 {
        return Err(Error::EmptyAudio);
    }
    check_size(channels, frames, spec.sample_rate)?;
    let length = head[..start].last_chunk().map_or(0, |&length| u32::from_le_bytes(length)) as usize;
    if start + length > size {
        return Err(Error::Wav { reason: format!("a file that ends after {size} bytes") });
    }
    Ok(WavLayout { start, frame: length / frames, frames, channels, sample_rate: spec.sample_rate })
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
    fn pieces_are_wav_files_and_hold_what_the_whole_holds() {
        let samples: Vec<f32> = (0..40).map(|n| n as f32 / 64.0).collect();
        for (bits, format) in [
            (8, SampleFormat::Int),
            (24, SampleFormat::Int),
            (32, SampleFormat::Int),
            (32, SampleFormat::Float),
        ] {
            let whole = written(bits, format, &samples);
            let layout = wav_layout(&whole[..80], whole.len()).expect("a wav file");
            assert_eq!((layout.frames, layout.channels, layout.sample_rate), (20, 2, 44_100));
            assert_eq!(layout.frame, usize::from(bits / 8) * 2);
            let (head, data) = whole.split_at(layout.start);
            let mut channels = vec![Vec::new(); 2];
            for piece in data[..layout.frames * layout.frame].chunks(7 * layout.frame) {
                let length = (piece.len() as u32).to_le_bytes();
                let file = [&head[..head.len() - 4], &length, piece].concat();
                for (channel, more) in channels.iter_mut().zip(decode_wav(&file).expect("a piece").channels) {
                    channel.extend(more);
                }
            }
            assert_eq!(channels, decode_wav(&whole).expect("a wav file").channels, "{bits} bits");
        }
    }

    #[test]
    fn a_layout_is_refused_as_the_file_is() {
        let whole = written(16, SampleFormat::Int, &[0.5; 40]);
        let size = whole.len();
        for (head, size) in [(&b"nonsense"[..], 8), (&[], 0), (&whole[..30], size), (&whole, size - 1)] {
            let refused = wav_layout(head, size);
            assert!(matches!(refused, Err(Error::Wav { .. })), "{refused:?}");
        }
        let none = written(16, SampleFormat::Int, &[]);
        assert_eq!(wav_layout(&none, none.len()), Err(Error::EmptyAudio));
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
