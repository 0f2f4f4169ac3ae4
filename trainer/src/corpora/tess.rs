//! TESS: `actress_word_emotion`, each in the carrier phrase "Say the word ...".
//!
//! Pichora-Fuller and Dupuis (2020), "Toronto emotional speech set (TESS)".

use speech_emotion::Emotion;

use super::{Corpus, Label, Sex};

/// Reads a stem such as `OAF_back_angry`; the folder's spelling, which varies, does not matter.
pub(super) fn parse(stem: &str) -> Option<Label> {
    let stem = stem.to_ascii_lowercase();
    let (speaker, rest) = stem.split_once('_')?;
    let (word, emotion) = rest.split_once('_')?;
    let speaker = match speaker {
        // Upstream spells one file of the older actress `OA_bite_neutral`.
        "oaf" | "oa" => "OAF",
        "yaf" => "YAF",
        _ => return None,
    };
    if word.is_empty() || !word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let (code, emotion) = match emotion {
        "angry" => ("angry", Emotion::Angry),
        "disgust" => ("disgust", Emotion::Disgust),
        "fear" => ("fear", Emotion::Fear),
        "happy" => ("happy", Emotion::Happy),
        "neutral" => ("neutral", Emotion::Neutral),
        "ps" | "pleasant_surprise" | "pleasant_surprised" => ("ps", Emotion::Surprise),
        "sad" => ("sad", Emotion::Sad),
        _ => return None,
    };
    Some(Label {
        corpus: Corpus::Tess,
        name: format!("{speaker}_{word}_{code}"),
        speaker: speaker.to_owned(),
        sex: Sex::F,
        emotion,
        intensity: None,
        statement: format!("Say the word {word}"),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_field_is_read() {
        let label = parse("YAF_germ_ps").unwrap();
        assert_eq!((label.speaker.as_str(), label.sex, label.intensity), ("YAF", Sex::F, None));
        assert_eq!((label.emotion, label.statement.as_str()), (Emotion::Surprise, "Say the word germ"));
        assert_eq!(parse("OA_bite_neutral").unwrap().name, "OAF_bite_neutral");
        assert_eq!(parse("oaf_Food_Fear").unwrap().name, "OAF_food_fear");
    }

    #[test]
    fn other_names_are_not_tess() {
        for stem in ["OAF_back", "OAF__angry", "MAF_back_angry", "OAF_back_calm", "OAF_ba2k_angry", "OAF"] {
            assert_eq!(parse(stem), None, "{stem}");
        }
    }
}
