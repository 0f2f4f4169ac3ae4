//! Logistic regression by Newton's method.

/// Weights on the statistics as they come, and what is added to their sum.
#[derive(Debug, Clone, PartialEq)]
pub struct Logistic {
    /// One weight for each statistic.
    pub weights: Vec<f64>,
    /// Added to the weighted sum.
    pub bias: f64,
}

impl Logistic {
    /// The log-odds of an example.
    pub fn score(&self, values: &[f32]) -> f64 {
        self.bias
            + values.iter().zip(&self.weights).map(|(&value, weight)| f64::from(value) * weight).sum::<f64>()
    }
}

/// Fits `rows` to their labels: both classes count the same in all, and the standardised weights are held back by
/// `penalty` times half their squared sum, per example.
pub fn fit(rows: &[(&[f32], bool)], penalty: f64) -> Logistic {
    let width = rows.first().map_or(0, |(values, _)| values.len());
    let count = rows.len().max(1) as f64;
    let mean: Vec<f64> = (0..width)
        .map(|n| rows.iter().map(|(values, _)| f64::from(values[n])).sum::<f64>() / count)
        .collect();
    let deviation: Vec<f64> = (0..width)
        .map(|n| {
            let square = |values: &[f32]| (f64::from(values[n]) - mean[n]).powi(2);
            (rows.iter().map(|(values, _)| square(values)).sum::<f64>() / count).sqrt().max(1e-6)
        })
        .collect();
    // Standardised, with a one for the bias.
    let inputs: Vec<Vec<f64>> = rows
        .iter()
        .map(|(values, _)| {
            let standard = (0..width).map(|n| (f64::from(values[n]) - mean[n]) / deviation[n]);
            standard.chain([1.0]).collect()
        })
        .collect();
    let positive = rows.iter().filter(|(_, label)| *label).count().max(1) as f64;
    let weight_of = |label: bool| 0.5 / if label { positive } else { (count - positive).max(1.0) };

    let size = width + 1;
    let mut solution = vec![0.0; size];
    for _ in 0..25 {
        let mut gradient = vec![0.0; size];
        let mut hessian = vec![0.0; size * size];
        for n in 0..width {
            gradient[n] = -penalty * solution[n];
            hessian[n * size + n] = penalty;
        }
        for (input, (_, label)) in inputs.iter().zip(rows) {
            let sum: f64 = input.iter().zip(&solution).map(|(value, weight)| value * weight).sum();
            let probability = 1.0 / (1.0 + (-sum).exp());
            let error = weight_of(*label) * (f64::from(u8::from(*label)) - probability);
            let curvature = weight_of(*label) * probability * (1.0 - probability);
            for (row, value) in input.iter().enumerate() {
                gradient[row] += error * value;
                for (column, other) in input.iter().enumerate().take(row + 1) {
                    hessian[row * size + column] += curvature * value * other;
                }
            }
        }
        let step = solve(hessian, gradient, size);
        let change = step.iter().map(|step| step.abs()).fold(0.0, f64::max);
        for (value, step) in solution.iter_mut().zip(&step) {
            *value += step;
        }
        if change < 1e-9 {
            break;
        }
    }
    let weights: Vec<f64> = (0..width).map(|n| solution[n] / deviation[n]).collect();
    let bias = solution[width] - weights.iter().zip(&mean).map(|(weight, mean)| weight * mean).sum::<f64>();
    Logistic { weights, bias }
}

/// Solves `matrix * x = vector` for a positive definite matrix given by its lower half, by Cholesky's method.
fn solve(mut matrix: Vec<f64>, mut vector: Vec<f64>, size: usize) -> Vec<f64> {
    for row in 0..size {
        for column in 0..=row {
            let dot: f64 = (0..column).map(|n| matrix[row * size + n] * matrix[column * size + n]).sum();
            let rest = matrix[row * size + column] - dot;
            matrix[row * size + column] =
                if row == column { rest.max(1e-12).sqrt() } else { rest / matrix[column * size + column] };
        }
    }
    for row in 0..size {
        let dot: f64 = (0..row).map(|n| matrix[row * size + n] * vector[n]).sum();
        vector[row] = (vector[row] - dot) / matrix[row * size + row];
    }
    for row in (0..size).rev() {
        let dot: f64 = (row + 1..size).map(|n| matrix[n * size + row] * vector[n]).sum();
        vector[row] = (vector[row] - dot) / matrix[row * size + row];
    }
    vector
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_a_system() {
        let solution = solve(vec![4.0, 0.0, 0.0, 2.0, 5.0, 0.0, 2.0, 3.0, 6.0], vec![8.0, 10.0, 11.0], 3);
        // [4 2 2; 2 5 3; 2 3 6] * [1 1 1] = [8 10 11]
        assert!(solution.iter().all(|value| (value - 1.0).abs() < 1e-12), "{solution:?}");
    }

    #[test]
    fn finds_the_odds_of_a_table() {
        // Of 100 examples with the value 1 75 are positive, of 100 with -1 25: log-odds of +-ln 3.
        let rows: Vec<(&[f32], bool)> = (0..200)
            .map(|n| if n < 100 { (&[1.0_f32][..], n < 75) } else { (&[-1.0_f32][..], n < 125) })
            .collect();
        let fitted = fit(&rows, 0.0);
        assert!((fitted.score(&[1.0]) - 3.0_f64.ln()).abs() < 1e-6, "{fitted:?}");
        assert!((fitted.score(&[-1.0]) + 3.0_f64.ln()).abs() < 1e-6, "{fitted:?}");
    }
}
