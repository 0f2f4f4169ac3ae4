//! Cutting a clip's features into the windows that the network sees.

use crate::features::{FrameMatrix, STACK_CHANNELS};

/// Frames in a window: 3 s at a hop of 16 ms.
pub const WINDOW_FRAMES: usize = 188;

/// Frames from one window's start to the next in clips longer than a window: half of it.
const WINDOW_HOP: usize = WINDOW_FRAMES / 2;

/// What brings every input channel to zero mean and unit deviation over the training clips, and every window's own
/// mean nearer to zero.
#[derive(Debug, Clone, PartialEq)]
pub struct Normalization {
    mean: Vec<f32>,
    scale: Vec<f32>,
    centring: f32,
}

impl Normalization {
    /// From the training clips' mean and standard deviation, `[STACK_CHANNELS]` each. A channel that never
    /// varies is left unscaled.
    pub fn new(mean: Vec<f32>, deviation: &[f32]) -> Self {
        let scale = deviation.iter().map(|&d| if d > 1e-6 { 1.0 / d } else { 1.0 }).collect();
        Self { mean, scale, centring: 0.0 }
    }

    /// Takes out this share, 0 to 1, of what a clip's frames in a window have on average in each channel: the mark of
    /// a voice, a microphone and a room (cepstral mean normalisation, Atal 1974, "Effectiveness of linear prediction
    /// characteristics of the speech wave for automatic speaker identification and verification").
    #[must_use]
    pub fn centred(self, share: f32) -> Self {
        Self { centring: share, ..self }
    }

    /// A channel's value as the network wants it.
    pub fn apply(&self, channel: usize, value: f32) -> f32 {
        (value - self.mean[channel]) * self.scale[channel]
    }

    /// A channel's value as it was before [`Self::apply`].
    pub fn undo(&self, channel: usize, value: f32) -> f32 {
        value / self.scale[channel] + self.mean[channel]
    }
}

/// Where the windows of a clip of `frames` frames start: one at 0 for clips that fit in one, else every half
/// window, the last one ending with the clip.
pub fn starts(frames: usize) -> Vec<usize> {
    let Some(last) = frames.checked_sub(WINDOW_FRAMES) else { return vec![0] };
    let mut starts: Vec<usize> = (0..last).step_by(WINDOW_HOP).collect();
    starts.push(last);
    starts
}

/// A clip's features as the network's input wants them: `[STACK_CHANNELS, frames]`, in whatever number format.
pub trait FrameSource {
    /// How many frames there are.
    fn frames(&self) -> usize;

    /// Copies a channel's frames from `start` on; `out` does not reach past the last frame.
    fn read(&self, channel: usize, start: usize, out: &mut [f32]);
}

impl FrameSource for FrameMatrix {
    fn frames(&self) -> usize {
        FrameMatrix::frames(self)
    }

    fn read(&self, channel: usize, start: usize, out: &mut [f32]) {
        out.copy_from_slice(&self.row(channel)[start..start + out.len()]);
    }
}

/// A batch of normalised windows, `[STACK_CHANNELS, batch, WINDOW_FRAMES]`, filled one window at a time.
/// What no clip covers is zero: the mean.
#[derive(Debug, Clone)]
pub struct Windows {
    batch: usize,
    data: Vec<f32>,
}

impl Windows {
    /// A batch of `batch` empty windows.
    pub fn new(batch: usize) -> Self {
        Self { batch, data: vec![0.0; STACK_CHANNELS * batch * WINDOW_FRAMES] }
    }

    /// How many windows there are.
    pub fn batch(&self) -> usize {
        self.batch
    }

    /// The values, `[STACK_CHANNELS, batch, WINDOW_FRAMES]` in row-major order.
    pub fn into_data(self) -> Vec<f32> {
        self.data
    }

    /// One channel of one window, for changes in place: `[WINDOW_FRAMES]`.
    pub fn row_mut(&mut self, window: usize, channel: usize) -> &mut [f32] {
        let at = (channel * self.batch + window) * WINDOW_FRAMES;
        &mut self.data[at..at + WINDOW_FRAMES]
    }

    /// Fills one window from a clip's features: read from frame `start` on and put `offset` frames into the
    /// window, or as late as there is room for it.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub fn fill(
        &mut self,
        window: usize,
        source: &impl FrameSource,
        normalization: &Normalization,
        start: usize,
        offset: usize,
    ) {
        let start = start.min(source.frames());
        let length = (source.frames() - start).min(WINDOW_FRAMES);
        let offset = offset.min(WINDOW_FRAMES - length);
        for channel in 0..STACK_CHANNELS {
            let (mean, scale) = (normalization.mean[channel], normalization.scale[channel]);
            let row = self.row_mut(window, channel);
            row.fill(0.0);
            let part = &mut row[offset..offset + length];
            source.read(channel, start, part);
            let mut sum = 0.0;
            for value in part.iter_mut() {
                *value = (*value - mean) * scale;
                sum += *value;
            }
            let centre = normalization.centring * sum / length.max(1) as f32;
            for value in part {
                *value -= centre;
            }
        }
    }

    /// The windows of a clip that begin at `starts`, a clip shorter than a window standing in its middle.
    pub fn of_clip(source: &impl FrameSource, normalization: &Normalization, starts: &[usize]) -> Self {
        let mut windows = Self::new(starts.len());
        let offset = WINDOW_FRAMES.saturating_sub(source.frames()) / 2;
        for (window, &start) in starts.iter().enumerate() {
            windows.fill(window, source, normalization, start, offset);
        }
        windows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every channel counts the frames, from 1.
    struct Ramp(usize);

    impl FrameSource for Ramp {
        fn frames(&self) -> usize {
            self.0
        }

        fn read(&self, _: usize, start: usize, out: &mut [f32]) {
            for (n, value) in out.iter_mut().enumerate() {
                *value = (start + n + 1) as f32;
            }
        }
    }

    fn identity() -> Normalization {
        Normalization::new(vec![0.0; STACK_CHANNELS], &[1.0; STACK_CHANNELS])
    }

    #[test]
    fn windows_cover_every_frame() {
        for frames in [0, 1, 187, 188, 189, 281, 282, 283, 1000] {
            let starts = starts(frames);
            assert_eq!(starts[0], 0);
            assert!(starts.windows(2).all(|pair| pair[0] < pair[1] && pair[1] - pair[0] <= WINDOW_HOP));
            let end = starts[starts.len() - 1] + WINDOW_FRAMES;
            assert_eq!(end, frames.max(WINDOW_FRAMES), "{frames} frames");
        }
    }

    #[test]
    fn a_short_clip_stands_in_the_middle() {
        let mut windows = Windows::of_clip(&Ramp(10), &identity(), &[0]);
        assert_eq!(windows.batch(), 1);
        let row = windows.row_mut(0, 3);
        assert_eq!(row[88..100], [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 0.0][..]);
        assert_eq!(row.iter().sum::<f32>(), 55.0);
    }

    #[test]
    fn a_long_clip_is_read_to_its_end() {
        let mut windows = Windows::of_clip(&Ramp(400), &identity(), &starts(400));
        let last = windows.batch() - 1;
        assert_eq!(windows.row_mut(0, 0)[0], 1.0);
        assert_eq!(windows.row_mut(last, 100)[WINDOW_FRAMES - 1], 400.0);
    }

    #[test]
    fn normalises_what_the_clip_covers_alone() {
        let normalization = Normalization::new(vec![5.0; STACK_CHANNELS], &[2.0; STACK_CHANNELS]);
        let mut windows = Windows::of_clip(&Ramp(2), &normalization, &[0]);
        let row = windows.row_mut(0, 0);
        assert_eq!(row[92..96], [0.0, -2.0, -1.5, 0.0]);
    }

    #[test]
    fn a_share_of_the_windows_own_mean_is_taken_out() {
        // (1 - 5) / 2 and (2 - 5) / 2 have the mean -1.75.
        for (share, expected) in [(1.0, [-0.25, 0.25]), (0.5, [-1.125, -0.625])] {
            let normalization = Normalization::new(vec![5.0; STACK_CHANNELS], &[2.0; STACK_CHANNELS]);
            let mut windows = Windows::of_clip(&Ramp(2), &normalization.centred(share), &[0]);
            assert_eq!(windows.row_mut(0, 3)[92..96], [0.0, expected[0], expected[1], 0.0]);
        }
        let empty = Windows::of_clip(&Ramp(0), &identity().centred(1.0), &[0]);
        assert!(empty.into_data().iter().all(|&value| value == 0.0));
    }
}
