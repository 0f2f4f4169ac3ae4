//! How frames are cut and what is computed on them.

use super::{Feature, PadMode, Window, framing::Framing};
use crate::{
    Error, Result,
    dsp::{CHROMA_BANDS, ChromaScale, DctNorm, MelNorm, MelScale},
    number::{number, single},
};

/// The mel bands' least range, Hz: a triangle's height grows as it narrows, and its power is to stay finite.
const LEAST_MEL_RANGE: f64 = 1.0;

/// What chroma is relative to: librosa's `norm` of `chroma_stft`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum ChromaNorm {
    /// The strongest class, librosa's `inf`.
    #[default]
    Max,
    /// The sum of the classes, librosa's 1.
    Sum,
    /// The length of the vector of the classes, librosa's 2.
    Length,
    /// Nothing: sums of weighted power, librosa's `None`.
    None,
}

/// Options of [`extract`](super::extract), named and preset as librosa's.
///
/// Where several features name different things alike, the name says which: `mel_norm`, `chroma_norm`, `dct_norm` and
/// `bandwidth_norm` are all librosa's `norm`. Its `ref_magnitude` of zero crossings is a factor of `threshold`.
#[derive(Debug, Clone, PartialEq)]
pub struct FrameOptions {
    /// Samples in a frame, which is also the length of the window and of the transform, 32 to 32768; powers of two
    /// are the fastest; 2048.
    pub n_fft: usize,
    /// Samples from a frame to the next, 1 to `n_fft`; 512.
    pub hop_length: usize,
    /// Samples of the window, in the middle of the frame with zeros around it, 1 to `n_fft`, which `None` stands for;
    /// `None`. RMS and zero crossings take the whole frame.
    pub win_length: Option<usize>,
    /// The window; Hann's.
    pub window: Window,
    /// Whether frame `t` is centred on sample `t * hop_length`, with `pad_mode` around the clip, or begins there, which
    /// takes a clip of at least `n_fft` samples; `true`.
    pub center: bool,
    /// What is around the clip; silence. To the zero crossings it is always the outermost sample, repeated, as in librosa.
    pub pad_mode: PadMode,
    /// The exponent of the magnitude in the mel spectrogram, 1 for magnitude, 2 for power, above 0 and up to 2; 2.
    pub power: f64,
    /// Bands of the mel spectrogram, 1 to 512, and where a feature of them is asked for no more than a spectrum has
    /// bins, `n_fft / 2 + 1`, where librosa warns of empty bands; 128.
    pub n_mels: usize,
    /// Where the lowest mel band begins, Hz, from 0 to 1 Hz below `fmax`; 0.
    pub fmin: f64,
    /// Where the highest mel band ends, Hz, at least 1 Hz above `fmin` and up to half the sample rate, which `None`
    /// stands for; `None`.
    pub fmax: Option<f64>,
    /// Whether mels are HTK's, `2595 log10(1 + f / 700)`, or Slaney's; `false`.
    pub htk: bool,
    /// What the mel bands' triangles have in common, librosa's `norm` of `melspectrogram` and `mel_norm` of `mfcc`:
    /// their area, a sum of weights, or with [`MelNorm::None`] their height of 1; [`MelNorm::Slaney`], their area.
    pub mel_norm: MelNorm,
    /// Mel-frequency cepstral coefficients, 1 to `n_mels`; 20.
    pub n_mfcc: usize,
    /// The type of the MFCC's cosine transform, 1 (which takes two mel bands or more), 2 or 3; 2.
    pub dct_type: usize,
    /// Whether that is orthonormal, librosa's `norm` of `mfcc`; it is.
    pub dct_norm: DctNorm,
    /// Liftering of the MFCC, at least 0: coefficient `n`, counted from 1, is multiplied by
    /// `1 + lifter / 2 * sin(pi n / lifter)`, and left as it is by 0. 0.
    pub lifter: f64,
    /// How far below the clip's maximum the log-mel spectrogram, and the MFCC from it, are cut off, dB, at least
    /// 0; `None` leaves them whole. 80.
    pub top_db: Option<f32>,
    /// Deviation of A from 440 Hz for chroma, in `n_chroma`ths of an octave, -0.5 to 0.5; `None` estimates it from the
    /// clip as librosa does, which for clips of minutes computes their spectrum twice. `None`.
    pub tuning: Option<f64>,
    /// Pitch classes of an octave, 1 to 120; 12, semitones.
    pub n_chroma: usize,
    /// The octave, counted from the A of 27.5 Hz, about which chroma weighs most, finite; 5.
    pub ctroct: f64,
    /// The width of that weighting, octaves, above 0; `None` weighs all alike. 2.
    pub octwidth: Option<f64>,
    /// Whether C is chroma's first class, or A; `true`.
    pub base_c: bool,
    /// What chroma is relative to, librosa's `norm` of `chroma_stft`; the strongest class. Tonal centroids are the same
    /// of each.
    pub chroma_norm: ChromaNorm,
    /// Samples down to this count as zero to the zero crossings, librosa's `threshold`, at least 0; 1e-10.
    pub threshold: f32,
    /// Whether a zero counts as positive to the zero crossings, or as a sign of its own; `true`.
    pub zero_pos: bool,
    /// The power to which the bandwidth raises deviations from the centroid, 0.1 to 10; 2.
    pub p: f64,
    /// Whether the bandwidth's magnitudes are weights that add up to 1, librosa's `norm` of `spectral_bandwidth`, or count
    /// as they are, so that loud frames are wider; `true`.
    pub bandwidth_norm: bool,
    /// The share of the magnitude that lies below the rolloff, above 0 and below 1; 0.85.
    pub roll_percent: f32,
    /// Octaves of the spectral contrast above its first band, librosa's `n_bands`, 1 to 16; 6. Unlike in librosa,
    /// those that begin beyond half the sample rate are no error but have a contrast of 0 dB.
    pub n_bands: usize,
    /// Where the first band of the spectral contrast ends, Hz, above 0 and below half the sample rate; librosa's
    /// `fmin` of `spectral_contrast`. 200.
    pub contrast_fmin: f64,
    /// The share of a band's bins that the spectral contrast takes as its peak, and as its valley, above 0 and
    /// below 1; 0.02.
    pub quantile: f64,
    /// Whether the spectral contrast is the difference of the magnitudes themselves, or in dB; `false`.
    pub linear: bool,
    /// The least power that counts to the spectral flatness, librosa's `amin` of `spectral_flatness`, 1e-30 to 1;
    /// 1e-10.
    pub flatness_amin: f32,
    /// The exponent of the magnitude of which the spectral flatness is, librosa's `power` of `spectral_flatness`, above 0
    /// and up to 2; 2, power.
    pub flatness_power: f64,
}

impl Default for FrameOptions {
    fn default() -> Self {
        Self {
            n_fft: 2048,
            hop_length: 512,
            win_length: None,
            window: Window::Hann,
            center: true,
            pad_mode: PadMode::Constant,
            power: 2.0,
            n_mels: 128,
            fmin: 0.0,
            fmax: None,
            htk: false,
            mel_norm: MelNorm::Slaney,
            n_mfcc: 20,
            dct_type: 2,
            dct_norm: DctNorm::Ortho,
            lifter: 0.0,
            top_db: Some(80.0),
            tuning: None,
            n_chroma: CHROMA_BANDS,
            ctroct: 5.0,
            octwidth: Some(2.0),
            base_c: true,
            chroma_norm: ChromaNorm::Max,
            threshold: 1e-10,
            zero_pos: true,
            p: 2.0,
            bandwidth_norm: true,
            roll_percent: 0.85,
            n_bands: 6,
            contrast_fmin: 200.0,
            quantile: 0.02,
            linear: false,
            flatness_amin: 1e-10,
            flatness_power: 2.0,
        }
    }
}

impl FrameOptions {
    /// Checks every option against its bounds, for `features` of clips of `sample_rate` Hz.
    pub(super) fn validate(&self, sample_rate: u32, features: &[Feature]) -> Result<()> {
        check_cut(self.n_fft, self.hop_length)?;
        check_window(self.win_length, self.n_fft)?;
        check_exponent(self.power, "power")?;
        check((1..=512).contains(&self.n_mels), "n_mels", "1 to 512", &self.n_mels)?;
        // Who asks for RMS of short frames need not know about mel bands.
        let bins = self.n_fft / 2 + 1;
        let mels_are_right = self.n_mels <= bins || !features.iter().any(|feature| feature.needs_mel());
        let most = format!("at most {bins}, the bins of an n_fft of {}", self.n_fft);
        check(mels_are_right, "n_mels", &most, &self.n_mels)?;
        self.validate_mel_range(f64::from(sample_rate) / 2.0)?;
        let mfccs = format!("1 to the {} of n_mels", self.n_mels);
        check((1..=self.n_mels).contains(&self.n_mfcc), "n_mfcc", &mfccs, &self.n_mfcc)?;
        // A transform of type 1 of a single band does not exist.
        let needs_mfcc = features.contains(&Feature::Mfcc);
        let least = if self.n_mels == 1 && needs_mfcc { 2 } else { 1 };
        let types = format!("{least} to 3");
        check((least..=3).contains(&self.dct_type), "dct_type", &types, &self.dct_type)?;
        check(self.lifter >= 0.0 && self.lifter.is_finite(), "lifter", "at least 0", &self.lifter)?;
        let top_db_is_right = self.top_db.is_none_or(|top_db| top_db >= 0.0 && top_db.is_finite());
        check(top_db_is_right, "top_db", "none or at least 0 dB", &self.top_db)?;
        let tuning_is_right = self.tuning.is_none_or(|tuning| (-0.5..=0.5).contains(&tuning));
        check(tuning_is_right, "tuning", "none or -0.5 to 0.5 classes", &self.tuning)?;
        self.chroma_scale().validate()?;
        let threshold_is_right = self.threshold >= 0.0 && self.threshold.is_finite();
        check(threshold_is_right, "threshold", "a finite number of at least 0", &self.threshold)?;
        check((0.1..=10.0).contains(&self.p), "p", "0.1 to 10", &self.p)?;
        let roll_percent_is_right = self.roll_percent > 0.0 && self.roll_percent < 1.0;
        check(roll_percent_is_right, "roll_percent", "above 0 and below 1", &self.roll_percent)?;
        check((1..=16).contains(&self.n_bands), "n_bands", "1 to 16", &self.n_bands)?;
        let nyquist = f64::from(sample_rate) / 2.0;
        let contrast_fmin_is_right = self.contrast_fmin > 0.0 && self.contrast_fmin < nyquist;
        let bounds = format!("above 0 and below {} Hz", number(nyquist));
        check(contrast_fmin_is_right, "contrast_fmin", &bounds, &self.contrast_fmin)?;
        let quantile_is_right = self.quantile > 0.0 && self.quantile < 1.0;
        check(quantile_is_right, "quantile", "above 0 and below 1", &self.quantile)?;
        let amin_is_right = (1e-30..=1.0).contains(&self.flatness_amin);
        check(amin_is_right, "flatness_amin", "1e-30 to 1", &self.flatness_amin)?;
        check_exponent(self.flatness_power, "flatness_power")
    }

    fn validate_mel_range(&self, nyquist: f64) -> Result<()> {
        let highest = nyquist - LEAST_MEL_RANGE;
        check(
            (0.0..=highest).contains(&self.fmin),
            "fmin",
            &format!("0 to {} Hz", number(highest)),
            &self.fmin,
        )?;
        let lowest = self.fmin + LEAST_MEL_RANGE;
        let fmax_is_right = self.fmax.is_none_or(|fmax| (lowest..=nyquist).contains(&fmax));
        let bounds = format!("none or {} to {} Hz", number(lowest), number(nyquist));
        check(fmax_is_right, "fmax", &bounds, &self.fmax)
    }

    /// How frames lie over a clip.
    pub(super) fn framing(&self) -> Framing {
        Framing {
            frame_length: self.n_fft,
            hop_length: self.hop_length,
            center: self.center,
            pad_mode: self.pad_mode,
        }
    }

    /// The mel bands' scale and norm.
    pub(super) fn mel_scale(&self) -> MelScale {
        MelScale { htk: self.htk, norm: self.mel_norm }
    }

    /// Chroma's classes and their weights.
    pub(super) fn chroma_scale(&self) -> ChromaScale {
        let &Self { n_chroma, ctroct, octwidth, base_c, .. } = self;
        ChromaScale { n_chroma, ctroct, octwidth, base_c }
    }

    /// Where the highest mel band ends, Hz.
    pub(super) fn mel_top(&self, sample_rate: u32) -> f64 {
        self.fmax.unwrap_or(f64::from(sample_rate) / 2.0)
    }
}

/// Checks how a clip is cut into frames.
pub(super) fn check_cut(n_fft: usize, hop_length: usize) -> Result<()> {
    check((32..=32_768).contains(&n_fft), "n_fft", "32 to 32768", &n_fft)?;
    check((1..=n_fft).contains(&hop_length), "hop_length", &format!("1 to the {n_fft} of n_fft"), &hop_length)
}

/// Checks the exponent of a magnitude, of which the result is to stay finite.
fn check_exponent(power: f64, name: &'static str) -> Result<()> {
    check(power > 0.0 && power <= 2.0, name, "above 0 and up to 2", &power)
}

/// Checks the window's length.
pub(super) fn check_window(win_length: Option<usize>, n_fft: usize) -> Result<()> {
    let right = win_length.is_none_or(|win_length| (1..=n_fft).contains(&win_length));
    check(right, "win_length", &format!("none or 1 to the {n_fft} of n_fft"), &win_length)
}

/// What came for a parameter, as text.
pub(super) trait Given {
    fn text(&self) -> String;
}

impl Given for usize {
    fn text(&self) -> String {
        self.to_string()
    }
}

impl Given for f64 {
    fn text(&self) -> String {
        number(*self)
    }
}

impl Given for f32 {
    fn text(&self) -> String {
        single(*self)
    }
}

impl<T: Given> Given for Option<T> {
    fn text(&self) -> String {
        self.as_ref().map_or_else(|| "none".into(), T::text)
    }
}

/// Refuses the parameter `name` unless it is `right`, saying what was `expected`.
pub(super) fn check(right: bool, name: &'static str, expected: &str, got: &dyn Given) -> Result<()> {
    if right {
        return Ok(());
    }
    Err(Error::Parameter { name, expected: expected.into(), got: got.text() })
}

/// Refuses audio that no feature is defined on.
pub(super) fn check_samples(samples: &[f32]) -> Result<()> {
    if samples.is_empty() {
        return Err(Error::EmptyAudio);
    }
    // Every sample is looked at, since a loop that may stop early is not vectorised.
    if samples.iter().fold(true, |finite, sample| finite & sample.is_finite()) {
        return Ok(());
    }
    let index = samples.iter().take_while(|sample| sample.is_finite()).count();
    Err(Error::NonFiniteSample { channel: 0, index, value: samples[index] })
}
