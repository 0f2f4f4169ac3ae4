//! SAVEE: a speaker's folder and `a01`, or both in one name, `DC_a01`.
//!
//! Haq and Jackson (2010), "Multimodal Emotion Recognition".

use speech_emotion::Emotion;

use super::{Corpus, Label, Sex};

/// The four speakers, all male.
const SPEAKERS: [&str; 4] = ["DC", "JE", "JK", "KL"];

/// Reads a stem such as `a01` in a folder such as `DC`, or `DC_a01` anywhere.
pub(super) fn parse(folder: &str, stem: &str) -> Option<Label> {
    let (speaker, sentence) = stem.split_once('_').unwrap_or((folder, stem));
    let speaker = SPEAKERS.into_iter().find(|known| known.eq_ignore_ascii_case(speaker))?;
    let sentence = sentence.to_ascii_lowercase();
    let digits = sentence.find(|character: char| character.is_ascii_digit())?;
    let (letters, number) = sentence.split_at(digits);
    let (emotion, sentences) = match letters {
        "a" => (Emotion::Angry, 15),
        "d" => (Emotion::Disgust, 15),
        "f" => (Emotion::Fear, 15),
        "h" => (Emotion::Happy, 15),
        "n" => (Emotion::Neutral, 30),
        "sa" => (Emotion::Sad, 15),
        "su" => (Emotion::Surprise, 15),
        _ => return None,
    };
    let sound = number.len() == 2 && number.bytes().all(|byte| byte.is_ascii_digit());
    number.parse::<u8>().ok().filter(|number| sound && (1..=sentences).contains(number))?;
    Some(Label {
        corpus: Corpus::Savee,
        name: format!("{speaker}_{sentence}"),
        speaker: speaker.to_owned(),
        sex: Sex::M,
        emotion,
        intensity: None,
        statement: sentence,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn folder_and_flat_layouts_name_the_same_clip() {
        let nested = parse("JK", "su15").unwrap();
        assert_eq!((nested.speaker.as_str(), nested.sex, nested.emotion), ("JK", Sex::M, Emotion::Surprise));
        assert_eq!(nested, parse("ALL", "JK_su15").unwrap());
        assert_eq!(parse("dc", "N30").unwrap().emotion, Emotion::Neutral);
    }

    #[test]
    fn other_names_are_not_savee() {
        for (folder, stem) in [
            ("XX", "a01"),
            ("DC", "a16"),
            ("DC", "n31"),
            ("DC", "a00"),
            ("DC", "a1"),
            ("DC", "s01"),
            ("DC", "a01b"),
        ] {
            assert_eq!(parse(folder, stem), None, "{folder}/{stem}");
        }
    }
}
