//! The network's input, with something else in the rows of chroma where a recipe asks for it.

use std::ops::Range;

use serde::{Deserialize, Deserializer, Serialize};
use speech_emotion::{
    Result,
    audio::SAMPLE_RATE,
    features::{
        DeltaMode, DeltaOptions, Extractor, Feature, FrameMatrix, FrameOptions, InputStack, STACK_CHANNELS,
        delta,
    },
};

/// Samples from a frame to the next, as in the rest of the input.
const HOP_LENGTH: usize = 256;
/// The input's rows of chroma.
const CHROMA: Range<usize> = 84..96;
/// As many of its MFCC, the first ones.
const CEPSTRA: Range<usize> = 64..76;

/// What stands in the twelve rows of chroma. The library computes chroma, so weights of anything else don't ship.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tones {
    /// Chroma.
    #[default]
    Chroma,
    /// Pitch and voicing.
    Pitch,
    /// Spectral contrast in seven bands, dB, and five rows of nothing.
    Contrast,
    /// The slopes of the first twelve MFCC over nine frames, dB a frame.
    Deltas,
    /// The first twelve MFCC of frames of 256 ms in place of 64.
    LongFrames,
}

/// Reads it by name, or as whether it's pitch: so it stands in records of before there was more to choose from.
///
/// # Errors
/// For anything else.
pub fn by_name_or_pitch<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<Tones, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Form {
        Pitch(bool),
        Name(Tones),
    }
    Ok(match Form::deserialize(from)? {
        Form::Pitch(true) => Tones::Pitch,
        Form::Pitch(false) => Tones::Chroma,
        Form::Name(tones) => tones,
    })
}

/// Computes the input with these tones.
pub(super) struct Stack {
    input: InputStack,
    tones: Tones,
    /// What is computed apart from the input.
    apart: Option<Extractor>,
}

impl Stack {
    /// Plans what the tones take.
    pub fn new(tones: Tones) -> Self {
        let options = FrameOptions { n_fft: 1024, hop_length: HOP_LENGTH, ..FrameOptions::default() };
        let apart = match tones {
            Tones::Contrast => Some((Feature::SpectralContrast, options)),
            Tones::LongFrames => {
                let options = FrameOptions { n_fft: 4096, n_mels: 64, n_mfcc: 12, top_db: None, ..options };
                Some((Feature::Mfcc, options))
            }
            _ => None,
        };
        let extractor = |(feature, options)| {
            Extractor::new(SAMPLE_RATE, &[feature], &options).expect("options within their bounds")
        };
        Self {
            input: if tones == Tones::Pitch { InputStack::with_pitch() } else { InputStack::new() },
            tones,
            apart: apart.map(extractor),
        }
    }

    /// The input of mono `samples` at 16 kHz, `[STACK_CHANNELS, frames]` row-major.
    ///
    /// # Errors
    /// As [`InputStack::compute`].
    pub fn compute(&mut self, samples: &[f32]) -> Result<Vec<f32>> {
        let stack = self.input.compute(samples)?;
        let frames = stack.frames();
        let of = |rows: Range<usize>| rows.start * frames..rows.end * frames;
        let other = match (&mut self.apart, self.tones) {
            (Some(extractor), _) => extractor.compute(samples)?.remove(0).1,
            (None, Tones::Deltas) => {
                let cepstra = stack.data()[of(CEPSTRA)].to_vec();
                // A clip may have fewer frames than a slope is fitted to.
                let options = DeltaOptions { mode: DeltaMode::Nearest, ..DeltaOptions::default() };
                delta(&FrameMatrix::from_data(CEPSTRA.len(), frames, cepstra)?, &options)?
            }
            _ => return Ok(stack.into_data()),
        };
        debug_assert_eq!((other.frames(), stack.bands()), (frames, STACK_CHANNELS));
        let mut data = stack.into_data();
        let place = &mut data[of(CHROMA)];
        place.fill(0.0);
        place[..other.data().len()].copy_from_slice(other.data());
        Ok(data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAMES: usize = 21;

    /// A rising tone, `FRAMES` frames long.
    fn input(tones: Tones) -> Vec<f32> {
        let samples: Vec<f32> = (0..(FRAMES - 1) * HOP_LENGTH)
            .map(|n| n as f32 / 16_000.0)
            .map(|t| (0..6).map(|h| (1_500.0 * (1.0 + t) * t * h as f32).sin() * 0.1).sum())
            .collect();
        Stack::new(tones).compute(&samples).expect("an input")
    }

    fn row(data: &[f32], row: usize) -> &[f32] {
        &data[row * FRAMES..][..FRAMES]
    }

    #[test]
    fn each_takes_the_rows_of_chroma_and_no_others() {
        let chroma = input(Tones::Chroma);
        for tones in [Tones::Pitch, Tones::Contrast, Tones::Deltas, Tones::LongFrames] {
            let other = input(tones);
            for index in 0..STACK_CHANNELS {
                let is_there = CHROMA.contains(&index);
                assert_eq!(row(&chroma, index) != row(&other, index), is_there, "{tones:?}, row {index}");
            }
        }
    }

    #[test]
    fn they_are_what_their_names_say() {
        let chroma = input(Tones::Chroma);
        let deltas = input(Tones::Deltas);
        let slope = |values: &[f32], at: usize| -> f32 {
            (1..=4).map(|k| k as f32 * (values[at + k] - values[at - k])).sum::<f32>() / 60.0
        };
        for index in 0..12 {
            let expected = slope(row(&chroma, 64 + index), 10);
            assert!((row(&deltas, 84 + index)[10] - expected).abs() < 1e-4, "coefficient {index}");
        }
        let contrast = input(Tones::Contrast);
        assert!(row(&contrast, 85)[10] > 10.0, "a tone stands out of its octave");
        assert!((91..96).all(|index| row(&contrast, index) == [0.0; FRAMES]));
        // A click is heard by the frames that reach it: two to each side of 64 ms, eight of 256 ms.
        let mut click = [0.0; (FRAMES - 1) * HOP_LENGTH];
        click[10 * HOP_LENGTH] = 0.5;
        let long = Stack::new(Tones::LongFrames).compute(&click).expect("an input");
        let heard = |index| row(&long, index).iter().filter(|value| **value > row(&long, index)[0]).count();
        assert_eq!([heard(64), heard(84)], [3, 15], "where the window is 0 it is not heard");
    }

    #[test]
    fn a_record_that_says_whether_it_is_pitch_is_understood() {
        #[derive(Deserialize)]
        struct Holder(#[serde(deserialize_with = "by_name_or_pitch")] Tones);
        let read = |json: &str| serde_json::from_str::<Holder>(json).map(|holder| holder.0);
        for (json, tones) in [
            ("true", Tones::Pitch),
            ("false", Tones::Chroma),
            ("\"pitch\"", Tones::Pitch),
            ("\"long_frames\"", Tones::LongFrames),
        ] {
            assert_eq!(read(json).ok(), Some(tones), "{json}");
        }
        assert!(read("\"voices\"").is_err() && read("3").is_err());
    }
}
