//! Spectral rolloff.

/// `librosa.feature.spectral_rolloff`: the lowest frequency below which, it included, lies `roll_percent` of the
/// magnitude, Hz; 0 in silence. `cumulative` is scratch of the spectrum's length.
///
/// Summed one by one in f32, as librosa's cumsum, so that both stop at the same bin.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(super) fn spectral_rolloff(
    magnitude: &[f32],
    cumulative: &mut [f32],
    bin_hz: f64,
    roll_percent: f32,
) -> f32 {
    let mut total = 0.0_f32;
    for (sum, value) in cumulative.iter_mut().zip(magnitude) {
        total += value;
        *sum = total;
    }
    let threshold = roll_percent * total;
    (cumulative.partition_point(|&sum| sum < threshold) as f64 * bin_hz) as f32
}
