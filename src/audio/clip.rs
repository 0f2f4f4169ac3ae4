//! What is done to every clip before its features, in training and in the browser alike.

use std::ops::Range;

use super::high_pass;
use crate::dsp::lanes::{sum, sum_of_squares};

/// The level to which a clip is brought: RMS relative to full scale, dB.
pub const TARGET_LEVEL_DB: f32 = -26.0;

/// The most that [`level`] amplifies, dB. A clip that would need more is noise of the recorder.
const MAX_GAIN_DB: f32 = 60.0;

/// Frames more than this below the loudest are silence, dB.
const TRIM_TOP_DB: f32 = 35.0;

/// Samples in a frame of the trimming, 32 ms at 16 kHz.
const TRIM_FRAME: usize = 512;

/// Frames kept around what is not silence, so that soft onsets survive: 96 ms.
const TRIM_MARGIN: usize = 3;

/// Conditions a clip at 16 kHz in the one way the network knows: DC removed, what is below voices taken out, silence
/// at both ends trimmed, level set.
///
/// The level goes because it tells the recorder and not the speaker (the corpora's medians lie 22 dB apart,
/// microphones further); loudness within the clip stays.
pub fn condition(samples: &[f32]) -> Vec<f32> {
    let mut clip = samples.to_vec();
    condition_in_place(&mut clip);
    clip
}

/// What [`condition`] does, without another copy.
pub fn condition_in_place(clip: &mut Vec<f32>) {
    filter(clip);
    condition_filtered(clip);
}

/// The first part of [`condition`]: DC and what is below voices.
pub fn filter(samples: &mut [f32]) {
    remove_dc(samples);
    high_pass(samples);
}

/// The rest of [`condition`].
pub(crate) fn condition_filtered(clip: &mut Vec<f32>) {
    let sounding = sounding(clip);
    clip.truncate(sounding.end);
    clip.drain(..sounding.start);
    level(clip);
}

/// Subtracts the mean.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub fn remove_dc(samples: &mut [f32]) {
    let mean = (sum(samples) / samples.len().max(1) as f64) as f32;
    for sample in samples {
        *sample -= mean;
    }
}

/// The part from the first to the last frame within 35 dB of the loudest one, with 96 ms of margin. All of
/// it where nothing is louder than the rest (silence, a steady tone).
pub fn trim_silence(samples: &[f32]) -> &[f32] {
    &samples[sounding(samples)]
}

/// The samples that [`trim_silence`] keeps.
#[cfg_attr(target_arch = "wasm32", inline(never))]
fn sounding(samples: &[f32]) -> Range<usize> {
    let loudest = samples.chunks(TRIM_FRAME).map(mean_power).fold(0.0, f64::max);
    let threshold = loudest * 10_f64.powf(f64::from(-TRIM_TOP_DB) / 10.0);
    let active = |frame: &[f32]| loudest > 0.0 && mean_power(frame) > threshold;
    let Some(first) = samples.chunks(TRIM_FRAME).position(active) else { return 0..samples.len() };
    let last = samples.chunks(TRIM_FRAME).rposition(active).unwrap_or(first);
    let start = first.saturating_sub(TRIM_MARGIN) * TRIM_FRAME;
    let end = (last + 1 + TRIM_MARGIN) * TRIM_FRAME;
    start..end.min(samples.len())
}

/// Scales to an RMS of [`TARGET_LEVEL_DB`], amplifying by at most 60 dB.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub fn level(samples: &mut [f32]) {
    let rms = mean_power(samples).sqrt();
    if rms > 0.0 {
        let target = 10_f64.powf(f64::from(TARGET_LEVEL_DB) / 20.0);
        let gain = (target / rms).min(10_f64.powf(f64::from(MAX_GAIN_DB) / 20.0));
        for sample in samples {
            *sample = (f64::from(*sample) * gain) as f32;
        }
    }
}

/// The mean of the squares, in f64 so that no finite sample overflows.
fn mean_power(samples: &[f32]) -> f64 {
    sum_of_squares(samples) / samples.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn burst(silence: usize, length: usize, amplitude: f32) -> Vec<f32> {
        let tone = (0..length).map(|n| amplitude * (n as f32 * 0.3).sin());
        std::iter::repeat_n(0.0, silence).chain(tone).chain(std::iter::repeat_n(0.0, silence)).collect()
    }

    #[test]
    fn trims_to_the_burst_and_its_margin() {
        let clip = burst(16_000, 8_000, 0.3);
        let trimmed = trim_silence(&clip);
        let margin = TRIM_MARGIN * TRIM_FRAME;
        assert!(trimmed.len() >= 8_000 + 2 * (margin - TRIM_FRAME), "{}", trimmed.len());
        assert!(trimmed.len() <= 8_000 + 2 * (margin + TRIM_FRAME), "{}", trimmed.len());
    }

    #[test]
    fn leaves_silence_as_it_is() {
        for length in [0, 1, 511, 20_000] {
            let silence = vec![0.0; length];
            assert_eq!(condition(&silence), silence);
        }
    }

    #[test]
    fn the_level_in_does_not_matter() {
        let reference = condition(&burst(8_000, 8_000, 0.3));
        for gain_db in [-40.0_f32, -20.0, 0.0, 20.0] {
            let gain = 10_f32.powf(gain_db / 20.0);
            let with_dc: Vec<f32> = burst(8_000, 8_000, 0.3 * gain).iter().map(|s| s + 0.1 * gain).collect();
            let conditioned = condition(&with_dc);
            assert_eq!(conditioned.len(), reference.len());
            let rms_db = 10.0 * mean_power(&conditioned).log10();
            assert!((rms_db - f64::from(TARGET_LEVEL_DB)).abs() < 0.01, "{rms_db} dB");
            let error = conditioned.iter().zip(&reference).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(error < 1e-4, "{gain_db} dB: {error}");
        }
    }

    #[test]
    fn the_largest_finite_samples_stay_finite() {
        let loud: Vec<f32> = (0..4_000).map(|n| if n % 2 == 0 { f32::MAX } else { -f32::MAX }).collect();
        assert!(condition(&loud).iter().all(|sample| sample.is_finite()));
    }
}
