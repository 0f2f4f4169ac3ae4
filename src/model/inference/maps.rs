//! Feature maps with room for a convolution's padding.

/// One window's maps, `[channels, frames]`, between rows of zeros that a convolution may read.
#[derive(Debug, Default)]
pub(super) struct Maps {
    channels: usize,
    frames: usize,
    /// Zeros before a row's first frame, and after its last.
    margins: [usize; 2],
    /// Values in a row, margins and all.
    length: usize,
    data: Vec<f32>,
}

impl Maps {
    /// No maps yet. Convolutions will read `before` values before the first frame, `after` behind the last.
    pub fn new(before: usize, after: usize) -> Self {
        Self { margins: [before, after], ..Self::default() }
    }

    /// Makes room for maps, all zero.
    pub fn clear(&mut self, channels: usize, frames: usize) {
        (self.channels, self.frames) = (channels, frames);
        self.length = self.margins[0] + frames + self.margins[1];
        self.data.clear();
        self.data.resize(channels * self.length, 0.0);
    }

    pub fn channels(&self) -> usize {
        self.channels
    }

    pub fn frames(&self) -> usize {
        self.frames
    }

    /// Zeros before a row's first frame.
    pub fn margin(&self) -> usize {
        self.margins[0]
    }

    /// A channel's frames.
    pub fn row(&self, channel: usize) -> &[f32] {
        &self.data[channel * self.length + self.margin()..][..self.frames]
    }

    pub fn row_mut(&mut self, channel: usize) -> &mut [f32] {
        let start = channel * self.length + self.margin();
        &mut self.data[start..start + self.frames]
    }

    /// Every channel's frames with the zeros around them.
    pub fn rows(&self) -> impl Iterator<Item = &[f32]> {
        self.data.chunks_exact(self.length)
    }

    /// The greatest of every `pool` frames, in place of them; a rest is left out.
    pub fn pool(&mut self, pool: usize) {
        if pool == 1 {
            return;
        }
        let pooled = self.frames / pool;
        for channel in 0..self.channels {
            let row = self.row_mut(channel);
            for frame in 0..pooled {
                let greatest = row[frame * pool..][..pool].iter().copied().fold(f32::NEG_INFINITY, f32::max);
                row[frame] = greatest;
            }
            row[pooled..].fill(0.0);
        }
        self.frames = pooled;
    }
}
