//! Whether there is speech, and where: a small detector, frame by frame, and a gate that knows the sounds which the
//! detector takes for a voice.
//!
//! The detector's network was taught by earshot's, a recurrent one, on clips of the corpora as they are and through
//! noise, rooms, telephones and codecs, where earshot itself heard the clean clip. It is an eighth of the work and a
//! quarter of the size, knows narrow bands, and calls no noise speech that it was taught.

pub mod gate;
pub mod network;

use crate::audio::{SAMPLE_RATE, clip};

/// Samples in a frame, 16 ms at 16 kHz.
pub const FRAME: usize = 256;

/// Frames scored above this count as speech.
pub const THRESHOLD: f32 = 0.5;

/// Less speech than this is none, seconds: one short syllable. Of 1000 clips of the four corpora 998 hold more;
/// the onset of white noise holds less.
pub const MIN_SPEECH_SECONDS: f32 = 0.2;

/// What the detector found in a clip.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpeechActivity {
    /// Speech, seconds.
    pub seconds: f32,
    /// The share of the clip that is speech, 0 to 1.
    pub share: f32,
}

impl SpeechActivity {
    /// Whether there is enough speech for an emotion to be in it.
    pub fn is_speech(self) -> bool {
        self.seconds >= MIN_SPEECH_SECONDS
    }
}

/// Scores clips frame by frame; made once, since its network takes some kilobytes.
pub struct SpeechDetector {
    network: network::Network,
    frames: network::Frames,
    levelled: Vec<f32>,
    scores: Vec<f32>,
}

impl Default for SpeechDetector {
    fn default() -> Self {
        Self::new()
    }
}

impl SpeechDetector {
    /// A detector that has heard nothing.
    pub fn new() -> Self {
        Self {
            network: network::Network::default(),
            frames: network::Frames::new(FRAME),
            levelled: Vec::new(),
            scores: Vec::new(),
        }
    }

    /// Measures the speech in a clip at 16 kHz, at whatever level it was recorded. A rest shorter than a frame is
    /// left out. Clips do not depend on those before.
    pub fn detect(&mut self, samples: &[f32]) -> SpeechActivity {
        self.levelled.clear();
        self.levelled.extend_from_slice(samples);
        clip::filter(&mut self.levelled);
        self.detect_levelled()
    }

    /// [`Self::detect`] of samples that [`clip::filter`] has already been applied to.
    pub fn detect_filtered(&mut self, samples: &[f32]) -> SpeechActivity {
        self.levelled.clear();
        self.levelled.extend_from_slice(samples);
        self.detect_levelled()
    }

    fn detect_levelled(&mut self) -> SpeechActivity {
        clip::level(&mut self.levelled);
        self.scores.clear();
        let (network, scores) = (&self.network, &mut self.scores);
        self.frames
            .each(&self.levelled, self.levelled.len() / FRAME, |inputs| scores.push(network.score(inputs)));
        let speech = self.scores.iter().filter(|&&score| score > THRESHOLD).count();
        SpeechActivity {
            seconds: (speech * FRAME) as f32 / SAMPLE_RATE as f32,
            share: speech as f32 / self.scores.len().max(1) as f32,
        }
    }

    /// The last clip's score of every frame, 0 to 1: speech is above [`THRESHOLD`].
    pub fn scores(&self) -> &[f32] {
        &self.scores
    }
}

/// Measures the speech in one clip: see [`SpeechDetector::detect`].
pub fn detect(samples: &[f32]) -> SpeechActivity {
    SpeechDetector::new().detect(samples)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_and_steady_signals_are_not_speech() {
        let hum: Vec<f32> = (0..48_000).map(|n| 0.3 * (n as f32 * 0.02).sin()).collect();
        let mut state = 1_u32;
        let noise: Vec<f32> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 8_388_608.0 - 1.0
        })
        .take(48_000)
        .collect();
        let mut detector = SpeechDetector::new();
        for (name, signal) in
            [("silence", vec![0.0; 48_000]), ("hum", hum), ("noise", noise), ("nothing", vec![])]
        {
            let activity = detector.detect(&signal);
            assert!(!activity.is_speech(), "{name}: {activity:?}");
            assert_eq!(activity, detect(&signal), "{name}: a detector that was used before");
        }
    }
}
