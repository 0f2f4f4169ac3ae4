//! Reading a clip at any speed: windowed-sinc interpolation.
//!
//! Smith and Gossett (1984), "A flexible sampling-rate conversion method". The library's resampler works
//! between standard rates; pitch shifting needs any ratio, which costs nothing here.

/// Zero crossings of the sinc on either side.
const CROSSINGS: usize = 24;
/// Table entries between two zero crossings; values in between are interpolated linearly.
const PHASES: usize = 512;

/// Reads `length` samples of `samples`, `speed` samples apart, band-limited to the lower of both rates.
/// Outside the clip is silence.
pub(super) fn read_at(samples: &[f32], speed: f64, length: usize) -> Vec<f32> {
    let table = kernel();
    // Faster than 1, the kernel widens so that what lies over the new Nyquist frequency is filtered out.
    let cutoff = speed.recip().min(1.0);
    let reach = CROSSINGS as f64 / cutoff;
    (0..length)
        .map(|n| {
            let centre = n as f64 * speed;
            let first = (centre - reach).ceil().max(0.0) as usize;
            let last = ((centre + reach).floor().max(0.0) as usize + 1).min(samples.len());
            let mut sum = 0.0;
            for (index, &sample) in samples.iter().enumerate().take(last).skip(first) {
                let position = (index as f64 - centre).abs() * cutoff * PHASES as f64;
                let (entry, fraction) = (position as usize, position.fract());
                let (Some(a), Some(b)) = (table.get(entry), table.get(entry + 1)) else { continue };
                sum += f64::from(sample) * (a + (b - a) * fraction);
            }
            (sum * cutoff) as f32
        })
        .collect()
}

/// One side of a sinc under a Hann window.
fn kernel() -> Vec<f64> {
    let width = CROSSINGS * PHASES;
    (0..=width)
        .map(|n| {
            let x = std::f64::consts::PI * n as f64 / PHASES as f64;
            let sinc = if n == 0 { 1.0 } else { x.sin() / x };
            sinc * (std::f64::consts::FRAC_PI_2 * n as f64 / width as f64).cos().powi(2)
        })
        .collect()
}
