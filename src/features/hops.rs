//! Sums over the samples of frames, of which neighbours share all but a hop.

use std::ops::{AddAssign, Range};

use super::framing::Framing;

/// The most hops that a frame is summed of: below that, a sample's worth is more than what is saved.
const MOST_HOPS: usize = 64;

/// Sums over the part of each frame within the clip, one after another: where the hops divide a frame, each hop's samples are
/// looked at once. Of which kind it is depends on the framing alone, so that a stream and a clip give the same.
///
/// `of` is the sum over some samples, and `between` what comes to it where two such parts join, of the samples on either side.
pub(super) fn frame_sums<T: Copy + Default + AddAssign>(
    framing: Framing,
    clip: &[f32],
    frames: Range<usize>,
    of: impl Fn(&[f32]) -> T,
    between: impl Fn(f32, f32) -> T,
    sums: &mut [f32],
    finish: impl Fn(T) -> f32,
) {
    let Framing { frame_length, hop_length, .. } = framing;
    let hops = frame_length / hop_length;
    if hops * hop_length != frame_length || hops > MOST_HOPS {
        for (frame, sum) in frames.zip(sums) {
            *sum = finish(of(framing.inside(clip, frame)));
        }
        return;
    }
    // Frame `t` is of the hops from `t` on, of which hop `t` begins where it does.
    let at = |hop: usize| (hop * hop_length).saturating_sub(framing.padding()).min(clip.len());
    let mut parts = [(T::default(), T::default()); MOST_HOPS];
    let mut known = frames.start;
    for (frame, sum) in frames.zip(sums) {
        for hop in known..frame + hops {
            let (start, end) = (at(hop), at(hop + 1));
            let joint = match clip[..end].get(start.wrapping_sub(1)..=start) {
                Some(&[left, right]) => between(left, right),
                _ => T::default(),
            };
            parts[hop % hops] = (joint, of(&clip[start..end]));
        }
        known = frame + hops;
        let mut total = parts[frame % hops].1;
        for hop in frame + 1..frame + hops {
            let (joint, part) = parts[hop % hops];
            total += joint;
            total += part;
        }
        *sum = finish(total);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::PadMode;

    #[test]
    fn sums_are_those_of_each_frame() {
        let clip: Vec<f32> = (0..50).map(|i| ((i * 7) % 13) as f32).collect();
        let sum = |samples: &[f32]| samples.iter().map(|&x| x as u32).sum::<u32>();
        let products = |samples: &[f32]| samples.array_windows().map(|&[a, b]| (a * b) as u32).sum::<u32>();
        for (frame_length, hop_length) in
            [(8, 2), (8, 8), (9, 3), (7, 2), (4, 5), (80, 1), (60, 20), (100, 50)]
        {
            for center in [true, false] {
                for length in [0, 1, 2, 3, 8, 17, 50] {
                    let clip = &clip[..length];
                    let framing = Framing { frame_length, hop_length, center, pad_mode: PadMode::Constant };
                    let Ok(count) = framing.count("n_fft", length) else { continue };
                    for first in [0, count / 2] {
                        let mut sums = vec![f32::NAN; count - first];
                        let check = |of: &dyn Fn(&[f32]) -> u32, sums: &[f32]| {
                            for (frame, &sum) in (first..count).zip(sums) {
                                assert_eq!(
                                    sum,
                                    of(framing.inside(clip, frame)) as f32,
                                    "frame {frame} of {framing:?}"
                                );
                            }
                        };
                        frame_sums(framing, clip, first..count, sum, |_, _| 0, &mut sums, |sum| sum as f32);
                        check(&sum, &sums);
                        let between = |a: f32, b: f32| (a * b) as u32;
                        frame_sums(framing, clip, first..count, products, between, &mut sums, |sum| {
                            sum as f32
                        });
                        check(&products, &sums);
                    }
                }
            }
        }
    }
}
