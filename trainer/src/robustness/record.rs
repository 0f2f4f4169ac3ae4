//! The figures of every condition, as a file.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use speech_emotion::Emotion;

use super::{BABBLE, CLEAN, Condition, Group};
use crate::metrics::{Scores, argmax};

/// The file below the results' folder.
const FILE: &str = "robustness.json";

/// One clip's answer in one condition.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answer {
    /// The probabilities, whatever the gate says.
    pub probabilities: [f32; Emotion::COUNT],
    /// Whether the speech gate lets the clip through.
    pub speech: bool,
}

/// How far a clip's probabilities move: the greatest change of the eight, over the clips.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Moved {
    /// Half of the clips move less.
    pub median: f64,
    /// 99 % of the clips move less.
    pub p99: f64,
    /// No clip moves more.
    pub most: f64,
}

/// The figures of one condition, as fractions of 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Its name; conditions that differ in the ratio alone share one.
    pub condition: String,
    /// Its kind.
    pub group: Group,
    /// The signal-to-noise ratio, dB, where there is one.
    pub snr_db: Option<f32>,
    /// How many clips were answered.
    pub n: usize,
    /// Accuracy.
    pub wa: f64,
    /// The mean recall over the emotions.
    pub ua: f64,
    /// How much less the accuracy is than that of the clean clips.
    pub lost: f64,
    /// The share of clips whose most probable emotion is that of the clean clip.
    pub unchanged: f64,
    /// The share of clips that the speech gate lets through.
    pub speech: f64,
    /// Against the clean clip.
    pub moved: Moved,
}

impl Row {
    /// The figures of a condition's answers, one for each of the clean clips' and of the labels.
    ///
    /// # Errors
    /// Without a clip, or when a probability is not one.
    pub fn new(
        condition: &Condition,
        answers: &[Answer],
        clean: &[Answer],
        labels: &[Emotion],
    ) -> Result<Self> {
        let rows = |answers: &[Answer]| answers.iter().map(|answer| answer.probabilities).collect::<Vec<_>>();
        let scores = Scores::new(&rows(answers), labels)?;
        let reference = Scores::new(&rows(clean), labels)?;
        let n = labels.len();
        let pairs = || answers.iter().zip(clean).map(|(a, b)| (&a.probabilities, &b.probabilities));
        let same = pairs().filter(|(a, b)| argmax(&a[..]) == argmax(&b[..])).count();
        let speech = answers.iter().filter(|answer| answer.speech).count();
        let mut moves: Vec<f64> = pairs()
            .map(|(a, b)| a.iter().zip(b).map(|(a, b)| f64::from((a - b).abs())).fold(0.0, f64::max))
            .collect();
        moves.sort_by(f64::total_cmp);
        // The smallest move that so many of the clips don't exceed.
        let quantile = |share: f64| moves[((share * n as f64).ceil() as usize).clamp(1, n) - 1];
        Ok(Self {
            condition: condition.name.clone(),
            group: condition.group,
            snr_db: condition.snr_db,
            n,
            wa: scores.wa,
            ua: scores.ua,
            lost: reference.wa - scores.wa,
            unchanged: same as f64 / n as f64,
            speech: speech as f64 / n as f64,
            moved: Moved { median: quantile(0.5), p99: quantile(0.99), most: quantile(1.0) },
        })
    }
}

/// What `trainer robustness` found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Robustness {
    /// The weights' SHA-256.
    pub weights: String,
    /// The training whose validation part was heard: [`crate::protocol::Training::key`].
    pub training: String,
    /// The seed of its split, of the noises and of the rooms.
    pub seed: u64,
    /// The commit that was checked out, with a plus where the tree differed from it.
    pub revision: String,
    /// The conditions, the clean one first.
    pub rows: Vec<Row>,
}

impl Robustness {
    /// Reads the record below `results`, if there is one.
    ///
    /// # Errors
    /// When the file can't be read or is damaged.
    pub fn load(results: &Path) -> Result<Option<Self>> {
        let path = results.join(FILE);
        if !path.exists() {
            return Ok(None);
        }
        let text = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let record = serde_json::from_slice(&text)
            .with_context(|| format!("{} is damaged: run `trainer robustness` anew", path.display()))?;
        Ok(Some(record))
    }

    /// Writes the record below `results`, whole or not at all.
    ///
    /// # Errors
    /// When writing fails.
    pub fn save(&self, results: &Path) -> Result<()> {
        let path = results.join(FILE);
        let cannot = || format!("cannot write {}", path.display());
        fs::create_dir_all(results).with_context(cannot)?;
        let fresh = path.with_extension("json.new");
        fs::write(&fresh, serde_json::to_vec_pretty(self)?).with_context(cannot)?;
        fs::rename(&fresh, &path).with_context(cannot)
    }

    /// The clean clips' figures.
    pub fn clean(&self) -> Option<&Row> {
        self.rows.iter().find(|row| row.condition == CLEAN)
    }

    /// What 20 dB of babble cost.
    pub fn babble(&self) -> Option<&Row> {
        self.rows.iter().find(|row| row.condition == BABBLE && row.snr_db == Some(20.0))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::robustness::Change;

    fn answer(emotion: usize, p: f32, speech: bool) -> Answer {
        let rest = (1.0 - p) / 7.0;
        Answer { probabilities: std::array::from_fn(|n| if n == emotion { p } else { rest }), speech }
    }

    #[test]
    fn figures_are_what_counting_by_hand_gives() {
        let labels = [Emotion::Neutral, Emotion::Neutral, Emotion::Calm, Emotion::Happy];
        let clean = [answer(0, 0.9, true), answer(0, 0.9, true), answer(1, 0.9, true), answer(0, 0.9, true)];
        let noisy = [answer(0, 0.8, true), answer(2, 0.9, false), answer(1, 0.9, true), answer(0, 0.9, true)];
        let condition = Condition {
            name: "rain".into(),
            group: Group::Noise,
            snr_db: Some(5.0),
            change: Change::Nothing,
        };
        let row = Row::new(&condition, &noisy, &clean, &labels).unwrap();
        assert_eq!((row.n, row.wa, row.lost), (4, 0.5, 0.25));
        assert_eq!((row.unchanged, row.speech), (0.75, 0.75));
        // Half of neutral, all of calm, nothing of happy.
        assert!((row.ua - 0.5).abs() < 1e-12);
        assert_eq!(row.moved.median, 0.0);
        assert!((row.moved.most - (0.9 - 0.1 / 7.0)).abs() < 1e-6 && row.moved.p99 == row.moved.most);
        assert!(Row::new(&condition, &[], &[], &[]).is_err());
    }
}
