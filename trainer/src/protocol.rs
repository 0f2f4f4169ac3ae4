//! The protocols, the trainings that serve them, and what each of them scores.
//!
//! Five joint trainings serve every pooled protocol that is independent of the speaker: a fold holds out speakers of
//! all four corpora at once, and each protocol looks at its own corpus's clips.

use std::fmt;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::{
    corpora::{Clip, Corpus},
    split::{self, FOLDS, Split},
};

/// A protocol, by the name that figures are quoted with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// The four corpora by clip, 80 to 20, stratified by corpus and emotion.
    CombinedRandom,
    /// The four corpora by speaker, five joint folds: every clip scored by a network that never heard its speaker.
    CombinedSpeaker,
    /// RAVDESS, five folds by actor (Luna-Jimenez et al. 2021).
    RavdessLuna,
    /// RAVDESS, six folds by actor (EmoBox, Ma et al. 2024).
    RavdessEmobox,
    /// CREMA-D, 63 actors train, 9 validate, 19 are scored (EVAR).
    CremaEvar,
    /// CREMA-D, five folds by actor, against the crowd's votes on the voice alone.
    CremaVotes,
    /// SAVEE, each of the four speakers in turn.
    SaveeLoso,
    /// TESS, one actress to the other, both ways.
    TessCross,
    /// Three corpora train, the fourth is scored on the emotions that it shares with them, each in turn.
    CrossCorpus,
    /// Augmented copies first, then a random split: copies of one clip on both sides. Leaky on purpose, to show what
    /// figures of this kind are worth.
    Legacy,
}

/// What a single-corpus protocol trains on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Track {
    /// All four corpora less the test speakers.
    Pooled,
    /// That corpus alone.
    Own,
}

/// What one training learns from and is scored on. Folds count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Training {
    /// `combined-random`.
    Random,
    /// A joint fold.
    Joint(usize),
    /// A joint fold of one corpus alone.
    JointOwn(Corpus, usize),
    /// A fold of `ravdess-emobox`.
    Emobox(Track, usize),
    /// `crema-evar`.
    Evar(Track),
    /// `cross-corpus`, the corpus that is scored.
    Without(Corpus),
    /// `legacy`.
    Legacy,
    /// The choice of settings; nothing is scored.
    Development,
    /// What ships: everything less a validation part; nothing is scored.
    Everything,
    /// CREMA-D alone, less a validation part; nothing is scored.
    CremaD,
}

impl Protocol {
    /// Every protocol, in the order of the reports.
    pub const ALL: [Self; 10] = [
        Self::CombinedRandom,
        Self::CombinedSpeaker,
        Self::RavdessLuna,
        Self::RavdessEmobox,
        Self::CremaEvar,
        Self::CremaVotes,
        Self::SaveeLoso,
        Self::TessCross,
        Self::CrossCorpus,
        Self::Legacy,
    ];

    /// The name that figures are quoted with.
    pub fn id(self) -> &'static str {
        match self {
            Self::CombinedRandom => "combined-random",
            Self::CombinedSpeaker => "combined-speaker",
            Self::RavdessLuna => "ravdess-luna",
            Self::RavdessEmobox => "ravdess-emobox",
            Self::CremaEvar => "crema-evar",
            Self::CremaVotes => "crema-votes",
            Self::SaveeLoso => "savee-loso",
            Self::TessCross => "tess-cross",
            Self::CrossCorpus => "cross-corpus",
            Self::Legacy => "legacy",
        }
    }

    /// The one corpus that is scored, for the protocols that have two tracks.
    pub fn corpus(self) -> Option<Corpus> {
        match self {
            Self::RavdessLuna | Self::RavdessEmobox => Some(Corpus::Ravdess),
            Self::CremaEvar | Self::CremaVotes => Some(Corpus::CremaD),
            Self::SaveeLoso => Some(Corpus::Savee),
            Self::TessCross => Some(Corpus::Tess),
            _ => None,
        }
    }

    /// Whether the intervals are drawn over speakers and not over clips.
    pub fn by_speaker(self) -> bool {
        !matches!(self, Self::CombinedRandom | Self::Legacy)
    }

    /// The trainings whose scored clips make up the protocol, in order.
    pub fn trainings(self, track: Track) -> Vec<Training> {
        let joint = |last: usize| match (track, self.corpus()) {
            (Track::Own, Some(corpus)) => (1..=last).map(|fold| Training::JointOwn(corpus, fold)).collect(),
            _ => (1..=last).map(Training::Joint).collect(),
        };
        match self {
            Self::CombinedRandom => vec![Training::Random],
            Self::CombinedSpeaker | Self::RavdessLuna | Self::CremaVotes => joint(FOLDS),
            Self::SaveeLoso => joint(4),
            Self::TessCross => joint(2),
            Self::RavdessEmobox => {
                (1..=split::EMOBOX_FOLDS).map(|fold| Training::Emobox(track, fold)).collect()
            }
            Self::CremaEvar => vec![Training::Evar(track)],
            Self::CrossCorpus => Corpus::ALL.map(Training::Without).to_vec(),
            Self::Legacy => vec![Training::Legacy],
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl Training {
    /// The folder and file name of its runs.
    pub fn key(self) -> String {
        let track = |track| if track == Track::Own { "-own" } else { "" };
        match self {
            Self::Random => "combined-random".to_owned(),
            Self::Joint(fold) => format!("joint-{fold}"),
            Self::JointOwn(corpus, fold) => format!("{}-own-{fold}", corpus.name().to_lowercase()),
            Self::Emobox(t, fold) => format!("ravdess-emobox{}-{fold}", track(t)),
            Self::Evar(t) => format!("crema-evar{}", track(t)),
            Self::Without(corpus) => format!("without-{}", corpus.name().to_lowercase()),
            Self::Legacy => "legacy".to_owned(),
            Self::Development => "development".to_owned(),
            Self::Everything => "everything".to_owned(),
            Self::CremaD => "crema-d".to_owned(),
        }
    }

    /// Who trains, who chooses the epoch, who is scored. `legacy` is split by clip here; its copies are the
    /// experiment's matter.
    pub fn split(self, clips: &[Clip], seed: u64) -> Split {
        let own = |split: Split, corpus: Corpus| split.restricted(|index| clips[index].corpus == corpus);
        match self {
            Self::Random | Self::Legacy => split::combined_random(clips, seed),
            Self::Joint(fold) => split::combined_speaker(clips, fold - 1, seed),
            Self::JointOwn(corpus, fold) => split::own_speaker(clips, corpus, fold - 1, seed),
            Self::Emobox(Track::Pooled, fold) => split::ravdess_emobox(clips, fold - 1, seed),
            Self::Emobox(Track::Own, fold) => {
                own(split::ravdess_emobox(clips, fold - 1, seed), Corpus::Ravdess)
            }
            Self::Evar(Track::Pooled) => split::crema_evar(clips),
            Self::Evar(Track::Own) => own(split::crema_evar(clips), Corpus::CremaD),
            Self::Without(corpus) => split::without(clips, corpus, seed),
            Self::Development => split::development(clips, seed),
            Self::Everything => split::everything(clips, seed),
            Self::CremaD => own(split::everything(clips, seed), Corpus::CremaD),
        }
    }

    /// The corpora that train.
    pub fn corpora(self) -> Vec<Corpus> {
        match self {
            Self::JointOwn(corpus, _) => vec![corpus],
            Self::Emobox(Track::Own, _) => vec![Corpus::Ravdess],
            Self::Evar(Track::Own) | Self::CremaD => vec![Corpus::CremaD],
            Self::Without(corpus) => Corpus::ALL.into_iter().filter(|&other| other != corpus).collect(),
            _ => Corpus::ALL.to_vec(),
        }
    }
}
