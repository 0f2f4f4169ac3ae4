//! Time stretching at constant pitch by waveform-similarity overlap-add.
//!
//! Verhelst and Roelands (1993), "An overlap-add technique based on waveform similarity (WSOLA)".

/// Samples in a frame: 50 ms at 16 kHz, five periods of a low voice.
const FRAME: usize = 800;
/// Samples between frames of the output.
const HOP: usize = FRAME / 2;
/// How far a frame may move for similarity's sake: 12.5 ms either way, a period of 40 Hz in all.
const TOLERANCE: isize = 200;
/// The first search looks at every so many places and samples, the second at each in between.
const COARSE: usize = 4;
/// The rates that keep speech recognisable as speech; others are brought into these bounds.
const RATES: std::ops::RangeInclusive<f64> = 0.25..=4.0;

/// Plays `samples` (mono, 16 kHz) `rate` times as fast without moving the pitch: the result holds
/// `round(samples / rate)` samples. Rates are bounded to 0.25 to 4; a rate that is no number counts as 1.
pub fn stretch(samples: &[f32], rate: f64) -> Vec<f32> {
    let rate = if rate.is_nan() { 1.0 } else { rate.clamp(*RATES.start(), *RATES.end()) };
    let length = (samples.len() as f64 / rate).round() as usize;
    let window: Vec<f32> =
        (0..FRAME).map(|n| (std::f32::consts::PI * n as f32 / FRAME as f32).sin().powi(2)).collect();
    let padded = Padded::new(samples);
    // Frames are centred on multiples of the hop, so that the first reaches half before the start.
    let frames = length.div_ceil(HOP) + 1;
    let mut out = vec![0.0_f32; frames * HOP + FRAME];
    let mut natural: Option<isize> = None;
    for frame in 0..frames {
        let ideal = (frame as f64 * HOP as f64 * rate).round() as isize - HOP as isize;
        let start = match natural {
            // The silence before the first frame resembles anything.
            None => ideal,
            Some(natural) => ideal + best_shift(&padded, natural, ideal),
        };
        natural = Some(start + HOP as isize);
        let target = &mut out[frame * HOP..][..FRAME];
        for ((out, &sample), &weight) in target.iter_mut().zip(padded.frame(start)).zip(&window) {
            *out += sample * weight;
        }
    }
    // Frames start half a frame early; from there on the windows of two neighbours sum to 1.
    out.drain(..HOP);
    out.truncate(length);
    out
}

/// The shift from `ideal`, within the tolerance, at which the frame best continues the one whose natural
/// continuation starts at `natural`.
fn best_shift(padded: &Padded, natural: isize, ideal: isize) -> isize {
    let reference = padded.frame(natural);
    let search = |shifts: &mut dyn Iterator<Item = isize>, stride: usize| {
        let mut best = (f32::NEG_INFINITY, 0);
        for shift in shifts {
            let likeness = similarity(reference, padded.frame(ideal + shift), stride);
            if likeness > best.0 {
                best = (likeness, shift);
            }
        }
        best.1
    };
    let coarse = search(&mut (-TOLERANCE..=TOLERANCE).step_by(COARSE), COARSE);
    let near = COARSE as isize - 1;
    search(&mut (coarse - near..=coarse + near), 1)
}

/// The cross-correlation of two frames over every `stride`-th sample, normalised by the second's energy.
fn similarity(reference: &[f32], candidate: &[f32], stride: usize) -> f32 {
    let (mut product, mut energy) = (0.0_f32, 0.0_f32);
    for (a, b) in reference.iter().step_by(stride).zip(candidate.iter().step_by(stride)) {
        product += a * b;
        energy += b * b;
    }
    let likeness = product / energy.sqrt();
    // 0 over 0 for silence, or an overflow of absurdly loud samples: as good as any other place.
    if likeness.is_finite() { likeness } else { 0.0 }
}

/// Samples with silence on both sides, so that every frame that the search may ask for exists.
struct Padded {
    samples: Vec<f32>,
}

impl Padded {
    /// Enough for a frame that starts a frame and two tolerances early or late.
    const MARGIN: usize = 2 * FRAME + 2 * TOLERANCE as usize;

    fn new(samples: &[f32]) -> Self {
        let mut padded = vec![0.0; samples.len() + 2 * Self::MARGIN];
        padded[Self::MARGIN..][..samples.len()].copy_from_slice(samples);
        Self { samples: padded }
    }

    /// The frame from `start`, counted in the samples without the padding and kept inside it.
    fn frame(&self, start: isize) -> &[f32] {
        let start = start.saturating_add(Self::MARGIN as isize).max(0) as usize;
        &self.samples[start.min(self.samples.len() - FRAME)..][..FRAME]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::augment::pitch::tests::{frequency, sine};

    #[test]
    fn the_length_follows_the_rate_and_the_pitch_stays() {
        for hz in [110.0, 220.0, 1_000.0] {
            let clip = sine(hz, 24_000);
            for rate in [0.5, 0.8, 0.9, 1.0, 1.1, 1.25, 2.0] {
                let out = stretch(&clip, rate);
                assert_eq!(out.len(), (24_000.0 / rate).round() as usize);
                let measured = frequency(&out[2_000..out.len() - 2_000]);
                assert!((measured / hz - 1.0).abs() < 0.01, "{measured} Hz for {hz} at rate {rate}");
                let rms = |s: &[f32]| (s.iter().map(|s| s * s).sum::<f32>() / s.len() as f32).sqrt();
                let change = rms(&out[1_000..out.len() - 1_000]) / rms(&clip);
                assert!((change - 1.0).abs() < 0.05, "amplitude times {change} for {hz} at rate {rate}");
            }
        }
    }

    #[test]
    fn rate_one_returns_the_clip() {
        let clip: Vec<f32> = sine(150.0, 9_001).iter().zip(sine(411.0, 9_001)).map(|(a, b)| a * b).collect();
        let out = stretch(&clip, 1.0);
        let error = out.iter().zip(&clip).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(out.len() == clip.len() && error < 1e-5, "{error}");
    }

    #[test]
    fn absurd_rates_are_bounded() {
        let clip = sine(200.0, 4_000);
        assert_eq!(stretch(&clip, 0.0).len(), 16_000);
        assert_eq!(stretch(&clip, f64::INFINITY).len(), 1_000);
        assert_eq!(stretch(&clip, f64::NAN).len(), 4_000);
    }
}
