//! A voice in a room: the direct sound and an exponentially decaying tail.
//!
//! Polack (1988): late reverberation is noise whose level falls by 60 dB in the reverberation time. How strong it is
//! against the direct sound follows from the distance and the room's critical distance, 0.057 sqrt(V / RT60) metres
//! (Kuttruff, "Room Acoustics").

use rand::Rng;
use speech_emotion::audio::SAMPLE_RATE;

use super::{fourier::convolve, generate_noise, noise::NoiseKind};

/// Metres a second.
const SPEED_OF_SOUND: f64 = 343.0;

/// A room and how far the voice in it is from the microphone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Room {
    /// Its name in reports.
    pub name: &'static str,
    /// Cubic metres.
    pub volume: f64,
    /// The time in which reverberation falls by 60 dB, seconds.
    pub rt60: f64,
    /// From mouth to microphone, metres.
    pub distance: f64,
}

/// A furnished bedroom with a laptop, a meeting room, a hall.
pub const ROOMS: [Room; 3] = [
    Room { name: "small room", volume: 30.0, rt60: 0.3, distance: 0.5 },
    Room { name: "meeting room", volume: 100.0, rt60: 0.6, distance: 1.0 },
    Room { name: "hall", volume: 1_000.0, rt60: 1.2, distance: 2.0 },
];

impl Room {
    /// The energy of the direct sound against the tail's.
    pub fn direct_to_reverberant(&self) -> f64 {
        let critical = 0.057 * (self.volume / self.rt60).sqrt();
        (critical / self.distance).powi(2)
    }

    /// A drawn impulse response at 16 kHz: the direct sound, 1, at its first sample.
    pub fn response(&self, rng: &mut impl Rng) -> Vec<f32> {
        let rate = f64::from(SAMPLE_RATE);
        let length = (self.rt60 * rate) as usize;
        // The mean free path of a cube of that volume: before it, nothing comes back.
        let first = (2.0 / 3.0 * self.volume.cbrt() / SPEED_OF_SOUND * rate) as usize;
        let mut response: Vec<f64> = generate_noise(NoiseKind::White, length, rng)
            .into_iter()
            .enumerate()
            .map(|(n, noise)| {
                let decay = (-3.0 * std::f64::consts::LN_10 * n as f64 / (self.rt60 * rate)).exp();
                if n < first { 0.0 } else { f64::from(noise) * decay }
            })
            .collect();
        let energy: f64 = response.iter().map(|value| value * value).sum();
        let gain = (1.0 / (energy * self.direct_to_reverberant())).sqrt();
        if let Some(direct) = response.first_mut() {
            *direct = 1.0 / gain;
        }
        response.into_iter().map(|value| (value * gain) as f32).collect()
    }
}

/// `samples` (mono, 16 kHz) as they sound in a room, as long as they were; each call draws another place in it.
pub fn reverberate(samples: &[f32], room: &Room, rng: &mut impl Rng) -> Vec<f32> {
    convolve(samples, &room.response(rng))
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;

    /// Reverberation time by Schroeder's (1965) backward integration: twice the time from -5 to -35 dB.
    fn reverberation_time(response: &[f32]) -> f64 {
        let mut left = 0.0;
        let mut decay: Vec<f64> = response
            .iter()
            .rev()
            .map(|&value| {
                left += f64::from(value).powi(2);
                left
            })
            .collect();
        decay.reverse();
        let reach = |db: f64| {
            decay.iter().position(|&energy| energy < decay[0] * 10_f64.powf(db / 10.0)).unwrap_or(usize::MAX)
        };
        2.0 * (reach(-35.0) - reach(-5.0)) as f64 / f64::from(SAMPLE_RATE)
    }

    #[test]
    fn the_level_falls_by_60_db_in_the_stated_time() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for room in ROOMS {
            let response = room.response(&mut rng);
            let measured = reverberation_time(&response[1..]);
            assert!((measured / room.rt60 - 1.0).abs() < 0.1, "{}: {measured} s", room.name);
        }
    }

    #[test]
    fn the_tail_is_as_strong_as_the_distance_makes_it() {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        for room in ROOMS {
            let response = room.response(&mut rng);
            assert!((response[0] - 1.0).abs() < 1e-6);
            let tail: f64 = response[1..].iter().map(|&value| f64::from(value).powi(2)).sum();
            assert!((1.0 / tail / room.direct_to_reverberant() - 1.0).abs() < 1e-3, "{}", room.name);
        }
        // At the critical distance both are equal: 0.057 * sqrt(100 / 1) = 0.57 m.
        let room = Room { name: "", volume: 100.0, rt60: 1.0, distance: 0.57 };
        assert!((room.direct_to_reverberant() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_click_becomes_the_response_and_silence_stays_silent() {
        let mut click = vec![0.0; 2_000];
        click[100] = 0.5;
        let heard = reverberate(&click, &ROOMS[0], &mut ChaCha8Rng::seed_from_u64(3));
        let response = ROOMS[0].response(&mut ChaCha8Rng::seed_from_u64(3));
        assert_eq!(heard.len(), click.len());
        for (n, value) in heard.iter().enumerate() {
            let expected = if n < 100 { 0.0 } else { 0.5 * response[n - 100] };
            assert!((value - expected).abs() < 1e-6, "{n}");
        }
        let silent = reverberate(&[0.0; 50], &ROOMS[2], &mut ChaCha8Rng::seed_from_u64(4));
        assert_eq!(silent, [0.0; 50]);
    }
}
