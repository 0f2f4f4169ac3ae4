//! Audio files to samples, whatever the container: the content is probed, the name not believed.

use std::{
    fs::File,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use speech_emotion::audio;
use symphonia::core::{
    codecs::audio::AudioDecoderOptions,
    errors::Error as Symphonia,
    formats::{FormatOptions, TrackType, probe::Hint},
    io::{MediaSource, MediaSourceStream},
    meta::MetadataOptions,
};

use crate::{Result, TrainerError};

/// The longest file that is read, seconds: a bound on memory, far beyond any clip.
const MAX_SECONDS: u64 = 3_600;

/// What a file is expected to be.
const AUDIO: &str = "wav, AIFF, flac, ogg or mp3 audio";

/// The samples of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// One vector a channel, all of one length and not empty; full scale is 1.
    pub channels: Vec<Vec<f32>>,
    /// Hz.
    pub sample_rate: u32,
}

/// Reads a wav, AIFF, flac, ogg or mp3 file.
///
/// # Errors
/// [`TrainerError::Io`] when the file cannot be opened, and [`TrainerError::Decode`] when it holds no audio in
/// one of these formats, ends before the length it announces, or is longer than an hour.
pub fn decode(path: &Path) -> Result<Decoded> {
    let file = File::open(path).map_err(TrainerError::io(path))?;
    decode_source(Box::new(file), path)
}

/// Reads audio from any source; `path` is only named in errors.
///
/// # Errors
/// [`TrainerError::Decode`] as for [`decode`].
pub fn decode_source(source: Box<dyn MediaSource>, path: &Path) -> Result<Decoded> {
    // Symphonia's arithmetic overflows on some damaged headers, which panics where overflow is checked.
    let result = catch_unwind(AssertUnwindSafe(|| read(source)))
        .unwrap_or_else(|_| Err((AUDIO, "a damaged header that the decoder fails on".to_owned())));
    result.map_err(|(expected, got)| TrainerError::Decode { path: path.to_path_buf(), expected, got })
}

/// Reads a file to one channel at 16 kHz.
///
/// # Errors
/// What [`decode`] refuses, and [`TrainerError::Audio`] for what [`audio::prepare`] does.
pub fn prepared(path: &Path) -> Result<Vec<f32>> {
    let Decoded { channels, sample_rate } = decode(path)?;
    let channels: Vec<&[f32]> = channels.iter().map(Vec::as_slice).collect();
    audio::prepare(&channels, sample_rate)
        .map_err(|source| TrainerError::Audio { path: path.to_path_buf(), source })
}

/// The work; a failure is what was expected and what came.
fn read(source: Box<dyn MediaSource>) -> std::result::Result<Decoded, (&'static str, String)> {
    let stream = MediaSourceStream::new(source, Default::default());
    let mut format = symphonia::default::get_probe()
        .probe(&Hint::new(), stream, FormatOptions::default(), MetadataOptions::default())
        .map_err(|error| (AUDIO, error.to_string()))?;
    let track = format.default_track(TrackType::Audio).ok_or((AUDIO, "no audio track".to_owned()))?;
    let (track_id, announced) = (track.id, track.num_frames);
    let parameters = track.codec_params.as_ref().and_then(|parameters| parameters.audio());
    let parameters = parameters.ok_or((AUDIO, "a track of an unknown codec".to_owned()))?;
    let mut decoder = symphonia::default::get_codecs()
        .make_audio_decoder(parameters, &AudioDecoderOptions::default())
        .map_err(|error| (AUDIO, error.to_string()))?;

    let mut channels: Vec<Vec<f32>> = Vec::new();
    let mut sample_rate = 0;
    let mut planes: Vec<Vec<f32>> = Vec::new();
    let mut damage = None;
    loop {
        let packet = match format.next_packet() {
            Ok(Some(packet)) => packet,
            Ok(None) => break,
            // A second stream chained behind the first: the clip was the first.
            Err(Symphonia::ResetRequired) => break,
            Err(error) => {
                damage = Some(error.to_string());
                break;
            }
        };
        if packet.track_id != track_id {
            continue;
        }
        let buffer = match decoder.decode(&packet) {
            Ok(buffer) => buffer,
            // Mp3 streams cut by frame begin with packets that miss their predecessors.
            Err(Symphonia::DecodeError(reason)) => {
                damage = Some(reason.to_owned());
                continue;
            }
            Err(error) => return Err((AUDIO, error.to_string())),
        };
        let (rate, planes_here) = (buffer.spec().rate(), buffer.num_planes());
        if channels.is_empty() {
            channels.resize(planes_here, Vec::new());
            sample_rate = rate;
        }
        if planes_here != channels.len() || rate != sample_rate {
            let got = format!("{} then {planes_here} channels, {sample_rate} then {rate} Hz", channels.len());
            return Err(("one number of channels and one sample rate", got));
        }
        buffer.copy_to_vecs_planar(&mut planes);
        for (channel, plane) in channels.iter_mut().zip(&planes) {
            channel.extend_from_slice(plane);
        }
        let frames = channels.first().map_or(0, Vec::len) as u64;
        if frames > MAX_SECONDS * u64::from(sample_rate) {
            return Err((
                "at most an hour of audio",
                format!("more than {frames} samples at {sample_rate} Hz"),
            ));
        }
    }

    let frames = channels.first().map_or(0, Vec::len) as u64;
    if frames == 0 || sample_rate == 0 {
        return Err(("at least one sample", damage.unwrap_or_else(|| "none".to_owned())));
    }
    // A writer into a pipe leaves the length at its maximum; nothing can be checked then.
    let announced = announced.filter(|&frames| frames <= MAX_SECONDS * u64::from(sample_rate));
    if announced.is_some_and(|announced| frames < announced) {
        let got = format!("{frames} samples of {}: the file ends early", announced.unwrap_or(0));
        return Err(("all the samples that the header announces", got));
    }
    Ok(Decoded { channels, sample_rate })
}

#[cfg(test)]
pub(crate) mod tests;
