//! Any set of features in one pass over a clip.

use std::ops::Range;

use super::{
    Feature, FrameMatrix, FrameOptions,
    chroma_stft::chroma_stft,
    frame::{Frame, Spectrum, check_values, frame_count},
    mfcc::{lift, lifter_factors, mfcc},
    options::check_samples,
    poly_features::poly_features,
    rms::rms,
    spectral_bandwidth::spectral_bandwidth,
    spectral_centroid::spectral_centroid,
    spectral_contrast::SpectralContrast,
    spectral_flatness::spectral_flatness,
    spectral_rolloff::spectral_rolloff,
    tonnetz::{TONNETZ_BANDS, Tonnetz},
    tuning::TuningEstimator,
    zero_crossing_rate::zero_crossing_rate,
};
use crate::{
    Result,
    audio::check_rate,
    dsp::{CHROMA_BANDS, ChromaFilterBank, Dct, MelFilterBank, power_to_db},
};

/// Computes a set of features of any number of clips of one sample rate.
///
/// Window, transform, filter banks and scratch are built once; a clip is passed over once, with the spectrum of
/// a frame shared between the features.
pub struct Extractor {
    sample_rate: u32,
    features: Vec<Feature>,
    options: FrameOptions,
    spectrum: Spectrum,
    cumulative: Vec<f32>,
    mel: MelFilterBank,
    dct: Dct,
    lifter: Vec<f32>,
    contrast: SpectralContrast,
    /// `None` until it is needed, and where the tuning is estimated.
    chroma: Option<ChromaFilterBank>,
    tonnetz: Tonnetz,
}

impl Extractor {
    /// Plans the extraction of `features` at `sample_rate` Hz.
    ///
    /// # Errors
    /// [`Error::SampleRate`](crate::Error::SampleRate) outside of 8 to 192 kHz,
    /// [`Error::Parameter`](crate::Error::Parameter) if an option is out of its bounds.
    pub fn new(sample_rate: u32, features: &[Feature], options: &FrameOptions) -> Result<Self> {
        check_rate(sample_rate)?;
        options.validate(sample_rate, features)?;
        let FrameOptions { n_fft, n_mels, n_bands, contrast_fmin, quantile, .. } = *options;
        let spectrum = Spectrum::new(n_fft.ilog2());
        let mut extractor = Self {
            sample_rate,
            features: features.to_vec(),
            cumulative: vec![0.0; spectrum.power.len()],
            spectrum,
            mel: MelFilterBank::build(sample_rate, n_fft, n_mels, options.fmin, options.mel_top(sample_rate)),
            dct: Dct::build(n_mels, options.n_mfcc),
            lifter: lifter_factors(options.lifter, options.n_mfcc),
            contrast: SpectralContrast::new(sample_rate, n_fft, n_bands, contrast_fmin, quantile),
            chroma: None,
            tonnetz: Tonnetz::new(),
            options: options.clone(),
        };
        if let Some(tuning) = options.tuning.filter(|_| extractor.wants_chroma()) {
            extractor.chroma = Some(ChromaFilterBank::build(sample_rate, n_fft, tuning));
        }
        Ok(extractor)
    }

    /// Computes the features of a clip, in the order in which they were asked for: each `[bands, frames]` with
    /// `1 + samples / hop_length` frames.
    ///
    /// # Errors
    /// [`Error::EmptyAudio`](crate::Error::EmptyAudio) without samples,
    /// [`Error::NonFiniteSample`](crate::Error::NonFiniteSample) at the first NaN or infinity,
    /// [`Error::Parameter`](crate::Error::Parameter) if a feature would hold more than 2^28 values.
    pub fn compute(&mut self, samples: &[f32]) -> Result<Vec<(Feature, FrameMatrix)>> {
        check_samples(samples)?;
        self.compute_frames(samples, 0..frame_count(samples.len(), self.options.hop_length))
    }

    /// Computes some of the frames of checked samples; the tuning, where it is estimated, is of all up to their end.
    pub(super) fn compute_frames(
        &mut self,
        samples: &[f32],
        range: Range<usize>,
    ) -> Result<Vec<(Feature, FrameMatrix)>> {
        let frames = range.len();
        let widest = self.features.iter().map(|feature| feature.bands(&self.options)).max().unwrap_or(0);
        check_values(frames, widest)?;
        if self.wants_chroma() && self.options.tuning.is_none() {
            let tuning = self.estimate_tuning(samples, range.end);
            self.chroma = Some(ChromaFilterBank::build(self.sample_rate, self.options.n_fft, tuning));
        }
        let columns = self.columns(samples, range);
        Ok(self.features.iter().map(|&feature| (feature, columns.matrix(feature, &self.options))).collect())
    }

    fn wants(&self, feature: Feature) -> bool {
        self.features.contains(&feature)
    }

    fn wants_chroma(&self) -> bool {
        self.wants(Feature::Chroma) || self.wants(Feature::Tonnetz)
    }

    fn estimate_tuning(&mut self, samples: &[f32], frames: usize) -> f64 {
        let mut estimator = TuningEstimator::new(self.sample_rate, self.options.n_fft);
        for index in 0..frames {
            self.spectrum.analyse(&Frame::new(samples, index, self.options.n_fft, self.options.hop_length));
            estimator.add(&self.spectrum.power);
        }
        estimator.finish()
    }

    /// The one pass over the frames.
    fn columns(&mut self, samples: &[f32], range: Range<usize>) -> Columns {
        let frames = range.len();
        let FrameOptions { n_fft, hop_length, n_mels, n_mfcc, top_db, roll_percent, .. } = self.options;
        let bin_hz = f64::from(self.sample_rate) / n_fft as f64;
        let wants_log_mel = self.wants(Feature::LogMel) || self.wants(Feature::Mfcc);

        // What is computed frame by frame; log-mel and MFCC come after, of the whole mel spectrogram, and tonnetz
        // of the chroma.
        let of_frame: Vec<Feature> = Feature::ALL
            .into_iter()
            .filter(|&feature| match feature {
                Feature::LogMel | Feature::Mfcc | Feature::Tonnetz => false,
                Feature::Chroma => self.wants_chroma(),
                Feature::MelSpectrogram => wants_log_mel || self.wants(feature),
                _ => self.wants(feature),
            })
            .collect();
        let wants_spectrum = of_frame.iter().any(|feature| feature.needs_spectrum());
        let mut columns = Columns::default();
        for &feature in &of_frame {
            columns.0[feature as usize] = vec![0.0; frames * feature.bands(&self.options)];
        }
        let mut valleys = vec![0.0; columns.0[Feature::SpectralContrast as usize].len()];

        for (index, position) in range.enumerate() {
            let frame = Frame::new(samples, position, n_fft, hop_length);
            if wants_spectrum {
                self.spectrum.analyse(&frame);
            }
            let (power, magnitude) = (&self.spectrum.power, &self.spectrum.magnitude);
            for &feature in &of_frame {
                let bands = feature.bands(&self.options);
                let column = &mut columns.0[feature as usize][index * bands..][..bands];
                match feature {
                    Feature::MelSpectrogram => self.mel.process(power, column),
                    Feature::Chroma => {
                        if let Some(filters) = &self.chroma {
                            chroma_stft(power, filters, column);
                        }
                    }
                    Feature::Rms => column[0] = rms(&frame, n_fft),
                    Feature::ZeroCrossingRate => column[0] = zero_crossing_rate(&frame, n_fft),
                    Feature::SpectralCentroid => column[0] = spectral_centroid(magnitude, bin_hz),
                    Feature::SpectralBandwidth => column[0] = spectral_bandwidth(magnitude, bin_hz),
                    Feature::SpectralContrast => {
                        self.contrast.process(magnitude, column, &mut valleys[index * bands..][..bands]);
                    }
                    Feature::SpectralRolloff => {
                        column[0] = spectral_rolloff(magnitude, &mut self.cumulative, bin_hz, roll_percent);
                    }
                    Feature::SpectralFlatness => column[0] = spectral_flatness(power),
                    Feature::PolyFeatures => {
                        column.copy_from_slice(&poly_features(magnitude, bin_hz));
                    }
                    Feature::LogMel | Feature::Mfcc | Feature::Tonnetz => {}
                }
            }
        }

        if wants_log_mel {
            let mut log_mel = columns.0[Feature::MelSpectrogram as usize].clone();
            power_to_db(&mut log_mel, top_db);
            if self.wants(Feature::Mfcc) {
                let mut coefficients = vec![0.0; frames * n_mfcc];
                mfcc(&log_mel, n_mels, &self.dct, &mut coefficients, n_mfcc);
                lift(&mut coefficients, &self.lifter);
                columns.0[Feature::Mfcc as usize] = coefficients;
            }
            columns.0[Feature::LogMel as usize] = log_mel;
        }
        self.contrast.finish(&mut columns.0[Feature::SpectralContrast as usize], &mut valleys);
        if self.wants(Feature::Tonnetz) {
            let chroma = columns.0[Feature::Chroma as usize].chunks_exact(CHROMA_BANDS);
            let mut centroids = vec![0.0; frames * TONNETZ_BANDS];
            for (chroma, centroids) in chroma.zip(centroids.chunks_exact_mut(TONNETZ_BANDS)) {
                self.tonnetz.process(chroma, centroids);
            }
            columns.0[Feature::Tonnetz as usize] = centroids;
        }
        columns
    }
}

/// The features as they are computed, `[frames, bands]` each; empty where not asked for.
#[derive(Default)]
struct Columns([Vec<f32>; Feature::COUNT]);

impl Columns {
    fn matrix(&self, feature: Feature, options: &FrameOptions) -> FrameMatrix {
        FrameMatrix::from_columns(feature.bands(options), &self.0[feature as usize])
    }
}
