//! Spectral flatness.

use std::f64::consts::LN_2;

/// Products taken side by side.
const LANES: usize = 8;

/// Powers of a block: eight to a product, each within 1e-30 to 1e30, which f64 holds.
const BLOCK: usize = 8 * LANES;

/// `librosa.feature.spectral_flatness`: geometric over arithmetic mean of the power, 1 for white noise and for
/// silence, near 0 for tones.
///
/// `amin`, 1e-30 to 1, is the least power that counts. The mean of logarithms is the logarithm of a product: one is taken
/// where librosa takes one for every bin.
pub(super) fn spectral_flatness(power: &[f32], amin: f32) -> f32 {
    let mut sums = [0.0_f64; LANES];
    let mut product = Product { mantissa: 1.0, exponent: 0 };
    for block in power.chunks(BLOCK) {
        let mut products = [1.0_f64; LANES];
        let (groups, rest) = block.as_chunks::<LANES>();
        for group in groups {
            for lane in 0..LANES {
                let value = f64::from(group[lane].max(amin));
                products[lane] *= value;
                sums[lane] += value;
            }
        }
        for (lane, value) in rest.iter().enumerate() {
            let value = f64::from(value.max(amin));
            products[lane] *= value;
            sums[lane] += value;
        }
        products.into_iter().for_each(|factor| product.multiply(factor));
    }
    let bins = power.len().max(1) as f64;
    ((product.ln() / bins).exp() / (sums.iter().sum::<f64>() / bins)) as f32
}

/// `mantissa * 2^exponent`, for products past f64's range.
struct Product {
    mantissa: f64,
    exponent: i64,
}

impl Product {
    /// Multiplies by a positive, normal `factor`, and brings the mantissa back to 1..2.
    fn multiply(&mut self, factor: f64) {
        const EXPONENT: u64 = 0x7ff << 52;
        const BIAS: u64 = 1023;
        let bits = (self.mantissa * factor).to_bits();
        self.exponent += ((bits & EXPONENT) >> 52) as i64 - BIAS as i64;
        self.mantissa = f64::from_bits(bits & !EXPONENT | BIAS << 52);
    }

    fn ln(&self) -> f64 {
        self.mantissa.ln() + self.exponent as f64 * LN_2
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::AMIN;

    #[test]
    fn equals_the_formula_at_any_length_and_size() {
        for n in [1, 7, 8, 64, 65, 513, 16_385] {
            for scale in [1e-12, 1.0, 1e25] {
                let power: Vec<f32> =
                    (0..n).map(|i| scale * (1.0 + (i as f32 * 0.7).sin()).powi(6)).collect();
                let floored = power.iter().map(|&power| f64::from(power.max(AMIN)));
                let logs: f64 = floored.clone().map(f64::ln).sum();
                let expected = (logs / n as f64).exp() / (floored.sum::<f64>() / n as f64);
                let got = f64::from(spectral_flatness(&power, AMIN));
                assert!((got - expected).abs() <= 1e-7 * expected, "{n} bins: {got} and not {expected}");
            }
        }
    }
}
