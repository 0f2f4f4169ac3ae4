//! Frames of any length, of clips that are centred or not.

use super::options::check;
use crate::Result;

/// What is around a clip of centred frames: numpy's `mode` of `pad`, which librosa calls `pad_mode`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum PadMode {
    /// Silence, librosa's preset.
    #[default]
    Constant,
    /// The outermost sample, repeated.
    Edge,
    /// A line from the outermost sample to 0 over half a frame.
    LinearRamp,
    /// The clip backwards, without the outermost sample.
    Reflect,
    /// The clip backwards, with the outermost sample.
    Symmetric,
}

impl PadMode {
    /// Every mode.
    pub const ALL: [Self; 5] = [Self::Constant, Self::Edge, Self::LinearRamp, Self::Reflect, Self::Symmetric];

    /// numpy's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Constant => "constant",
            Self::Edge => "edge",
            Self::LinearRamp => "linear_ramp",
            Self::Reflect => "reflect",
            Self::Symmetric => "symmetric",
        }
    }

    /// What stands at a position of a clip of at least one sample with so much `padding` on each side. A clip that is
    /// too short for it is mirrored over and over.
    pub(super) fn at(self, clip: &[f32], position: isize, padding: usize) -> f32 {
        let last = clip.len() as isize - 1;
        let edge = position.clamp(0, last);
        let beside = edge.abs_diff(position);
        let mirrored = |period: isize, behind: isize| {
            let index = position.rem_euclid(period.max(1));
            clip[if index > last { behind - index } else { index }.unsigned_abs()]
        };
        match self {
            _ if beside == 0 => clip[edge.unsigned_abs()],
            Self::Constant => 0.0,
            Self::Edge => clip[edge.unsigned_abs()],
            Self::LinearRamp => {
                let share = padding.saturating_sub(beside) as f64 / padding.max(1) as f64;
                (f64::from(clip[edge.unsigned_abs()]) * share) as f32
            }
            Self::Reflect => mirrored(2 * last, 2 * last),
            Self::Symmetric => mirrored(2 * last + 2, 2 * last + 1),
        }
    }
}

/// How frames lie over a clip: of any length, even or odd, centred with something around the clip or not.
#[derive(Debug, Clone, Copy)]
pub(super) struct Framing {
    pub frame_length: usize,
    pub hop_length: usize,
    pub center: bool,
    pub pad_mode: PadMode,
}

impl Framing {
    /// The samples in front of the clip.
    pub fn padding(self) -> usize {
        if self.center { self.frame_length / 2 } else { 0 }
    }

    /// Frames of a clip of `samples`, as librosa's `util.frame` counts them.
    ///
    /// # Errors
    /// [`Error::Parameter`](crate::Error::Parameter), by the `name` of the frame's length, if no frame fits, which
    /// happens to a clip that is not centred.
    pub fn count(self, name: &'static str, samples: usize) -> Result<usize> {
        let padded = samples + 2 * self.padding();
        check(
            self.frame_length <= padded,
            name,
            &format!("at most the clip's {samples} samples, unless centred"),
            &self.frame_length,
        )?;
        Ok(1 + (padded - self.frame_length) / self.hop_length)
    }

    /// The part of a frame that lies within the `clip`.
    pub fn inside(self, clip: &[f32], index: usize) -> &[f32] {
        let begin = index * self.hop_length;
        let start = begin.saturating_sub(self.padding()).min(clip.len());
        let end = (begin + self.frame_length).saturating_sub(self.padding()).clamp(start, clip.len());
        &clip[start..end]
    }

    /// A whole frame: the part of the clip, or where it reaches past it, `padded` `[frame_length]` with what is around.
    pub fn whole<'a>(self, clip: &'a [f32], index: usize, padded: &'a mut [f32]) -> &'a [f32] {
        let inside = self.inside(clip, index);
        if inside.len() == self.frame_length {
            return inside;
        }
        let first = (index * self.hop_length) as isize - self.padding() as isize;
        for (position, sample) in (first..).zip(padded.iter_mut()) {
            *sample = self.pad_mode.at(clip, position, self.padding());
        }
        padded
    }
}

#[cfg(test)]
mod tests {
    use super::{Framing, PadMode};

    #[test]
    fn frames_lie_as_in_a_padded_clip() {
        let clip: Vec<f32> = (1..=23).map(|i| i as f32).collect();
        for (frame_length, hop_length) in [(8, 2), (7, 3), (50, 4), (1, 1), (4, 9)] {
            for center in [true, false] {
                let framing = Framing { frame_length, hop_length, center, pad_mode: PadMode::Constant };
                let padding = vec![0.0; if center { frame_length / 2 } else { 0 }];
                let padded = [&padding[..], &clip, &padding].concat();
                let expected: Vec<&[f32]> = padded.windows(frame_length).step_by(hop_length).collect();
                assert_eq!(
                    framing.count("n_fft", clip.len()).ok(),
                    Some(expected.len()).filter(|&count| count > 0)
                );
                for (index, expected) in expected.into_iter().enumerate() {
                    let mut padded = vec![f32::NAN; frame_length];
                    let frame = framing.whole(&clip, index, &mut padded);
                    assert_eq!(frame, expected, "frame {index} of {frame_length}, hop {hop_length}");
                }
            }
        }
    }

    #[test]
    fn clips_go_on_as_in_numpy() {
        let around = |mode: PadMode, clip: &[f32]| -> Vec<f32> {
            (-4..clip.len() as isize + 4).map(|position| mode.at(clip, position, 4)).collect()
        };
        let clip = [1.0, 2.0, 4.0];
        for (mode, before, behind) in [
            (PadMode::Constant, [0.0; 4], [0.0; 4]),
            (PadMode::Edge, [1.0; 4], [4.0; 4]),
            (PadMode::LinearRamp, [0.0, 0.25, 0.5, 0.75], [3.0, 2.0, 1.0, 0.0]),
            (PadMode::Reflect, [1.0, 2.0, 4.0, 2.0], [2.0, 1.0, 2.0, 4.0]),
            (PadMode::Symmetric, [4.0, 4.0, 2.0, 1.0], [4.0, 2.0, 1.0, 1.0]),
        ] {
            assert_eq!(around(mode, &clip), [&before[..], &clip, &behind].concat(), "{mode:?}");
        }
        assert_eq!(around(PadMode::Reflect, &[3.0]), [3.0; 9]);
    }
}
