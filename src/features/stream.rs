//! Features of audio that comes in pieces.

use std::ops::Range;

use super::{
    Extractor, Feature, FrameMatrix, FrameOptions, PadMode,
    options::{Given, check_samples},
};
use crate::{Error, Result};

/// Computes features of a clip that comes in pieces of any size: bit for bit the frames that
/// [`extract`](super::extract) gives of the whole clip, each as soon as its last sample is there.
///
/// A centred frame reaches `n_fft / 2` samples past its centre, and so comes that much later, or one sample more where
/// the clip's beginning is reflected. Between pieces no more than `n_fft + hop_length` samples are kept, however long the
/// clip is.
///
/// What needs the whole clip is refused: `log_mel` and `mfcc` with a `top_db`, which counts from the clip's
/// loudest value, `spectral_contrast` in dB, which always does, and `chroma_stft` and `tonnetz` with an estimated `tuning`.
/// All other features depend on a frame's own samples alone. [`stft`](super::stft), [`yin`](super::yin), [`trim`](super::trim),
/// [`split`](super::split) and [`delta`](super::delta) take a whole clip or matrix; [`preemphasis`](super::preemphasis) goes on
/// over pieces.
///
/// # Examples
/// ```
/// use speech_emotion::features::{Feature, FeatureStream, FrameOptions};
///
/// let options = FrameOptions { top_db: None, ..FrameOptions::default() };
/// let mut stream = FeatureStream::new(16_000, &[Feature::Mfcc, Feature::Rms], &options)?;
/// let mut frames = 0;
/// for piece in vec![0.1; 16_000].chunks(128) {
///     frames += stream.push(piece)?[0].1.frames();
/// }
/// frames += stream.finish()?[0].1.frames();
/// assert_eq!(frames, 1 + 16_000 / 512);
/// # Ok::<(), speech_emotion::Error>(())
/// ```
pub struct FeatureStream {
    extractor: Extractor,
    features: Vec<Feature>,
    options: FrameOptions,
    /// The clip's last samples, from a multiple of `hop_length` on, so that frames lie alike over both.
    buffer: Vec<f32>,
    /// The first frame to come, counted from the buffer's beginning.
    next: usize,
    /// Whether there was a frame already.
    begun: bool,
}

impl FeatureStream {
    /// Plans the extraction of `features` at `sample_rate` Hz.
    ///
    /// # Errors
    /// [`Error::SampleRate`] outside of 8 to 192 kHz; [`Error::Parameter`] if an option is out of its bounds, and
    /// for `top_db`, `tuning` or `linear` if a feature would need the whole clip.
    pub fn new(sample_rate: u32, features: &[Feature], options: &FrameOptions) -> Result<Self> {
        let extractor = Extractor::new(sample_rate, features, options)?;
        features.iter().try_for_each(|&feature| check_streamable(feature, options))?;
        let buffer = Vec::with_capacity(capacity(options));
        Ok(Self {
            extractor,
            features: features.to_vec(),
            options: options.clone(),
            buffer,
            next: 0,
            begun: false,
        })
    }

    /// Takes the next samples, and gives the frames that they complete, in the order in which the features were
    /// asked for: each `[bands, frames]`, of 0 frames or more.
    ///
    /// # Errors
    /// [`Error::NonFiniteSample`] at the first NaN or infinity, counted from the beginning of `samples`,
    /// [`Error::Parameter`] if a feature would hold more than 2^28 values. The stream is then as it was before.
    pub fn push(&mut self, samples: &[f32]) -> Result<Vec<(Feature, FrameMatrix)>> {
        if !samples.is_empty() {
            check_samples(samples)?;
        }
        let held = self.buffer.len();
        self.buffer.extend_from_slice(samples);
        let framing = self.options.framing();
        let reach = self.buffer.len() + framing.padding() - self.beyond();
        let complete = match reach.checked_sub(self.options.n_fft) {
            Some(rest) => 1 + rest / self.options.hop_length,
            None => 0,
        };
        let frames = self.compute(self.next..complete.max(self.next));
        match frames {
            Ok(_) => self.advance(complete.max(self.next)),
            Err(_) => self.buffer.truncate(held),
        }
        frames
    }

    /// Ends the clip, and gives its last frames, which reach past its end into silence; none where they are not
    /// centred.
    ///
    /// # Errors
    /// [`Error::EmptyAudio`] if there never was a sample, [`Error::Parameter`] if frames are not centred and there never
    /// was one.
    pub fn finish(mut self) -> Result<Vec<(Feature, FrameMatrix)>> {
        if self.buffer.is_empty() && !self.begun {
            return Err(Error::EmptyAudio);
        }
        let frames = match self.options.framing().count("n_fft", self.buffer.len()) {
            Err(_) if self.begun => self.next,
            frames => frames?,
        };
        self.compute(self.next..frames.max(self.next))
    }

    fn compute(&mut self, range: Range<usize>) -> Result<Vec<(Feature, FrameMatrix)>> {
        if range.is_empty() {
            let none = |&feature: &Feature| (feature, FrameMatrix::new(feature.bands(&self.options), 0));
            return Ok(self.features.iter().map(none).collect());
        }
        self.extractor.compute_frames(&self.buffer, range)
    }

    /// The samples next to a frame that it needs besides its own: one, if what is around the clip is its reflection, which
    /// leaves the outermost sample out.
    fn beyond(&self) -> usize {
        usize::from(self.options.center && self.options.pad_mode == PadMode::Reflect)
    }

    /// Forgets the samples that no frame from `next` on needs, by whole hops.
    fn advance(&mut self, next: usize) {
        let hop_length = self.options.hop_length;
        let reach = self.options.framing().padding() + self.beyond();
        let hops = (next * hop_length).saturating_sub(reach) / hop_length;
        self.begun |= next > 0;
        self.next = next - hops;
        if hops > 0 {
            self.buffer.drain(..hops * hop_length);
            // After a piece that was larger than all that is kept.
            self.buffer.shrink_to(capacity(&self.options));
        }
    }
}

/// The samples to keep room for: those that are kept, and as many again for the pieces.
fn capacity(options: &FrameOptions) -> usize {
    2 * (options.n_fft + options.hop_length)
}

/// Refuses what depends on other samples than a frame's own.
fn check_streamable(feature: Feature, options: &FrameOptions) -> Result<()> {
    let refuse = |name, expected: &str, got: String| {
        Err(Error::Parameter { name, expected: format!("{expected} for {feature} in a stream"), got })
    };
    match feature {
        Feature::LogMel | Feature::Mfcc if options.top_db.is_some() => {
            refuse("top_db", "none, since it counts from the whole clip's maximum,", options.top_db.text())
        }
        Feature::Chroma | Feature::Tonnetz if options.tuning.is_none() => refuse(
            "tuning",
            "a number of semitones, since the whole clip is needed to estimate it,",
            "none".into(),
        ),
        Feature::SpectralContrast if !options.linear => refuse(
            "linear",
            "true, since peaks and valleys in dB count from the whole clip's loudest,",
            options.linear.to_string(),
        ),
        Feature::MelSpectrogram
        | Feature::LogMel
        | Feature::Mfcc
        | Feature::Chroma
        | Feature::Rms
        | Feature::ZeroCrossingRate
        | Feature::SpectralCentroid
        | Feature::SpectralBandwidth
        | Feature::SpectralContrast
        | Feature::SpectralRolloff
        | Feature::SpectralFlatness
        | Feature::PolyFeatures
        | Feature::Tonnetz => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn little_is_kept_however_much_comes() {
        for (n_fft, hop_length) in [(2048, 512), (64, 64), (64, 63), (64, 33), (64, 7), (32, 1)] {
            let options = FrameOptions { n_fft, hop_length, n_mels: 8, n_mfcc: 8, ..FrameOptions::default() };
            let mut stream = FeatureStream::new(16_000, &[Feature::Rms], &options).unwrap();
            for length in [1, 0, 31, 700, 5_000, 3, 40_000, 1, 1, 9] {
                stream.push(&vec![0.5; length]).unwrap();
                let kept = stream.buffer.len();
                assert!(kept < n_fft + hop_length, "{kept} of n_fft {n_fft}, hop_length {hop_length}");
                assert!(stream.buffer.capacity() <= capacity(&options));
            }
        }
    }
}
