//! Which window the frames are looked at through.

use crate::dsp::{cosines, hann};

/// An analysis window, periodic, as `scipy.signal.get_window` has it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Window {
    /// `hann`, librosa's preset.
    #[default]
    Hann,
    /// `hamming`
    Hamming,
    /// `blackman`
    Blackman,
    /// `boxcar`, of ones.
    Boxcar,
}

impl Window {
    /// Every window.
    pub const ALL: [Self; 4] = [Self::Hann, Self::Hamming, Self::Blackman, Self::Boxcar];

    /// scipy's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hann => "hann",
            Self::Hamming => "hamming",
            Self::Blackman => "blackman",
            Self::Boxcar => "boxcar",
        }
    }

    /// The window of `win_length` samples in the middle of `n_fft`, `[n_fft]`: `librosa.util.pad_center`.
    pub(super) fn centred(self, win_length: usize, n_fft: usize) -> Vec<f64> {
        let window = match self {
            Self::Hann => hann(win_length),
            Self::Hamming => cosines(win_length, [0.54, 0.46, 0.0]),
            Self::Blackman => cosines(win_length, [0.42, 0.5, 0.08]),
            Self::Boxcar => vec![1.0; win_length],
        };
        let mut centred = vec![0.0; n_fft];
        centred[(n_fft - win_length) / 2..][..win_length].copy_from_slice(&window);
        centred
    }
}
