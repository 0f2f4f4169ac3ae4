//! Frames of any length, of clips that are centred or not.

use super::options::check;
use crate::Result;

/// How frames lie over a clip: of any length, even or odd, centred with silence around the clip or not.
#[derive(Clone, Copy)]
pub(super) struct Framing {
    pub frame_length: usize,
    pub hop_length: usize,
    pub center: bool,
}

impl Framing {
    /// The samples of silence in front of the clip.
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

    /// The part of a frame that lies within the `clip`, and how many samples of silence come before it.
    pub fn frame(self, clip: &[f32], index: usize) -> (&[f32], usize) {
        let begin = index * self.hop_length;
        let start = begin.saturating_sub(self.padding()).min(clip.len());
        let before = self.padding().saturating_sub(begin);
        let end = (begin + self.frame_length).saturating_sub(self.padding()).clamp(start, clip.len());
        (&clip[start..end], before)
    }
}

#[cfg(test)]
mod tests {
    use super::Framing;

    #[test]
    fn frames_lie_as_in_a_padded_clip() {
        let clip: Vec<f32> = (1..=23).map(|i| i as f32).collect();
        for (frame_length, hop_length) in [(8, 2), (7, 3), (50, 4), (1, 1), (4, 9)] {
            for center in [true, false] {
                let framing = Framing { frame_length, hop_length, center };
                let padding = vec![0.0; if center { frame_length / 2 } else { 0 }];
                let padded = [&padding[..], &clip, &padding].concat();
                let expected: Vec<&[f32]> = padded.windows(frame_length).step_by(hop_length).collect();
                assert_eq!(
                    framing.count("n_fft", clip.len()).ok(),
                    Some(expected.len()).filter(|&count| count > 0)
                );
                for (index, expected) in expected.into_iter().enumerate() {
                    let (inside, before) = framing.frame(&clip, index);
                    let mut frame = vec![0.0; frame_length];
                    frame[before..][..inside.len()].copy_from_slice(inside);
                    assert_eq!(frame, expected, "frame {index} of {frame_length}, hop {hop_length}");
                }
            }
        }
    }
}
