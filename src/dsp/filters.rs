//! A filter bank over the spectra of several frames at once.

use super::{
    lanes::{Quad, sum_4},
    wide::WIDTH,
};

/// Weights that are taken at once.
const QUAD: usize = 4;

/// Filters that are runs of weights, laid out for [`WIDTH`] spectra at a time: weights are read once for all of them, and no
/// run ends within a register, except where it is as long as the spectrum.
pub(crate) struct Filters {
    /// How many runs each filter has.
    filters: Vec<usize>,
    /// The first bin and the number of weights of each.
    runs: Vec<(usize, usize)>,
    weights: Vec<f32>,
}

impl Filters {
    /// Room for filters over spectra.
    pub fn new() -> Self {
        Self { filters: Vec::new(), runs: Vec::new(), weights: Vec::new() }
    }

    /// Lays out one more filter over spectra of so many `bins`: runs of its weights, each from its first bin on.
    pub fn push<'a>(&mut self, bins: usize, runs: impl Iterator<Item = (usize, &'a [f32])>) {
        let known = self.runs.len();
        for (first, run) in runs {
            let length = run.len().next_multiple_of(QUAD).min(bins);
            // Near the spectrum's end the zeros come before the weights.
            let start = first.min(bins - length);
            self.runs.push((start, length));
            let begin = self.weights.len();
            self.weights.resize(begin + length, 0.0);
            self.weights[begin + first - start..][..run.len()].copy_from_slice(run);
        }
        self.filters.push(self.runs.len() - known);
    }

    /// How many filters there are.
    pub fn len(&self) -> usize {
        self.filters.len()
    }

    /// Sums the spectra under every filter into `columns` `[frames, filters]` of as many of them as there are.
    pub fn process(&self, spectra: [&[f32]; WIDTH], columns: &mut [f32]) {
        let mut weights = self.weights.as_slice();
        let mut runs = self.runs.as_slice();
        for (filter, &count) in self.filters.iter().enumerate() {
            let (own, others) = runs.split_at(count);
            runs = others;
            let mut sums = [Quad::zero(); WIDTH];
            let mut tails = [0.0; WIDTH];
            for &(start, length) in own {
                let (run, others) = weights.split_at(length);
                weights = others;
                let values = spectra.map(|spectrum| &spectrum[start..start + length]);
                let (quads, rest) = run.as_chunks::<QUAD>();
                let products = products(quads, values.map(|values| values.as_chunks::<QUAD>().0));
                for (sum, product) in sums.iter_mut().zip(products) {
                    *sum = sum.add(product);
                }
                for (tail, values) in tails.iter_mut().zip(values) {
                    let values = &values[length - rest.len()..];
                    *tail += rest.iter().zip(values).map(|(weight, value)| weight * value).sum::<f32>();
                }
            }
            let sums = sum_4(sums).into_iter().zip(tails);
            for (column, (sum, tail)) in columns.chunks_exact_mut(self.len()).zip(sums) {
                column[filter] = sum + tail;
            }
        }
    }
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
            let mut filters = Filters::new();
            for &(first, end) in &places {
                // In two runs.
                let half = usize::midpoint(first, end);
                let runs = [(first, half), (half, end)].map(|(first, end)| (first, &weights[first..end]));
                filters.push(bins, runs.into_iter());
            }
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
