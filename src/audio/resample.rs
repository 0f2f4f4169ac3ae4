//! Resampling by windowed sinc interpolation.
//!
//! A sinc of 256 taps, since short ones lose: at 0.9 of the output's Nyquist frequency one of 32 taps is down 17 dB, this
//! one less than 1 dB. Our own and no longer rubato's, whose sums don't come out in SIMD on wasm: it took 5 to 6 ms of a browser's
//! time for 3 s at 48 kHz with this very sinc, half of a whole answer.

mod decimation;

use std::f64::consts::{PI, TAU};

use self::decimation::Decimation;
use super::check_rate;
use crate::{Result, dsp::lanes::dot};

/// Taps of the sinc for 48 kHz and below.
const SINC_TAPS: usize = 256;

/// How far a sinc's transition band reaches below the Nyquist frequency, as a share of it times the taps: there the squared
/// Blackman-Harris window's main lobe is 80 dB down.
const TRANSITION: f64 = 14.3;

/// The four terms of the Blackman-Harris window (Harris, "On the use of windows for harmonic analysis", 1978).
const BLACKMAN_HARRIS: [f64; 4] = [0.358_75, 0.488_29, 0.141_28, 0.011_68];

/// The most sincs that are kept so that one of them falls on every output sample: 640 are 11.025 to 16 kHz.
const MOST_PHASES: u64 = 640;

/// Sincs that are interpolated between where there would be more: the error is below -100 dB.
const PHASES: u64 = 512;

/// Input samples that are taken at a time.
const CHUNK: usize = 4096;

/// Resamples one channel from `from` Hz to `to` Hz; the result holds `ceil(samples * to / from)` samples.
/// Equal rates copy.
///
/// # Errors
/// [`Error::SampleRate`](crate::Error::SampleRate) for either rate out of [`super::SAMPLE_RATES`].
pub fn resample(samples: &[f32], from: u32, to: u32) -> Result<Vec<f32>> {
    let mut resampler = StreamResampler::new(from, to)?;
    let length = (samples.len() as u64 * u64::from(to)).div_ceil(u64::from(from));
    let mut output = Vec::with_capacity(length as usize);
    resampler.push(samples, &mut output);
    resampler.finish(&mut output);
    Ok(output)
}

/// Resamples one channel that comes in pieces of any size: sample for sample what [`resample`] gives of the whole.
///
/// What comes out lags behind what went in by half a sinc, 2.7 ms at 48 kHz. Nothing is allocated after
/// [`StreamResampler::new`], unless the output has no room left.
pub struct StreamResampler {
    /// None where the rates are equal.
    sincs: Option<Sincs>,
    /// Input samples from one output to the next, as a fraction in lowest terms.
    step: [u64; 2],
    /// The next output's place: input samples from `held`'s beginning to its sinc's first tap, and the numerator of what
    /// is left of it.
    place: [u64; 2],
    /// The input from the next output's first tap on.
    held: Vec<f32>,
    taken: u64,
    given: u64,
}

impl StreamResampler {
    /// Plans the conversion from `from` Hz to `to` Hz.
    ///
    /// # Errors
    /// [`Error::SampleRate`](crate::Error::SampleRate) for either rate out of [`super::SAMPLE_RATES`].
    pub fn new(from: u32, to: u32) -> Result<Self> {
        check_rate(from)?;
        check_rate(to)?;
        let divisor = common_divisor(from, to);
        let step = [from, to].map(|rate| u64::from(rate / divisor));
        let sincs = (from != to).then(|| Sincs::new(from, to, step[1]));
        let taps = sincs.as_ref().map_or(0, |sincs| sincs.taps);
        let mut held = Vec::with_capacity(taps + CHUNK);
        // Silence before the clip, up to the first output's place.
        held.resize((taps / 2).saturating_sub(1), 0.0);
        Ok(Self { sincs, step, place: [0, 0], held, taken: 0, given: 0 })
    }

    /// Takes the next samples and appends what they complete to `output`.
    pub fn push(&mut self, samples: &[f32], output: &mut Vec<f32>) {
        self.taken += samples.len() as u64;
        if self.sincs.is_none() {
            self.given += samples.len() as u64;
            output.extend_from_slice(samples);
            return;
        }
        for samples in samples.chunks(CHUNK) {
            self.held.extend_from_slice(samples);
            self.process(u64::MAX, output);
        }
    }

    /// Ends the clip and appends its last samples to `output`, as if silence followed.
    pub fn finish(&mut self, output: &mut Vec<f32>) {
        let [from, to] = self.step;
        let whole = (self.taken * to).div_ceil(from);
        while self.sincs.is_some() && self.given < whole {
            self.held.resize(self.held.len() + CHUNK / 2, 0.0);
            self.process(whole, output);
        }
    }

    /// Appends what the held input completes, up to the sample `until` of the whole output, and lets go of the input
    /// that is not needed any more.
    fn process(&mut self, until: u64, output: &mut Vec<f32>) {
        let Some(sincs) = &mut self.sincs else { return };
        let [from, to] = self.step;
        let [mut start, mut rest] = self.place;
        if let Some(decimation) = &mut sincs.decimation {
            let most = usize::try_from(until - self.given).unwrap_or(usize::MAX);
            let input = self.held.get(start as usize..).unwrap_or_default();
            let count = decimation.process(input, most, output) as u64;
            self.given += count;
            start += count * from;
        }
        while sincs.decimation.is_none()
            && self.given < until
            && let Some(input) = self.held.get(start as usize..start as usize + sincs.taps)
        {
            output.push(sincs.at(rest, to, input));
            self.given += 1;
            rest += from;
            start += rest / to;
            rest %= to;
        }
        let gone = (start as usize).min(self.held.len());
        self.held.drain(..gone);
        self.place = [start - gone as u64, rest];
    }
}

/// Sincs for places between two input samples.
struct Sincs {
    taps: usize,
    /// Sincs to the next input sample.
    phases: u64,
    /// `[phases + 1, taps]`
    table: Vec<f32>,
    /// Where every output falls on an input.
    decimation: Option<Decimation>,
}

impl Sincs {
    /// For outputs that fall on `places` places between two inputs.
    fn new(from: u32, to: u32, places: u64) -> Self {
        // A sinc's length counts input samples: past 48 kHz the same steepness needs more of them.
        let taps = (SINC_TAPS * from as usize).div_ceil(48_000).next_multiple_of(16).max(SINC_TAPS);
        let cutoff = (f64::from(to) / f64::from(from)).min(1.0) / (1.0 + TRANSITION / taps as f64);
        let phases = if places <= MOST_PHASES { places } else { PHASES };
        let mut table = Vec::with_capacity((phases as usize + 1) * taps);
        for phase in 0..=phases {
            let start = table.len();
            table.extend(windowed_sinc(phase as f64 / phases as f64, taps, cutoff));
            let row = &mut table[start..];
            let sum: f32 = row.iter().sum();
            row.iter_mut().for_each(|tap| *tap /= sum);
        }
        let decimation = (places == 1).then(|| Decimation::new(&table[..taps], (from / to) as usize));
        Self { taps, phases, table, decimation }
    }

    /// The output `rest / whole` of an input sample after the one in the middle of `input`, `[taps]`.
    fn at(&self, rest: u64, whole: u64, input: &[f32]) -> f32 {
        if self.phases == whole {
            return dot(self.row(rest), input);
        }
        let (phase, between) = (rest * self.phases / whole, rest * self.phases % whole);
        let share = between as f32 / whole as f32;
        let (before, after) = (dot(self.row(phase), input), dot(self.row(phase + 1), input));
        before + share * (after - before)
    }

    /// The sinc for a place, `[taps]`.
    fn row(&self, phase: u64) -> &[f32] {
        &self.table[phase as usize * self.taps..][..self.taps]
    }
}

/// `sin(pi c t) / (pi t)` under the squared window for `taps` values of `t`, from `taps / 2 - 1 + place` down in steps of
/// one. Sines are turned from tap to tap, which is as exact in f64 for far less time.
fn windowed_sinc(place: f64, taps: usize, cutoff: f64) -> impl Iterator<Item = f32> {
    let first = taps as f64 / 2.0 - 1.0 + place;
    let mut wave = Turning::new(PI * cutoff * first, -PI * cutoff);
    let mut window = Turning::new(TAU * first / taps as f64, -TAU / taps as f64);
    (0..taps).map(move |tap| {
        let t = first - tap as f64;
        let sinc = if t.abs() < 1e-9 { cutoff } else { wave.sin / (PI * t) };
        // Centred on t = 0, where every term adds. cos 2x and cos 3x by cos x.
        let [a0, a1, a2, a3] = BLACKMAN_HARRIS;
        let cos = window.cos;
        let weight = a0 + a1 * cos + a2 * (2.0 * cos * cos - 1.0) + a3 * (4.0 * cos * cos - 3.0) * cos;
        wave.turn();
        window.turn();
        (sinc * weight * weight) as f32
    })
}

/// Sine and cosine of an angle that grows in equal steps.
struct Turning {
    sin: f64,
    cos: f64,
    step: [f64; 2],
}

impl Turning {
    fn new(angle: f64, step: f64) -> Self {
        Self { sin: angle.sin(), cos: angle.cos(), step: [step.sin(), step.cos()] }
    }

    fn turn(&mut self) {
        let [sin, cos] = self.step;
        (self.sin, self.cos) = (self.sin * cos + self.cos * sin, self.cos * cos - self.sin * sin);
    }
}

/// The greatest common divisor (Euclid).
fn common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sine(frequency: f64, rate: u32, seconds: f64) -> Vec<f32> {
        let samples = (f64::from(rate) * seconds) as usize;
        (0..samples).map(|n| (0.5 * (TAU * frequency * n as f64 / f64::from(rate)).sin()) as f32).collect()
    }

    /// The power of `signal`'s middle half, and that of its best fit by a sine of `frequency` at 16 kHz: what
    /// the resampler shifts, by less than two samples, does not count.
    fn power_and_fit(signal: &[f32], frequency: f64) -> (f64, f64) {
        // A multiple of every period used here, so that sine and cosine are orthogonal over it.
        let middle = &signal[signal.len() / 4..][..8_000];
        let project = |phase: f64| {
            let wave = |n: usize| (TAU * frequency * n as f64 / 16_000.0 + phase).sin();
            middle.iter().enumerate().map(|(n, &sample)| f64::from(sample) * wave(n)).sum::<f64>() / 4_000.0
        };
        let power = middle.iter().map(|&sample| f64::from(sample).powi(2)).sum::<f64>() / 8_000.0;
        (power, (project(0.0).powi(2) + project(TAU / 4.0).powi(2)) / 2.0)
    }

    #[test]
    fn a_sine_stays_the_same_sine() -> Result<()> {
        for rate in [8_000, 11_025, 12_000, 22_050, 24_000, 24_414, 32_000, 44_100, 48_000, 96_000, 192_000] {
            let resampled = resample(&sine(1_000.0, rate, 1.0), rate, 16_000)?;
            let (power, fit) = power_and_fit(&resampled, 1_000.0);
            assert!((fit / 0.125 - 1.0).abs() < 1e-3, "{rate} Hz: the sine's power is {fit}");
            let noise_db = 10.0 * ((power - fit).max(1e-20) / fit).log10();
            assert!(noise_db < -80.0, "{rate} Hz: distortion {noise_db:.1} dB");
        }
        Ok(())
    }

    #[test]
    fn pieces_give_what_the_whole_gives() -> Result<()> {
        for rate in [8_000, 11_025, 22_050, 24_414, 44_100, 48_000, 96_000, 192_000] {
            for length in [1_usize, 127, 500, 1_023, 1_024, 1_025, 2_048, 30_000] {
                let samples: Vec<f32> = (0..length).map(|n| (n as f32 * 0.37).sin()).collect();
                let expected = resample(&samples, rate, 16_000)?;
                assert_eq!(expected.len(), (length * 16_000).div_ceil(rate as usize));
                for piece in [1, 128, 1_024, 4_001] {
                    let mut resampler = StreamResampler::new(rate, 16_000)?;
                    let capacity = resampler.held.capacity();
                    let mut output = Vec::new();
                    for samples in samples.chunks(piece) {
                        resampler.push(samples, &mut output);
                    }
                    resampler.finish(&mut output);
                    assert_eq!(output, expected, "{length} samples at {rate} Hz in pieces of {piece}");
                    assert_eq!(resampler.held.capacity(), capacity, "nothing is allocated on the way");
                }
            }
        }
        Ok(())
    }

    /// Every sample against the definition: the sum over all inputs of a sinc under its window, by sines.
    #[test]
    fn it_is_what_the_definition_gives() -> Result<()> {
        for rate in [8_000, 11_025, 22_050, 24_414, 44_100, 48_000, 96_000] {
            let input: Vec<f32> = (0..3_000).map(|n| ((n * n) as f32 * 0.01).sin() * 0.3).collect();
            let ours = resample(&input, rate, 16_000)?;
            let taps = (256 * rate as usize).div_ceil(48_000).next_multiple_of(16).max(256) as f64;
            let cutoff = (16_000.0 / f64::from(rate)).min(1.0) / (1.0 + 14.3 / taps);
            for (k, ours) in ours.iter().enumerate().step_by(7) {
                let time = k as f64 * f64::from(rate) / 16_000.0;
                let weight = |n: usize| {
                    let t = time - n as f64;
                    if t.abs() > taps / 2.0 {
                        return 0.0;
                    }
                    let x = TAU * t / taps;
                    let window =
                        0.35875 + 0.48829 * x.cos() + 0.14128 * (2.0 * x).cos() + 0.01168 * (3.0 * x).cos();
                    let sinc = if t == 0.0 { cutoff } else { (PI * cutoff * t).sin() / (PI * t) };
                    sinc * window * window
                };
                let sum: f64 = input.iter().enumerate().map(|(n, &x)| f64::from(x) * weight(n)).sum();
                assert!((sum - f64::from(*ours)).abs() < 2e-5, "{rate} Hz, sample {k}: {ours} for {sum}");
            }
        }
        Ok(())
    }

    #[test]
    fn keeps_the_passband_and_stops_the_aliases() -> Result<()> {
        let level = |frequency: f64, rate: u32| -> Result<f64> {
            let out = resample(&sine(frequency, rate, 1.0), rate, 16_000)?;
            let middle = &out[out.len() / 4..out.len() * 3 / 4];
            let power =
                middle.iter().map(|&sample| f64::from(sample).powi(2)).sum::<f64>() / middle.len() as f64;
            Ok(10.0 * (power / 0.125).log10())
        };
        for rate in [44_100, 48_000, 96_000] {
            let pass = level(7_200.0, rate)?;
            assert!(pass.abs() < 1.5, "{rate} Hz at 0.9 of Nyquist: {pass:.2} dB");
            let alias = level(9_500.0, rate)?;
            assert!(alias < -80.0, "{rate} Hz above Nyquist: {alias:.1} dB");
        }
        Ok(())
    }
}
