//! Any set of features in one pass over a clip.

use super::{
    Feature, FrameMatrix, FrameOptions,
    chroma_stft::chroma_stft,
    frame::{Frame, Spectrum, frame_count},
    mfcc::mfcc,
    options::check_samples,
    rms::rms,
    spectral_centroid::spectral_centroid,
    spectral_flatness::spectral_flatness,
    spectral_rolloff::spectral_rolloff,
    tuning::TuningEstimator,
    zero_crossing_rate::zero_crossing_rate,
};
use crate::{
    Error, Result,
    audio::check_rate,
    dsp::{ChromaFilterBank, Dct, MelFilterBank, power_to_db},
};

/// The most values that one feature of one clip may have, a gigabyte: a hop of a few samples reaches it.
const MAX_VALUES: usize = 1 << 28;

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
    /// `None` until it is needed, and where the tuning is estimated.
    chroma: Option<ChromaFilterBank>,
}

impl Extractor {
    /// Plans the extraction of `features` at `sample_rate` Hz.
    ///
    /// # Errors
    /// [`Error::SampleRate`] outside of 8 to 192 kHz, [`Error::Parameter`] if an option is out of its bounds.
    pub fn new(sample_rate: u32, features: &[Feature], options: &FrameOptions) -> Result<Self> {
        check_rate(sample_rate)?;
        options.validate()?;
        let chroma = match options.tuning {
            Some(tuning) if features.contains(&Feature::Chroma) => {
                Some(ChromaFilterBank::build(sample_rate, options.n_fft, tuning))
            }
            _ => None,
        };
        let spectrum = Spectrum::new(options.n_fft.ilog2());
        Ok(Self {
            sample_rate,
            features: features.to_vec(),
            cumulative: vec![0.0; spectrum.power.len()],
            spectrum,
            mel: MelFilterBank::build(sample_rate, options.n_fft, options.n_mels),
            dct: Dct::build(options.n_mels, options.n_mfcc),
            chroma,
            options: options.clone(),
        })
    }

    /// Computes the features of a clip, in the order in which they were asked for: each `[bands, frames]` with
    /// `1 + samples / hop_length` frames.
    ///
    /// # Errors
    /// [`Error::EmptyAudio`] without samples, [`Error::NonFiniteSample`] at the first NaN or infinity,
    /// [`Error::Parameter`] if a feature would hold more than 2^28 values.
    pub fn compute(&mut self, samples: &[f32]) -> Result<Vec<(Feature, FrameMatrix)>> {
        check_samples(samples)?;
        let frames = frame_count(samples.len(), self.options.hop_length);
        let widest = self.features.iter().map(|feature| feature.bands(&self.options)).max().unwrap_or(0);
        if widest.checked_mul(frames).is_none_or(|values| values > MAX_VALUES) {
            return Err(Error::Parameter {
                name: "hop_length",
                expected: format!("at most {MAX_VALUES} values of each feature"),
                got: format!("{frames} frames of {widest} values"),
            });
        }
        if self.wants(Feature::Chroma) && self.options.tuning.is_none() {
            let tuning = self.estimate_tuning(samples, frames);
            self.chroma = Some(ChromaFilterBank::build(self.sample_rate, self.options.n_fft, tuning));
        }
        let columns = self.columns(samples, frames);
        Ok(self.features.iter().map(|&feature| (feature, columns.matrix(feature, &self.options))).collect())
    }

    fn wants(&self, feature: Feature) -> bool {
        self.features.contains(&feature)
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
    fn columns(&mut self, samples: &[f32], frames: usize) -> Columns {
        let FrameOptions { n_fft, hop_length, n_mels, n_mfcc, top_db, roll_percent, .. } = self.options;
        let bin_hz = f64::from(self.sample_rate) / n_fft as f64;
        let wants_log_mel = self.wants(Feature::LogMel) || self.wants(Feature::Mfcc);

        // What is computed frame by frame; log-mel and MFCC come after, of the whole mel spectrogram.
        let of_frame: Vec<Feature> = Feature::ALL
            .into_iter()
            .filter(|&feature| match feature {
                Feature::LogMel | Feature::Mfcc => false,
                Feature::MelSpectrogram => wants_log_mel || self.wants(feature),
                _ => self.wants(feature),
            })
            .collect();
        let wants_spectrum = of_frame.iter().any(|feature| feature.needs_spectrum());
        let mut columns = Columns::default();
        for &feature in &of_frame {
            columns.0[feature as usize] = vec![0.0; frames * feature.bands(&self.options)];
        }

        for index in 0..frames {
            let frame = Frame::new(samples, index, n_fft, hop_length);
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
                    Feature::SpectralRolloff => {
                        column[0] = spectral_rolloff(magnitude, &mut self.cumulative, bin_hz, roll_percent);
                    }
                    Feature::SpectralFlatness => column[0] = spectral_flatness(power),
                    Feature::LogMel | Feature::Mfcc => {}
                }
            }
        }

        if wants_log_mel {
            let mut log_mel = columns.0[Feature::MelSpectrogram as usize].clone();
            power_to_db(&mut log_mel, top_db);
            if self.wants(Feature::Mfcc) {
                let mut coefficients = vec![0.0; frames * n_mfcc];
                mfcc(&log_mel, n_mels, &self.dct, &mut coefficients, n_mfcc);
                columns.0[Feature::Mfcc as usize] = coefficients;
            }
            columns.0[Feature::LogMel as usize] = log_mel;
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
