//! RAVDESS: seven numbers, `modality-channel-emotion-intensity-statement-repetition-actor`.
//!
//! Livingstone and Russo (2018), "The Ryerson Audio-Visual Database of Emotional Speech and Song".

use speech_emotion::Emotion;

use super::{Corpus, Intensity, Label, Sex};

/// Modality "audio only".
const AUDIO_ONLY: u8 = 3;
/// Vocal channel "speech"; 2 is song.
const SPEECH: u8 = 1;

/// Reads a stem such as `03-01-05-02-02-01-12`; songs and videos are not recognised.
pub(super) fn parse(stem: &str) -> Option<Label> {
    let mut fields = [0u8; 7];
    let mut parts = stem.split('-');
    for field in &mut fields {
        let part = parts.next()?;
        if part.len() != 2 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *field = part.parse().ok()?;
    }
    let [modality, channel, emotion, intensity, statement, repetition, actor] = fields;
    if parts.next().is_some() || modality != AUDIO_ONLY || channel != SPEECH {
        return None;
    }
    if !(1..=2).contains(&repetition) || !(1..=24).contains(&actor) {
        return None;
    }
    Some(Label {
        corpus: Corpus::Ravdess,
        name: stem.to_owned(),
        speaker: format!("{actor:02}"),
        sex: if actor % 2 == 0 { Sex::F } else { Sex::M },
        emotion: match emotion {
            1 => Emotion::Neutral,
            2 => Emotion::Calm,
            3 => Emotion::Happy,
            4 => Emotion::Sad,
            5 => Emotion::Angry,
            6 => Emotion::Fear,
            7 => Emotion::Disgust,
            8 => Emotion::Surprise,
            _ => return None,
        },
        intensity: match intensity {
            1 => Some(Intensity::Normal),
            2 => Some(Intensity::Strong),
            _ => return None,
        },
        statement: match statement {
            1 => "Kids are talking by the door".to_owned(),
            2 => "Dogs are sitting by the door".to_owned(),
            _ => return None,
        },
    })
}

/// The recording behind a name: both repetitions of one clip of actor 7 are the same audio.
pub(super) fn recording(name: &str) -> &str {
    if name == "03-01-03-01-02-02-07" { "03-01-03-01-02-01-07" } else { name }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_field_is_read() {
        let label = parse("03-01-08-02-01-02-12").unwrap();
        assert_eq!((label.speaker.as_str(), label.sex), ("12", Sex::F));
        assert_eq!((label.emotion, label.intensity), (Emotion::Surprise, Some(Intensity::Strong)));
        assert_eq!(label.statement, "Kids are talking by the door");
        let label = parse("03-01-01-01-02-01-07").unwrap();
        assert_eq!((label.speaker.as_str(), label.sex), ("07", Sex::M));
        assert_eq!((label.emotion, label.intensity), (Emotion::Neutral, Some(Intensity::Normal)));
        assert_eq!(label.statement, "Dogs are sitting by the door");
    }

    #[test]
    fn songs_videos_and_other_numbers_are_not_speech_clips() {
        for stem in [
            "03-02-05-02-02-01-12",
            "01-01-05-02-02-01-12",
            "03-01-09-02-02-01-12",
            "03-01-05-03-02-01-12",
            "03-01-05-02-03-01-12",
            "03-01-05-02-02-03-12",
            "03-01-05-02-02-01-25",
            "03-01-05-02-02-01-00",
            "03-01-05-02-02-01",
            "03-01-05-02-02-01-12-01",
            "3-1-5-2-2-1-12",
            "+3-01-05-02-02-01-12",
        ] {
            assert_eq!(parse(stem), None, "{stem}");
        }
    }
}
