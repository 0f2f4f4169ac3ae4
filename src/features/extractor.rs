//! Any set of features in one pass over a clip.

use std::ops::Range;

use super::{
    Feature, FrameMatrix, FrameOptions,
    chroma_stft::chroma_columns,
    frame::{Spectra, Wanted, check_values},
    framing::Framing,
    mfcc::{lift, lifter_factors, mfcc_columns},
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
    zero_crossing_rate::{Crossing, zero_crossing_rates},
};
use crate::{
    Result,
    audio::check_rate,
    dsp::{
        ChromaFilterBank, Dct, FastFft, Filters, MelFilterBank, math, power_to_decibels, rows, wide::WIDTH,
    },
};

/// The most spectral values that are kept until the tuning is known, 16 MB; of longer clips spectra are computed
/// twice.
const MAX_HELD: usize = 1 << 22;

/// Computes a set of features of any number of clips of one sample rate.
///
/// Window, transform, filter banks and scratch are built once; a clip is passed over once, with the spectrum of
/// a frame shared between the features.
pub struct Extractor {
    sample_rate: u32,
    features: Vec<Feature>,
    options: FrameOptions,
    framing: Framing,
    spectra: Spectra<FastFft>,
    /// What is computed frame by frame, of samples or spectra: log-mel and MFCC come after, of the whole mel
    /// spectrogram, and tonnetz of the chroma.
    of_frame: Vec<Feature>,
    /// Nothing, or which spectra that takes.
    wanted: Option<Wanted>,
    /// Powers of the magnitude that are neither magnitude nor power, of each frame.
    raised: [Vec<f32>; WIDTH],
    /// A frame that reaches past the clip, with what is there.
    padded: Vec<f32>,
    cumulative: Vec<f32>,
    mel: Filters,
    dct: Filters,
    lifter: Vec<f32>,
    contrast: SpectralContrast,
    /// The last filters and their tuning.
    chroma: Option<(f64, Filters)>,
    /// Where the tuning is estimated.
    tuning: Option<TuningEstimator>,
    tonnetz: Tonnetz,
    columns: Columns,
    valleys: Vec<f32>,
    /// The power of [`WIDTH`] frames, or of all of a clip, rounded up to that.
    power: Vec<f32>,
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
        let FrameOptions { n_fft, n_mels, n_mfcc, n_bands, contrast_fmin, quantile, .. } = *options;
        let wants = |feature| features.contains(&feature);
        let wants_mel = features.iter().any(|feature| feature.needs_mel());
        let of_frame: Vec<Feature> = Feature::ALL
            .into_iter()
            .filter(|&feature| match feature {
                Feature::LogMel | Feature::Mfcc | Feature::Tonnetz => false,
                Feature::Chroma => wants(Feature::Chroma) || wants(Feature::Tonnetz),
                Feature::MelSpectrogram => wants_mel,
                _ => wants(feature),
            })
            .collect();
        let with_magnitude = |&feature: &Feature| {
            feature.needs_magnitude()
                || feature.needs_mel() && options.power != 2.0
                || feature == Feature::SpectralFlatness && options.flatness_power != 2.0
        };
        let wanted = of_frame.iter().any(|feature| feature.needs_spectrum()).then(|| {
            if of_frame.iter().any(with_magnitude) { Wanted::PowerAndMagnitude } else { Wanted::Power }
        });
        // Tables that no feature asks for stay small.
        let (n_mels, top) =
            if wants_mel { (n_mels, options.mel_top(sample_rate)) } else { (1, options.fmin + 1.0) };
        let bins = n_fft / 2 + 1;
        Ok(Self {
            sample_rate,
            features: features.to_vec(),
            framing: options.framing(),
            spectra: Spectra::new(n_fft, options.window, options.win_length.unwrap_or(n_fft)),
            wanted,
            raised: std::array::from_fn(|_| vec![0.0; bins]),
            padded: vec![0.0; n_fft],
            cumulative: vec![0.0; bins],
            mel: MelFilterBank::build(sample_rate, n_fft, n_mels, options.fmin, top, options.mel_scale())
                .filters(),
            dct: Dct::build(n_mels, n_mfcc.min(n_mels), options.dct_type, options.dct_norm).filters(),
            lifter: lifter_factors(options.lifter, n_mfcc),
            contrast: SpectralContrast::new(sample_rate, n_fft, n_bands, contrast_fmin, quantile),
            chroma: None,
            tuning: (options.tuning.is_none() && of_frame.contains(&Feature::Chroma))
                .then(|| TuningEstimator::new(sample_rate, n_fft)),
            of_frame,
            tonnetz: Tonnetz::new(options.n_chroma),
            columns: Columns::default(),
            valleys: Vec::new(),
            power: vec![0.0; WIDTH * bins],
            options: options.clone(),
        })
    }

    /// Computes the features of a clip, in the order in which they were asked for: each `[bands, frames]` with
    /// `1 + samples / hop_length` frames, or `1 + (samples - n_fft) / hop_length` where they are not centred.
    ///
    /// # Errors
    /// [`Error::EmptyAudio`](crate::Error::EmptyAudio) without samples,
    /// [`Error::NonFiniteSample`](crate::Error::NonFiniteSample) at the first NaN or infinity,
    /// [`Error::Parameter`](crate::Error::Parameter) if a feature would hold more than 2^28 values, and if a clip that
    /// is not centred is shorter than `n_fft`.
    pub fn compute(&mut self, samples: &[f32]) -> Result<Vec<(Feature, FrameMatrix)>> {
        check_samples(samples)?;
        self.compute_frames(samples, 0..self.framing.count("n_fft", samples.len())?)
    }

    /// Computes some of the frames of checked samples; the tuning, where it is estimated, is of these.
    pub(super) fn compute_frames(
        &mut self,
        samples: &[f32],
        range: Range<usize>,
    ) -> Result<Vec<(Feature, FrameMatrix)>> {
        let widest = self.features.iter().map(|feature| feature.bands(&self.options)).max().unwrap_or(0);
        check_values(range.len(), widest)?;
        self.pass(samples, range.clone());
        self.finish_mel(range.len());
        self.contrast.finish(
            &mut self.columns.0[Feature::SpectralContrast as usize],
            &mut self.valleys,
            self.options.linear,
        );
        if self.of_frame.contains(&Feature::Chroma) {
            self.finish_chroma(samples, range);
        }
        let matrix = |&feature: &Feature| (feature, self.columns.matrix(feature, &self.options));
        Ok(self.features.iter().map(matrix).collect())
    }

    fn wants(&self, feature: Feature) -> bool {
        self.features.contains(&feature)
    }

    /// The one pass over the frames. Chroma waits for its end where the tuning is estimated on it.
    fn pass(&mut self, samples: &[f32], range: Range<usize>) {
        let frames = range.len();
        for &feature in &self.of_frame {
            self.columns.0[feature as usize].resize(frames * feature.bands(&self.options), 0.0);
        }
        self.valleys.resize(self.columns.0[Feature::SpectralContrast as usize].len(), 0.0);
        if let Some(tuning) = self.options.tuning
            && self.of_frame.contains(&Feature::Chroma)
        {
            self.tune(tuning);
        }

        self.of_samples(samples, range.clone());
        let Some(wanted) = self.wanted else { return };
        let block = WIDTH * (self.options.n_fft / 2 + 1);
        let holds = self.tuning.is_some() && self.holds(frames);
        let needed = if holds { frames.div_ceil(WIDTH) * block } else { block };
        if self.power.len() < needed {
            self.power = vec![0.0; needed];
        }
        let mut power = std::mem::take(&mut self.power);
        for (index, first) in range.clone().step_by(WIDTH).enumerate() {
            let end = (first + WIDTH).min(range.end);
            let power = &mut power[if holds { index * block } else { 0 }..][..block];
            self.spectra.analyse(samples, self.framing, [first, end], wanted, power);
            let power = rows(power);
            let columns = first - range.start..end - range.start;
            self.filter(power, columns.clone(), self.tuning.is_none());
            for ((lane, index), power) in columns.enumerate().zip(power) {
                self.frame(power, lane, index);
                if let Some(tuning) = &mut self.tuning {
                    tuning.add(power);
                }
            }
        }
        self.power = power;
        if let Some(tuning) = &mut self.tuning {
            let tuning = tuning.finish(self.options.n_chroma);
            self.tune(tuning);
        }
    }

    /// Whether the spectra of so many frames are kept until the tuning is known.
    fn holds(&self, frames: usize) -> bool {
        frames * (self.options.n_fft / 2 + 1) <= MAX_HELD
    }

    /// What is computed of the samples themselves.
    fn of_samples(&mut self, samples: &[f32], range: Range<usize>) {
        let FrameOptions { threshold, zero_pos, .. } = self.options;
        if self.wants(Feature::Rms) {
            let column = &mut self.columns.0[Feature::Rms as usize];
            rms(samples, self.framing, range.clone(), &mut self.padded, column);
        }
        if self.wants(Feature::ZeroCrossingRate) {
            let column = &mut self.columns.0[Feature::ZeroCrossingRate as usize];
            zero_crossing_rates(samples, self.framing, range, Crossing { threshold, zero_pos }, column);
        }
    }

    /// Mel bands and, where the filters are `tuned`, chroma of some spectra, into these columns.
    fn filter(&mut self, power: [&[f32]; WIDTH], columns: Range<usize>, tuned: bool) {
        for &feature in &self.of_frame {
            let bands = feature.bands(&self.options);
            let columns = || columns.start * bands..columns.end * bands;
            match feature {
                Feature::MelSpectrogram => {
                    let columns = &mut self.columns.0[feature as usize][columns()];
                    let mut lane = 0;
                    let spectra = self.raised.each_mut().map(|raised| {
                        lane += 1;
                        let magnitude = &self.spectra.magnitude[lane - 1];
                        raise(power[lane - 1], magnitude, self.options.power, raised)
                    });
                    self.mel.process(spectra, columns);
                }
                Feature::Chroma if tuned => {
                    let columns = &mut self.columns.0[feature as usize][columns()];
                    if let Some((_, filters)) = &self.chroma {
                        chroma_columns(power, filters, self.options.chroma_norm, columns);
                    }
                }
                _ => {}
            }
        }
    }

    /// What is computed of one frame, whose magnitude is in a `lane`, into column `index`.
    fn frame(&mut self, power: &[f32], lane: usize, index: usize) {
        let FrameOptions { n_fft, roll_percent, .. } = self.options;
        let options = &self.options;
        let bin_hz = f64::from(self.sample_rate) / n_fft as f64;
        let magnitude = &self.spectra.magnitude[lane];
        for &feature in &self.of_frame {
            let bands = feature.bands(options);
            let column = &mut self.columns.0[feature as usize][index * bands..][..bands];
            match feature {
                Feature::SpectralCentroid => column[0] = spectral_centroid(magnitude, bin_hz),
                Feature::SpectralBandwidth => {
                    column[0] = spectral_bandwidth(magnitude, bin_hz, options.p, options.bandwidth_norm)
                }
                Feature::SpectralContrast => {
                    self.contrast.process(magnitude, column, &mut self.valleys[index * bands..][..bands]);
                }
                Feature::SpectralRolloff => {
                    column[0] = spectral_rolloff(magnitude, &mut self.cumulative, bin_hz, roll_percent);
                }
                Feature::SpectralFlatness => {
                    let raised = raise(power, magnitude, options.flatness_power, &mut self.raised[lane]);
                    column[0] = spectral_flatness(raised, options.flatness_amin);
                }
                Feature::PolyFeatures => column.copy_from_slice(&poly_features(magnitude, bin_hz)),
                Feature::MelSpectrogram | Feature::Chroma | Feature::Rms | Feature::ZeroCrossingRate => {}
                Feature::LogMel | Feature::Mfcc | Feature::Tonnetz => {}
            }
        }
    }

    /// Log-mel and MFCC, of the whole mel spectrogram.
    fn finish_mel(&mut self, frames: usize) {
        let FrameOptions { n_mels, n_mfcc, top_db, .. } = self.options;
        if !self.wants(Feature::LogMel) && !self.wants(Feature::Mfcc) {
            return;
        }
        let mut log_mel = std::mem::take(&mut self.columns.0[Feature::LogMel as usize]);
        log_mel.clear();
        log_mel.extend_from_slice(&self.columns.0[Feature::MelSpectrogram as usize]);
        power_to_decibels(&mut log_mel, top_db);
        if self.wants(Feature::Mfcc) {
            let coefficients = &mut self.columns.0[Feature::Mfcc as usize];
            coefficients.resize(frames * n_mfcc, 0.0);
            mfcc_columns(&log_mel, n_mels, &self.dct, coefficients);
            lift(coefficients, &self.lifter);
        }
        self.columns.0[Feature::LogMel as usize] = log_mel;
    }

    /// Chroma, where it had to wait for the tuning, and the tonal centroids of it.
    fn finish_chroma(&mut self, samples: &[f32], range: Range<usize>) {
        let mut chroma = std::mem::take(&mut self.columns.0[Feature::Chroma as usize]);
        let FrameOptions { chroma_norm: norm, n_chroma, .. } = self.options;
        if let Some((_, filters)) = self.chroma.as_ref().filter(|_| self.options.tuning.is_none()) {
            let block = WIDTH * (self.options.n_fft / 2 + 1);
            let holds = self.holds(range.len());
            let blocks = chroma.chunks_mut(WIDTH * n_chroma).zip(range.clone().step_by(WIDTH));
            for (index, (columns, first)) in blocks.enumerate() {
                let power = &mut self.power[if holds { index * block } else { 0 }..][..block];
                if !holds {
                    let end = (first + WIDTH).min(range.end);
                    self.spectra.analyse(samples, self.framing, [first, end], Wanted::Power, power);
                }
                chroma_columns(rows(power), filters, norm, columns);
            }
        }
        if self.wants(Feature::Tonnetz) {
            let centroids = &mut self.columns.0[Feature::Tonnetz as usize];
            centroids.resize(range.len() * TONNETZ_BANDS, 0.0);
            let columns = chroma.chunks_exact(n_chroma).zip(centroids.chunks_exact_mut(TONNETZ_BANDS));
            columns.for_each(|(chroma, centroids)| self.tonnetz.process(chroma, centroids));
        }
        self.columns.0[Feature::Chroma as usize] = chroma;
    }

    /// Builds the chroma filters for a tuning, unless they are those of the last clip.
    fn tune(&mut self, tuning: f64) {
        if self.chroma.as_ref().is_none_or(|&(last, _)| last != tuning) {
            let FrameOptions { n_fft, .. } = self.options;
            let scale = self.options.chroma_scale();
            let filters = ChromaFilterBank::build(self.sample_rate, n_fft, tuning, scale);
            self.chroma = Some((tuning, filters.filters()));
        }
    }
}

/// `|X|^exponent` of a frame, of `power` or `magnitude` where it is one of them.
fn raise<'a>(power: &'a [f32], magnitude: &'a [f32], exponent: f64, raised: &'a mut [f32]) -> &'a [f32] {
    if exponent == 2.0 {
        return power;
    }
    if exponent == 1.0 {
        return magnitude;
    }
    for (raised, &magnitude) in raised.iter_mut().zip(magnitude) {
        *raised = math::powf(f64::from(magnitude), exponent) as f32;
    }
    raised
}

/// The features as they are computed, `[frames, bands]` each; kept from clip to clip for their memory.
#[derive(Default)]
struct Columns([Vec<f32>; Feature::COUNT]);

impl Columns {
    fn matrix(&self, feature: Feature, options: &FrameOptions) -> FrameMatrix {
        FrameMatrix::from_columns(feature.bands(options), &self.0[feature as usize])
    }
}
