//! CREMA-D: `actor_sentence_emotion_intensity`.
//!
//! Cao et al. (2014), "CREMA-D: Crowd-Sourced Emotional Multimodal Actors Dataset".

use speech_emotion::Emotion;

use super::{Corpus, Intensity, Label, Sex};

/// The actors that the corpus's `VideoDemographics.csv` lists as female; the other 48 are male.
const FEMALE: [u16; 43] = [
    1002, 1003, 1004, 1006, 1007, 1008, 1009, 1010, 1012, 1013, 1018, 1020, 1021, 1024, 1025, 1028, 1029,
    1030, 1037, 1043, 1046, 1047, 1049, 1052, 1053, 1054, 1055, 1056, 1058, 1060, 1061, 1063, 1072, 1073,
    1074, 1075, 1076, 1078, 1079, 1082, 1084, 1089, 1091,
];

/// Reads a stem such as `1001_DFA_ANG_XX`.
pub(super) fn parse(stem: &str) -> Option<Label> {
    let stem = stem.to_ascii_uppercase();
    let mut parts = stem.split('_');
    let (actor, sentence, emotion, intensity) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || actor.len() != 4 || !actor.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: u16 = actor.parse().ok().filter(|number| (1001..=1091).contains(number))?;
    let intensity = match intensity {
        "LO" => Intensity::Low,
        "MD" => Intensity::Medium,
        "HI" => Intensity::High,
        // Upstream spells one file with a single X.
        "XX" | "X" => Intensity::Unspecified,
        _ => return None,
    };
    Some(Label {
        corpus: Corpus::CremaD,
        name: format!("{actor}_{sentence}_{emotion}_{}", intensity.name()),
        speaker: actor.to_owned(),
        sex: if FEMALE.contains(&number) { Sex::F } else { Sex::M },
        emotion: match emotion {
            "ANG" => Emotion::Angry,
            "DIS" => Emotion::Disgust,
            "FEA" => Emotion::Fear,
            "HAP" => Emotion::Happy,
            "NEU" => Emotion::Neutral,
            "SAD" => Emotion::Sad,
            _ => return None,
        },
        intensity: Some(intensity),
        statement: statement(sentence)?.to_owned(),
    })
}

/// The words of a sentence code, from the corpus's README.
fn statement(code: &str) -> Option<&'static str> {
    Some(match code {
        "DFA" => "Don't forget a jacket",
        "IEO" => "It's eleven o'clock",
        "IOM" => "I'm on my way to the meeting",
        "ITH" => "I think I have a doctor's appointment",
        "ITS" => "I think I've seen this before",
        "IWL" => "I would like a new alarm clock",
        "IWW" => "I wonder what this is about",
        "MTI" => "Maybe tomorrow it will be cold",
        "TAI" => "The airplane is almost full",
        "TIE" => "That is exactly what happened",
        "TSI" => "The surface is slick",
        "WSI" => "We'll stop in a couple of minutes",
        _ => return None,
    })
}

/// The clips that no one should train or score on.
pub(super) fn defect(name: &str) -> Option<&'static str> {
    match name {
        "1076_MTI_SAD_XX" => Some("digital silence"),
        "1006_TIE_HAP_XX" | "1006_TIE_NEU_XX" | "1013_WSI_DIS_XX" | "1013_WSI_SAD_XX" | "1017_IWW_ANG_XX"
        | "1017_IWW_FEA_XX" => Some("the same audio stands under two labels"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_field_is_read() {
        let label = parse("1002_IEO_DIS_HI").unwrap();
        assert_eq!((label.speaker.as_str(), label.sex), ("1002", Sex::F));
        assert_eq!((label.emotion, label.intensity), (Emotion::Disgust, Some(Intensity::High)));
        assert_eq!(label.statement, "It's eleven o'clock");
        assert_eq!(parse("1001_DFA_ANG_XX").unwrap().sex, Sex::M);
        assert_eq!(parse("1040_ith_sad_x").unwrap().name, "1040_ITH_SAD_XX");
    }

    #[test]
    fn other_names_are_not_crema_d() {
        for stem in
            ["1000_DFA_ANG_XX", "1092_DFA_ANG_XX", "1001_ABC_ANG_XX", "1001_DFA_SUR_XX", "1001_DFA_ANG", "x"]
        {
            assert_eq!(parse(stem), None, "{stem}");
        }
    }
}
