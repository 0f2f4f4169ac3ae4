//! What is done to a clip.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use speech_emotion::audio::SAMPLE_RATE;

use crate::{
    Result,
    augment::{self, NoiseKind, ROOMS, Room},
    decode::prepared,
};

/// The signal-to-noise ratios, over the whole clip, dB.
pub const SNR_DB: [f32; 4] = [20.0, 10.0, 5.0, 0.0];

/// The name of what nothing is done in.
pub const CLEAN: &str = "clean";
/// The name of several voices at once.
pub const BABBLE: &str = "babble";

/// How many talk at once.
const BABBLE_VOICES: usize = 6;

/// The gains, dB; an offset as large as a loud voice; hum below the clip's level, dB.
const GAINS_DB: [f32; 6] = [-40.0, -30.0, -20.0, -10.0, 10.0, 20.0];
const OFFSET: f32 = 0.1;
const HUM_HZ: f64 = 50.0;
const HUM_SNR_DB: [f32; 2] = [30.0, 20.0];

/// The rates that a clip is recorded at, Hz.
const RATES: [u32; 12] =
    [8_000, 11_025, 12_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000];

/// What kind of condition one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// Nothing is done.
    Clean,
    /// Noise or babble at a ratio.
    Noise,
    /// Rooms, the phone band, codecs, what browsers do.
    Channel,
    /// The same clip at another level, with an offset, with hum.
    Level,
    /// The same clip at another sample rate that holds all of its band.
    Rate,
    /// The same clip at a sample rate that holds less than its band.
    NarrowRate,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    /// Nothing.
    Nothing,
    /// Noise of a kind, by its number in [`NoiseKinds`], at a ratio in dB.
    Noise(usize, f32),
    /// Other speakers at a ratio in dB.
    Babble(f32),
    /// A room.
    Room(Room),
    /// 300 to 3400 Hz.
    PhoneBand,
    /// Opus at thousands of bits a second.
    Opus(u32),
    /// MP3 at thousands of bits a second.
    Mp3(u32),
    /// Noise suppression.
    Suppression,
    /// Gain control.
    GainControl,
    /// Noise suppression, then gain control, as browsers do both.
    Browser,
    /// A gain, dB.
    Gain(f32),
    /// A constant added.
    Offset,
    /// A tone of 50 Hz at a ratio in dB.
    Hum(f32),
    /// A sample rate, Hz.
    Rate(u32),
}

/// One condition.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// Its name; conditions that differ in the ratio alone share one.
    pub name: String,
    /// Its kind.
    pub group: Group,
    /// The signal-to-noise ratio, dB, where there is one.
    pub snr_db: Option<f32>,
    /// What is done.
    pub change: Change,
}

/// Every condition, the clean one first.
pub fn conditions(noises: &NoiseKinds) -> Vec<Condition> {
    let one = |name: &str, group, change| Condition { name: name.to_owned(), group, snr_db: None, change };
    let mut all = vec![one(CLEAN, Group::Clean, Change::Nothing)];
    let kinds = noises.names().enumerate().map(|(kind, name)| (name.to_owned(), Some(kind)));
    for (name, kind) in kinds.chain([(BABBLE.to_owned(), None)]) {
        all.extend(SNR_DB.map(|snr| Condition {
            name: name.clone(),
            group: Group::Noise,
            snr_db: Some(snr),
            change: kind.map_or(Change::Babble(snr), |kind| Change::Noise(kind, snr)),
        }));
    }
    all.extend(ROOMS.map(|room| {
        let Room { name, rt60, distance, .. } = room;
        one(&format!("{name}, {rt60} s, {distance} m away"), Group::Channel, Change::Room(room))
    }));
    all.push(one("phone band, 300 to 3400 Hz", Group::Channel, Change::PhoneBand));
    all.extend([24, 12].map(|kbps| one(&format!("Opus, {kbps} kbit/s"), Group::Channel, Change::Opus(kbps))));
    all.extend([64, 32].map(|kbps| one(&format!("MP3, {kbps} kbit/s"), Group::Channel, Change::Mp3(kbps))));
    all.push(one("noise suppression", Group::Channel, Change::Suppression));
    all.push(one("gain control", Group::Channel, Change::GainControl));
    all.push(one("noise suppression and gain control", Group::Channel, Change::Browser));
    all.extend(GAINS_DB.map(|db| one(&format!("{db:+} dB gain"), Group::Level, Change::Gain(db))));
    all.push(one(&format!("offset of {OFFSET}"), Group::Level, Change::Offset));
    all.extend(
        HUM_SNR_DB.map(|db| one(&format!("{HUM_HZ} Hz hum, {db} dB below"), Group::Level, Change::Hum(db))),
    );
    all.extend(RATES.map(|rate| {
        let group = if rate < SAMPLE_RATE { Group::NarrowRate } else { Group::Rate };
        one(&format!("{} kHz", f64::from(rate) / 1_000.0), group, Change::Rate(rate))
    }));
    all
}

/// Background noise by kind, mono at 16 kHz.
#[derive(Debug, Clone, Default)]
pub struct NoiseKinds(BTreeMap<String, Vec<Vec<f32>>>);

impl NoiseKinds {
    /// Reads recordings. Those in a folder of their own below a collection are one kind, named after it; others are
    /// each a kind, named after the file. Without any there are generated ones, white and pink.
    ///
    /// # Errors
    /// When a file can't be read.
    pub fn load(paths: &[PathBuf], seed: u64) -> Result<Self> {
        let mut kinds: BTreeMap<String, Vec<Vec<f32>>> = BTreeMap::new();
        for path in paths {
            kinds.entry(kind(path)).or_default().push(prepared(path)?);
        }
        if kinds.is_empty() {
            for (name, kind) in [("white noise", NoiseKind::White), ("pink noise", NoiseKind::Pink)] {
                let mut rng = ChaCha8Rng::seed_from_u64(seed);
                let noise = augment::generate_noise(kind, 10 * SAMPLE_RATE as usize, &mut rng);
                kinds.insert(name.to_owned(), vec![noise]);
            }
        }
        Ok(Self(kinds))
    }

    /// The kinds' names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// A stretch of a recording of a kind, drawn anew where it is silent, as between two barks of a dog.
    fn excerpt(&self, kind: usize, length: usize, rng: &mut impl Rng) -> Vec<f32> {
        let Some(recordings) = self.0.values().nth(kind) else { return Vec::new() };
        let mut draw = || {
            let recording = &recordings[rng.random_range(0..recordings.len())];
            augment::excerpt(recording, length, rng)
        };
        let silent = |noise: &[f32]| noise.iter().all(|sample| sample.abs() < 1e-5);
        let mut noise = draw();
        for _ in 0..16 {
            if !silent(&noise) {
                break;
            }
            noise = draw();
        }
        noise
    }
}

/// `noise/collection/rain/1.ogg` is rain, `noise/collection/rain.ogg` as well.
fn kind(path: &Path) -> String {
    let name = |path: Option<&Path>| Some(path?.file_stem()?.to_string_lossy().replace('_', " "));
    let mut folders = path.ancestors().skip(1);
    let folder = folders.next();
    let has_folder = name(folders.nth(1)).as_deref() == Some("noise");
    name(if has_folder { folder } else { Some(path) }).unwrap_or_default()
}

impl Condition {
    /// The clip in this condition, and the rate that it then has. `others` are clips of other speakers. What is drawn
    /// depends on the seed, the clip and the condition's name alone: a noise is the same at every ratio.
    ///
    /// # Errors
    /// When a codec refuses the samples.
    pub fn apply(
        &self,
        samples: &[f32],
        id: &str,
        noises: &NoiseKinds,
        others: &[&[f32]],
        seed: u64,
    ) -> Result<(Vec<f32>, u32)> {
        let digest = Sha256::new().chain_update(seed.to_le_bytes()).chain_update(&self.name).chain_update(id);
        let rng = &mut ChaCha8Rng::from_seed(digest.finalize().into());
        let changed = match self.change {
            Change::Nothing => samples.to_vec(),
            Change::Noise(kind, snr) => {
                let noise = noises.excerpt(kind, samples.len(), rng);
                augment::add_noise(samples, &noise, snr, rng)
            }
            Change::Babble(snr) => {
                let babble = augment::babble(others, BABBLE_VOICES, samples.len(), rng);
                augment::add_noise(samples, &babble, snr, rng)
            }
            Change::Room(room) => augment::reverberate(samples, &room, rng),
            Change::PhoneBand => augment::phone_band(samples),
            Change::Opus(kbps) => augment::opus(samples, kbps)?,
            Change::Mp3(kbps) => augment::mp3(samples, kbps)?,
            Change::Suppression => augment::suppress_noise(samples),
            Change::GainControl => augment::control_gain(samples),
            Change::Browser => augment::control_gain(&augment::suppress_noise(samples)),
            Change::Gain(db) => {
                let gain = 10_f32.powf(db / 20.0);
                samples.iter().map(|sample| sample * gain).collect()
            }
            Change::Offset => samples.iter().map(|sample| sample + OFFSET).collect(),
            Change::Hum(db) => augment::add_noise(samples, &hum(samples.len(), rng), db, rng),
            Change::Rate(rate) => {
                return Ok((augment::resample_exactly(samples, SAMPLE_RATE, rate), rate));
            }
        };
        Ok((changed, SAMPLE_RATE))
    }
}

fn hum(length: usize, rng: &mut impl Rng) -> Vec<f32> {
    let phase = rng.random_range(0.0..std::f64::consts::TAU);
    let turn = std::f64::consts::TAU * HUM_HZ / f64::from(SAMPLE_RATE);
    (0..length).map(|n| (turn * n as f64 + phase).sin() as f32).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_noise_is_named_after_its_folder_or_itself() {
        for (path, name) in [
            ("/data/noise/esc10/dog_bark/1-100.ogg", "dog bark"),
            ("/data/noise/backgrounds/pink_noise.ogg", "pink noise"),
            ("/data/noise/rain.wav", "rain"),
            ("/noise/noise/rain.wav", "rain"),
        ] {
            assert_eq!(kind(Path::new(path)), name, "{path}");
        }
    }

    #[test]
    fn every_condition_answers_and_is_the_same_again() {
        let clip: Vec<f32> = (0..12_000).map(|n| 0.1 * (n as f32 * 0.08).sin()).collect();
        let other: Vec<f32> = (0..9_000).map(|n| 0.2 * (n as f32 * 0.05).sin()).collect();
        let noises = NoiseKinds::load(&[], 1).unwrap();
        let all = conditions(&noises);
        let names: std::collections::BTreeSet<String> =
            all.iter().map(|condition| format!("{} {:?}", condition.name, condition.snr_db)).collect();
        assert_eq!(names.len(), all.len());
        assert_eq!(all.iter().filter(|c| matches!(c.group, Group::Rate | Group::NarrowRate)).count(), 12);
        for condition in all {
            let apply = |seed| condition.apply(&clip, "clip", &noises, &[&other], seed).unwrap();
            let (changed, rate) = apply(1);
            assert_eq!(changed.len(), (clip.len() * rate as usize).div_ceil(16_000), "{}", condition.name);
            assert!(changed.iter().all(|sample| sample.is_finite()), "{}", condition.name);
            assert_eq!(changed == clip, condition.change == Change::Nothing, "{}", condition.name);
            assert_eq!((changed, rate), apply(1), "{}", condition.name);
        }
    }

    #[test]
    fn a_noise_at_two_ratios_is_the_same_noise() {
        let clip: Vec<f32> = (0..8_000).map(|n| 0.1 * (n as f32 * 0.08).sin()).collect();
        let noises = NoiseKinds::load(&[], 1).unwrap();
        let all = conditions(&noises);
        let added = |snr| {
            let condition = all.iter().find(|c| c.name == "pink noise" && c.snr_db == Some(snr)).unwrap();
            let (changed, _) = condition.apply(&clip, "clip", &noises, &[], 1).unwrap();
            changed.iter().zip(&clip).map(|(a, b)| a - b).collect::<Vec<f32>>()
        };
        for (quiet, loud) in added(20.0).iter().zip(added(0.0)) {
            assert!((loud - 10.0 * quiet).abs() < 1e-5, "{loud} {quiet}");
        }
    }
}
