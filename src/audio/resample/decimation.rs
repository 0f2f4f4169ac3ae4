//! Resampling by a whole factor, as from 48 kHz: one sinc for every output.
//!
//! Written as a matrix product, since a sum of products alone is held up by what it reads: four outputs that follow each
//! other are four shifted copies of the sinc, and take a row of the input each that is as long as four steps.

/// Outputs of a row.
const ROWS: usize = 4;

/// Rows that are computed at a time, in the lanes of two registers.
const LANES: usize = 8;

/// A sinc for every output, `factor` inputs apart.
pub(super) struct Decimation {
    factor: usize,
    taps: usize,
    /// The sinc, shifted by none to three steps, tap by tap; zero where a copy has none. A multiple of [`Self::period`].
    weights: Vec<[f32; ROWS]>,
    /// The input with all that are a period apart side by side, `[period, length]`.
    columns: Vec<f32>,
}

impl Decimation {
    /// By `sinc`.
    pub fn new(sinc: &[f32], factor: usize) -> Self {
        let taps = sinc.len();
        let depth = (taps + (ROWS - 1) * factor).next_multiple_of(ROWS * factor);
        let tap = |index: usize, row: usize| {
            let tap = index.checked_sub(row * factor)?;
            sinc.get(tap).copied()
        };
        let weights = |index| std::array::from_fn(|row| tap(index, row).unwrap_or(0.0));
        Self { factor, taps, weights: (0..depth).map(weights).collect(), columns: Vec::new() }
    }

    /// Inputs from one row to the next.
    fn period(&self) -> usize {
        ROWS * self.factor
    }

    /// Appends the outputs that `input` is enough for, `most` at most, to `output`, and gives their number. The first
    /// output's first tap is the first of `input`.
    pub fn process(&mut self, input: &[f32], most: usize, output: &mut Vec<f32>) -> usize {
        let Some(behind) = input.len().checked_sub(self.taps) else { return 0 };
        let count = (behind / self.factor + 1).min(most);
        let rows = count.div_ceil(ROWS).next_multiple_of(LANES);
        let length = rows + self.weights.len() / self.period();
        self.take_columns(input, length);
        output.reserve(count);
        for first in (0..rows).step_by(LANES) {
            let sums = self.products(first, length);
            let left = count - (first * ROWS).min(count);
            let sums = (0..LANES * ROWS).map(|n| sums[n % ROWS][n / ROWS]);
            output.extend(sums.take(left));
        }
        count
    }

    /// Lays the input out; past its end there is silence, which is part of no output that is asked for.
    fn take_columns(&mut self, input: &[f32], length: usize) {
        let period = self.period();
        self.columns.clear();
        self.columns.resize(period * length, 0.0);
        for (column, values) in self.columns.chunks_exact_mut(length).enumerate() {
            let inputs = input.iter().skip(column).step_by(period);
            values.iter_mut().zip(inputs).for_each(|(value, input)| *value = *input);
        }
    }

    /// The outputs of the rows from `first` on, `[ROWS, LANES]`.
    fn products(&self, first: usize, length: usize) -> [[f32; LANES]; ROWS] {
        let mut sums = [[0.0; LANES]; ROWS];
        for (step, weights) in self.weights.chunks_exact(self.period()).enumerate() {
            for (weights, column) in weights.iter().zip(self.columns.chunks_exact(length)) {
                let Some(inputs) = column[first + step..].first_chunk::<LANES>() else { continue };
                for row in 0..ROWS {
                    for lane in 0..LANES {
                        sums[row][lane] += weights[row] * inputs[lane];
                    }
                }
            }
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_output_is_its_sum() {
        for (factor, taps) in [(1, 16), (3, 256), (2, 5), (12, 64)] {
            let sinc: Vec<f32> = (0..taps).map(|n| (n as f32 * 0.9).sin()).collect();
            let mut decimation = Decimation::new(&sinc, factor);
            for samples in [0, taps - 1, taps, taps + factor, taps + 31 * factor, taps + 100 * factor + 1] {
                let input: Vec<f32> = (0..samples).map(|n| (n as f32 * 0.37).cos()).collect();
                let windows = input.windows(taps).step_by(factor);
                let expected: Vec<f32> =
                    windows.map(|window| window.iter().zip(&sinc).map(|(a, b)| a * b).sum()).collect();
                for most in [usize::MAX, 7] {
                    let mut output = vec![9.0];
                    let count = decimation.process(&input, most, &mut output);
                    assert_eq!(count, expected.len().min(most));
                    assert_eq!(output.len(), 1 + count);
                    for (value, expected) in output[1..].iter().zip(&expected) {
                        assert!((value - expected).abs() < 1e-4, "{factor} {taps}: {value} for {expected}");
                    }
                }
            }
        }
    }
}
