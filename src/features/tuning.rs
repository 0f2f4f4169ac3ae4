//! The tuning that chroma assumes where none is given.

use crate::dsp::lanes::greatest;

/// Peaks are looked for from here, Hz.
const MIN_HZ: f64 = 150.0;
/// Peaks are looked for up to here, Hz.
const MAX_HZ: f64 = 4000.0;
/// Peaks lower than this share of the frame's maximum do not count.
const THRESHOLD: f32 = 0.1;
/// The lowest A, Hz: classes are counted from here.
const A0: f32 = 27.5;
/// Steps of a class that the estimate tells apart.
const STEPS: usize = 100;

/// Peaks for which room is kept from clip to clip.
const MAX_KEPT: usize = 1 << 19;

/// Bins that are looked at together.
const BLOCK: usize = 8;

/// `librosa.estimate_tuning(S=power, sr, bins_per_octave=n_chroma)`: the commonest deviation of the spectral peaks
/// from equal temperament, among the half of the peaks that are strongest.
pub(super) struct TuningEstimator {
    bin_hz: f64,
    /// Bins in which a peak may lie.
    range: std::ops::Range<usize>,
    /// Frequency in Hz and interpolated power of every peak so far.
    peaks: Vec<(f32, f32)>,
    /// The powers alone.
    powers: Vec<f32>,
}

impl TuningEstimator {
    /// For spectra of `n_fft / 2 + 1` bins: librosa reads the length off these, and so takes an odd one for one less.
    pub fn new(sample_rate: u32, n_fft: usize) -> Self {
        let n_fft = n_fft - n_fft % 2;
        let bin_hz = f64::from(sample_rate) / n_fft as f64;
        let max_hz = MAX_HZ.min(f64::from(sample_rate) / 2.0);
        let bin = |hz: f64| (hz / bin_hz).ceil() as usize;
        Self {
            bin_hz,
            range: bin(MIN_HZ).max(1)..bin(max_hz).min(n_fft / 2),
            peaks: Vec::new(),
            powers: Vec::new(),
        }
    }

    /// Collects the peaks of a power spectrum, refined by a parabola through a peak and its neighbours:
    /// `librosa.piptrack`.
    pub fn add(&mut self, power: &[f32]) {
        let reference = THRESHOLD * greatest(power);
        // What is below the threshold counts as 0 to librosa, and so is below every peak.
        let is_peak = |left: f32, peak: f32, right: f32| (peak > reference) & (peak > left) & (peak >= right);
        for first in self.range.clone().step_by(BLOCK) {
            let end = (first + BLOCK).min(self.range.end);
            let around = &power[first - 1..end + 1];
            // Most blocks hold none, which the compiler finds out side by side.
            if let Some(around) = around.as_array::<{ BLOCK + 2 }>() {
                let peaks: [bool; BLOCK] =
                    std::array::from_fn(|i| is_peak(around[i], around[i + 1], around[i + 2]));
                if !peaks.iter().fold(false, |any, peak| any | peak) {
                    continue;
                }
            }
            for (bin, &[left, peak, right]) in (first..end).zip(around.array_windows()) {
                if !is_peak(left, peak, right) {
                    continue;
                }
                let curvature = right + left - 2.0 * peak;
                let slope = (right - left) / 2.0;
                let shift = if slope.abs() >= curvature.abs() { 0.0 } else { -slope / curvature };
                let hz = (bin as f64 + f64::from(shift)) * self.bin_hz;
                self.peaks.push((hz as f32, peak + 0.5 * slope * shift));
            }
        }
    }

    /// The deviation in `n_chroma`ths of an octave, -0.5 to 0.49; 0 without a peak. The next clip begins without any.
    pub fn finish(&mut self, n_chroma: usize) -> f64 {
        self.powers.clear();
        self.powers.extend(self.peaks.iter().map(|&(_, power)| power));
        let Some(threshold) = median(&mut self.powers) else { return 0.0 };
        let edges: [f64; STEPS + 1] = std::array::from_fn(|step| step as f64 / STEPS as f64 - 0.5);
        let mut counts = [0_u32; STEPS];
        for (hz, _) in self.peaks.drain(..).filter(|&(_, power)| power >= threshold) {
            // In f32, as librosa: a pure tone puts all its peaks beside the same edge.
            let class = n_chroma as f32 * (hz / A0).log2();
            let residual = class - class.floor();
            let residual = f64::from(if residual >= 0.5 { residual - 1.0 } else { residual });
            let above = edges.partition_point(|&edge| edge <= residual);
            counts[above.clamp(1, STEPS) - 1] += 1;
        }
        // Room for some minutes is kept for the next clip.
        self.peaks.shrink_to(MAX_KEPT);
        self.powers.shrink_to(MAX_KEPT);
        let commonest =
            (0..STEPS).fold(0, |best, step| if counts[step] > counts[best] { step } else { best });
        edges[commonest]
    }
}

/// The middle value, or the mean of the two in the middle.
fn median(values: &mut [f32]) -> Option<f32> {
    let middle = values.len() / 2;
    if values.is_empty() {
        return None;
    }
    let even = values.len().is_multiple_of(2);
    let (below, &mut upper, _) = values.select_nth_unstable_by(middle, f32::total_cmp);
    if !even {
        return Some(upper);
    }
    let lower = below.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    Some((lower + upper) / 2.0)
}
