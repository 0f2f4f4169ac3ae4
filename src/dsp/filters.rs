//! A filter bank over the spectra of several frames at once.

use super::{
    lanes::{Quad, sum_4},
    wide::WIDTH,
};

/// Weights that are taken at once.
const QUAD: usize = 4;

/// Filters that are a run of weights each, laid out for [`WIDTH`] spectra at a time: weights are read once for all of them,
/// and no run ends within a register, except where it is as long as the spectrum.
pub(crate) struct Filters {
    /// The first bin and the number of weights of each.
    runs: Vec<(usize, usize)>,
    weights: Vec<f32>,
}

impl Filters {
    /// Lays out filters, each its first bin and its weights from there on, over spectra of so many `bins`.
    pub fn new<'a>(bins: usize, filters: impl Iterator<Item = (usize, &'a [f32])>) -> Self {
        let mut bank = Self { runs: Vec::new(), weights: Vec::new() };
        for (first, run) in filters {
            let length = run.len().next_multiple_of(QUAD).min(bins);
            // Near the spectrum's end the zeros come before the weights.
            let start = first.min(bins - length);
            bank.runs.push((start, length));
            let begin = bank.weights.len();
            bank.weights.resize(begin + length, 0.0);
            bank.weights[begin + first - start..][..run.len()].copy_from_slice(run);
        }
        bank
    }

    /// How many filters there are.
    pub fn len(&self) -> usize {
        self.runs.len()
    }

    /// Sums the spectra under every filter into `columns` `[frames, filters]` of as many of them as there are.
    pub fn process(&self, spectra: [&[f32]; WIDTH], columns: &mut [f32]) {
        let mut weights = self.weights.as_slice();
        for (filter, &(start, length)) in self.runs.iter().enumerate() {
            let (run, rest) = weights.split_at(length);
            weights = rest;
            let sums = weighted(run, spectra.map(|spectrum| &spectrum[start..start + length]));
            for (column, sum) in columns.chunks_exact_mut(self.runs.len()).zip(sums) {
                column[filter] = sum;
            }
        }
    }
}

/// The sum of each of the values times the weights, all of the same length.
#[inline(always)]
fn weighted(weights: &[f32], values: [&[f32]; WIDTH]) -> [f32; WIDTH] {
    let (quads, rest) = weights.as_chunks::<QUAD>();
    let mut totals = sum_4(products(quads, values.map(|values| values.as_chunks::<QUAD>().0)));
    for (total, values) in totals.iter_mut().zip(values) {
        let tail = &values[values.len() - rest.len()..];
        *total += rest.iter().zip(tail).map(|(weight, value)| weight * value).sum::<f32>();
    }
    totals
}

/// The sums of products in each lane.
///
/// A function of its own natively: seen together with the sum over the lanes, the compiler fills registers by half.
#[cfg_attr(not(target_arch = "wasm32"), inline(never))]
fn products(weights: &[[f32; QUAD]], values: [&[[f32; QUAD]]; WIDTH]) -> [Quad; WIDTH] {
    let values = values.map(|values| &values[..weights.len()]);
    // Two sums each, so that none waits for the addition before it.
    let mut sums = [[Quad::zero(); WIDTH]; 2];
    let (pairs, last) = weights.as_chunks::<2>();
    let [a, b, c, d] = values.map(|values| values.as_chunks::<2>().0);
    for (weights, ((a, b), (c, d))) in pairs.iter().zip(a.iter().zip(b).zip(c.iter().zip(d))) {
        for (half, sums) in sums.iter_mut().enumerate() {
            for (sum, values) in sums.iter_mut().zip([a, b, c, d]) {
                *sum = sum.add_products(&weights[half], &values[half]);
            }
        }
    }
    let [mut even, odd] = sums;
    if let [weights] = last {
        for (sum, values) in even.iter_mut().zip(values) {
            *sum = sum.add_products(weights, &values[values.len() - 1]);
        }
    }
    std::array::from_fn(|lane| even[lane].add(odd[lane]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_any_place_and_length_are_summed() {
        for bins in [1, 3, 4, 5, 17, 65] {
            let spectra: [Vec<f32>; WIDTH] =
                std::array::from_fn(|lane| (0..bins).map(|bin| ((bin * 7 + lane * 3) % 11) as f32).collect());
            let weights: Vec<f32> = (0..bins).map(|bin| (bin % 5) as f32 - 1.0).collect();
            let places: Vec<(usize, usize)> =
                (0..=bins).flat_map(|first| (first..=bins).map(move |end| (first, end))).collect();
            let filters =
                Filters::new(bins, places.iter().map(|&(first, end)| (first, &weights[first..end])));
            let mut columns = vec![f32::NAN; 3 * filters.len()];
            filters.process(spectra.each_ref().map(Vec::as_slice), &mut columns);
            for (sums, spectrum) in columns.chunks_exact(places.len()).zip(&spectra) {
                for (&sum, &(first, end)) in sums.iter().zip(&places) {
                    let expected: f32 = (first..end).map(|bin| weights[bin] * spectrum[bin]).sum();
                    assert_eq!(sum, expected, "bins {first} to {end} of {bins}");
                }
            }
        }
    }
}
