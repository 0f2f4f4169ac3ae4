//! Where a clip is silent.

use std::ops::Range;

use super::{
    framing::{Framing, PadMode},
    options::{check, check_samples},
};
use crate::{
    Result,
    dsp::{lanes::sum_of_squares, math},
};

/// The longest frame, samples.
const MAX_FRAME_LENGTH: usize = 1 << 15;

/// RMS below this counts as this: `amin` of `librosa.amplitude_to_db`, -100 dB.
const AMIN: f64 = 1e-5;

/// What [`trim`] and [`split`] measure silence against, librosa's `ref`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SilenceReference {
    /// The RMS of the loudest frame, `np.max`: in a clip of nothing but silence nothing is silent.
    Max,
    /// A fixed RMS, finite; 1 is full scale.
    Rms(f32),
}

/// Options of [`trim`] and [`split`], named and preset as librosa's.
#[derive(Debug, Clone, PartialEq)]
pub struct SilenceOptions {
    /// Frames at least this much below the reference are silent, dB, finite; 60.
    pub top_db: f32,
    /// The reference, librosa's `ref`; the loudest frame.
    pub reference: SilenceReference,
    /// Samples of a frame, 1 to 32768; 2048.
    pub frame_length: usize,
    /// Samples from a frame to the next, at least 1; 512.
    pub hop_length: usize,
}

impl Default for SilenceOptions {
    fn default() -> Self {
        Self { top_db: 60.0, reference: SilenceReference::Max, frame_length: 2048, hop_length: 512 }
    }
}

/// The part of a clip without the silence at both ends, from sample to sample: the `index` of
/// `librosa.effects.trim(y, top_db, ref, frame_length, hop_length)`. Empty, `0..0`, if all of it is silent.
///
/// A frame's RMS decides on the `hop_length` samples from its centre on, with silence around the clip. It needs the whole
/// clip, to whose end it looks.
///
/// # Errors
/// [`Error::EmptyAudio`](crate::Error::EmptyAudio) without samples,
/// [`Error::NonFiniteSample`](crate::Error::NonFiniteSample) at the first NaN or infinity,
/// [`Error::Parameter`](crate::Error::Parameter) if an option is out of its bounds.
///
/// # Examples
/// ```
/// use speech_emotion::features::{SilenceOptions, trim};
///
/// let mut clip = vec![0.0; 16_000];
/// clip[6_000..9_000].fill(0.1);
/// let options = SilenceOptions { frame_length: 512, hop_length: 128, ..SilenceOptions::default() };
/// assert_eq!(trim(&clip, &options)?, 5_760..9_344);
/// # Ok::<(), speech_emotion::Error>(())
/// ```
pub fn trim(samples: &[f32], options: &SilenceOptions) -> Result<Range<usize>> {
    let intervals = split(samples, options)?;
    Ok(match intervals.as_slice() {
        [] => 0..0,
        [first, .., last] => first.start..last.end,
        [only] => only.clone(),
    })
}

/// The parts of a clip that are not silent, from sample to sample, in order:
/// `librosa.effects.split(y, top_db, ref, frame_length, hop_length)`.
///
/// A frame's RMS decides on the `hop_length` samples from its centre on, with silence around the clip. As in
/// librosa, a last frame that is centred on the very end of the clip may be an interval of no samples. It needs the whole
/// clip, whose loudest frame is the preset's reference.
///
/// # Errors
/// [`Error::EmptyAudio`](crate::Error::EmptyAudio) without samples,
/// [`Error::NonFiniteSample`](crate::Error::NonFiniteSample) at the first NaN or infinity,
/// [`Error::Parameter`](crate::Error::Parameter) if an option is out of its bounds.
pub fn split(samples: &[f32], options: &SilenceOptions) -> Result<Vec<Range<usize>>> {
    let sounding = sounding_frames(samples, options)?;
    let at = |frame: usize| frame.saturating_mul(options.hop_length).min(samples.len());
    let mut intervals = Vec::new();
    let mut frame = 0;
    for run in sounding.chunk_by(|a, b| a == b) {
        if run[0] {
            intervals.push(at(frame)..at(frame + run.len()));
        }
        frame += run.len();
    }
    Ok(intervals)
}

/// Which frames are louder than the threshold.
fn sounding_frames(samples: &[f32], options: &SilenceOptions) -> Result<Vec<bool>> {
    let &SilenceOptions { top_db, reference, frame_length, hop_length } = options;
    check(top_db.is_finite(), "top_db", "a finite number of dB", &top_db)?;
    if let SilenceReference::Rms(rms) = reference {
        check(rms.is_finite(), "reference", "the maximum or a finite RMS", &rms)?;
    }
    let frame_length_is_right = (1..=MAX_FRAME_LENGTH).contains(&frame_length);
    check(frame_length_is_right, "frame_length", &format!("1 to {MAX_FRAME_LENGTH}"), &frame_length)?;
    check(hop_length > 0, "hop_length", "at least 1", &hop_length)?;
    check_samples(samples)?;

    let framing = Framing { frame_length, hop_length, center: true, pad_mode: PadMode::Constant };
    let rms = |frame| (sum_of_squares(framing.inside(samples, frame)) / frame_length as f64).sqrt();
    let rms: Vec<f64> = (0..framing.count("frame_length", samples.len())?).map(rms).collect();
    let reference = match reference {
        SilenceReference::Max => rms.iter().copied().fold(0.0, f64::max),
        SilenceReference::Rms(rms) => f64::from(rms).abs(),
    };
    let decibels = |rms: f64| 20.0 * math::log10(rms.max(AMIN));
    let threshold = decibels(reference) - f64::from(top_db);
    Ok(rms.into_iter().map(|rms| decibels(rms) > threshold).collect())
}
