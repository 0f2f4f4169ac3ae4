//! The eight emotions, in the one order that every array of probabilities in this project uses.

use std::{fmt, str::FromStr};

use crate::Error;

/// A portrayed emotion. The discriminant is its index in every array of eight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Emotion {
    /// No particular emotion.
    Neutral,
    /// Relaxed, as RAVDESS alone portrays it.
    Calm,
    /// Joy.
    Happy,
    /// Sorrow.
    Sad,
    /// Anger.
    Angry,
    /// Fear.
    Fear,
    /// Disgust.
    Disgust,
    /// Pleasant or unpleasant surprise; CREMA-D has none.
    Surprise,
}

impl Emotion {
    /// How many emotions there are.
    pub const COUNT: usize = 8;

    /// Every emotion, in index order.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Neutral,
        Self::Calm,
        Self::Happy,
        Self::Sad,
        Self::Angry,
        Self::Fear,
        Self::Disgust,
        Self::Surprise,
    ];

    /// The index in every array of eight.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The lower-case English name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Calm => "calm",
            Self::Happy => "happy",
            Self::Sad => "sad",
            Self::Angry => "angry",
            Self::Fear => "fear",
            Self::Disgust => "disgust",
            Self::Surprise => "surprise",
        }
    }
}

impl fmt::Display for Emotion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Emotion {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|emotion| emotion.name() == name).ok_or_else(|| Error::Parameter {
            name: "emotion",
            expected: "one of neutral, calm, happy, sad, angry, fear, disgust, surprise".into(),
            got: format!("{name:?}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_names_are_fixed() {
        let names = Emotion::ALL.map(Emotion::name);
        assert_eq!(names, ["neutral", "calm", "happy", "sad", "angry", "fear", "disgust", "surprise"]);
        for (index, emotion) in Emotion::ALL.into_iter().enumerate() {
            assert_eq!(emotion.index(), index);
            assert_eq!(emotion.name().parse::<Emotion>(), Ok(emotion));
        }
        assert!("joy".parse::<Emotion>().is_err());
    }
}
