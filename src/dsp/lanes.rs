//! Sums in parallel lanes: the compiler may not reorder floating-point additions, so that a plain sum stays
//! scalar. Lanes let it use SIMD natively and in wasm, give the same result in both, and round less.

/// Independent accumulators of f32: four SSE or wasm registers, enough to hide the latency of an addition.
const LANES: usize = 16;

/// The same of f64, half as many in a register.
const WIDE_LANES: usize = 8;

/// Four accumulators of f32, in one register.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod quad {
    use core::arch::wasm32::{
        f32x4, f32x4_add, f32x4_extract_lane, f32x4_mul, f32x4_splat, i32x4_shuffle, v128,
    };

    #[derive(Clone, Copy)]
    pub(crate) struct Quad(v128);

    impl Quad {
        #[inline(always)]
        pub fn zero() -> Self {
            Self(f32x4_splat(0.0))
        }

        #[inline(always)]
        pub fn add_products(self, a: &[f32; 4], b: &[f32; 4]) -> Self {
            let (a, b) = (f32x4(a[0], a[1], a[2], a[3]), f32x4(b[0], b[1], b[2], b[3]));
            Self(f32x4_add(self.0, f32x4_mul(a, b)))
        }

        #[inline(always)]
        pub fn add(self, other: Self) -> Self {
            Self(f32x4_add(self.0, other.0))
        }

        /// The first two lanes of each, and the last two of each.
        #[inline(always)]
        pub fn halves(self, other: Self) -> [Self; 2] {
            [
                Self(i32x4_shuffle::<0, 1, 4, 5>(self.0, other.0)),
                Self(i32x4_shuffle::<2, 3, 6, 7>(self.0, other.0)),
            ]
        }

        /// The even lanes of each, and the odd ones of each.
        #[inline(always)]
        pub fn alternate(self, other: Self) -> [Self; 2] {
            [
                Self(i32x4_shuffle::<0, 2, 4, 6>(self.0, other.0)),
                Self(i32x4_shuffle::<1, 3, 5, 7>(self.0, other.0)),
            ]
        }

        #[inline(always)]
        pub fn lanes(self) -> [f32; 4] {
            [
                f32x4_extract_lane::<0>(self.0),
                f32x4_extract_lane::<1>(self.0),
                f32x4_extract_lane::<2>(self.0),
                f32x4_extract_lane::<3>(self.0),
            ]
        }
    }
}

/// Four accumulators of f32.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod quad {
    #[derive(Clone, Copy)]
    pub(crate) struct Quad([f32; 4]);

    impl Quad {
        #[inline(always)]
        pub fn zero() -> Self {
            Self([0.0; 4])
        }

        #[inline(always)]
        pub fn add_products(self, a: &[f32; 4], b: &[f32; 4]) -> Self {
            Self(std::array::from_fn(|lane| self.0[lane] + a[lane] * b[lane]))
        }

        #[inline(always)]
        pub fn add(self, other: Self) -> Self {
            Self(std::array::from_fn(|lane| self.0[lane] + other.0[lane]))
        }

        /// The first two lanes of each, and the last two of each.
        #[inline(always)]
        pub fn halves(self, other: Self) -> [Self; 2] {
            let ([a, b, c, d], [e, f, g, h]) = (self.0, other.0);
            [Self([a, b, e, f]), Self([c, d, g, h])]
        }

        /// The even lanes of each, and the odd ones of each.
        #[inline(always)]
        pub fn alternate(self, other: Self) -> [Self; 2] {
            let ([a, b, c, d], [e, f, g, h]) = (self.0, other.0);
            [Self([a, c, e, g]), Self([b, d, f, h])]
        }

        #[inline(always)]
        pub fn lanes(self) -> [f32; 4] {
            self.0
        }
    }
}

pub(crate) use quad::Quad;

/// The sums over the lanes of each.
#[inline(always)]
pub(crate) fn sum_4([a, b, c, d]: [Quad; 4]) -> [f32; 4] {
    let [ab, other] = a.halves(b);
    let ab = ab.add(other);
    let [cd, other] = c.halves(d);
    let [even, odd] = ab.alternate(cd.add(other));
    even.add(odd).lanes()
}

/// The sums of products in each lane.
///
/// A function of its own natively: seen together with the sum over the lanes, the compiler fills registers by half.
#[cfg_attr(not(target_arch = "wasm32"), inline(never))]
fn products(a: &[[f32; LANES]], b: &[[f32; LANES]]) -> [Quad; LANES / 4] {
    let mut sums = [Quad::zero(); LANES / 4];
    for (a, b) in a.iter().zip(b) {
        let quads = sums.iter_mut().zip(a.as_chunks().0.iter().zip(b.as_chunks().0));
        quads.for_each(|(sum, (a, b))| *sum = sum.add_products(a, b));
    }
    sums
}

/// The sum over the lanes, in halves: four steps, where one lane after another takes sixteen.
#[inline(always)]
fn over_lanes(sums: [Quad; LANES / 4]) -> f32 {
    let [first, second, third, fourth] = sums.map(Quad::lanes);
    let four: [f32; 4] = std::array::from_fn(|i| (first[i] + third[i]) + (second[i] + fourth[i]));
    (four[0] + four[2]) + (four[1] + four[3])
}

/// The sum of products of what no lane is left for.
#[inline(always)]
fn rest(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The sum of `a[i] * b[i]`, over the shorter length.
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let n = a.len().min(b.len());
    let (a, a_rest) = a[..n].as_chunks::<LANES>();
    let (b, b_rest) = b[..n].as_chunks::<LANES>();
    over_lanes(products(a, b)) + rest(a_rest, b_rest)
}

/// The greatest of values that are no NaN, at least 0.
pub(crate) fn greatest(values: &[f32]) -> f32 {
    let (chunks, rest) = values.as_chunks::<LANES>();
    let mut lanes = [0.0_f32; LANES];
    let greater = |a: f32, b: f32| if a > b { a } else { b };
    for chunk in chunks {
        for lane in 0..LANES {
            lanes[lane] = greater(chunk[lane], lanes[lane]);
        }
    }
    lanes.iter().chain(rest).copied().fold(0.0, greater)
}

/// The sum of `of(values[i])` in f64.
#[inline(always)]
fn sum_by(values: &[f32], of: impl Fn(f64) -> f64) -> f64 {
    let (chunks, rest) = values.as_chunks::<WIDE_LANES>();
    let mut lanes = [0.0_f64; WIDE_LANES];
    for chunk in chunks {
        for lane in 0..WIDE_LANES {
            lanes[lane] += of(f64::from(chunk[lane]));
        }
    }
    lanes.iter().sum::<f64>() + rest.iter().map(|&value| of(f64::from(value))).sum::<f64>()
}

/// The sum of `values[i]` in f64.
pub(crate) fn sum(values: &[f32]) -> f64 {
    sum_by(values, |value| value)
}

/// The sum of `values[i]^2` in f64.
pub(crate) fn sum_of_squares(values: &[f32]) -> f64 {
    sum_by(values, |value| value * value)
}

/// The sums of `values[i]` and of `i * values[i]`, in f64.
pub(crate) fn sum_and_moment(values: &[f32]) -> (f64, f64) {
    let (chunks, rest) = values.as_chunks::<WIDE_LANES>();
    let mut sums = [0.0_f64; WIDE_LANES];
    let mut moments = [0.0_f64; WIDE_LANES];
    for (index, chunk) in chunks.iter().enumerate() {
        let first = (index * WIDE_LANES) as f64;
        for lane in 0..WIDE_LANES {
            let value = f64::from(chunk[lane]);
            sums[lane] += value;
            moments[lane] += (first + lane as f64) * value;
        }
    }
    let mut sum: f64 = sums.iter().sum();
    let mut moment: f64 = moments.iter().sum();
    for (offset, &value) in rest.iter().enumerate() {
        sum += f64::from(value);
        moment += (chunks.len() * WIDE_LANES + offset) as f64 * f64::from(value);
    }
    (sum, moment)
}

/// The sum of `values[i] * (i - centre)^2` in f64.
pub(crate) fn second_moment(values: &[f32], centre: f64) -> f64 {
    let (chunks, rest) = values.as_chunks::<WIDE_LANES>();
    let mut lanes = [0.0_f64; WIDE_LANES];
    for (index, chunk) in chunks.iter().enumerate() {
        let first = (index * WIDE_LANES) as f64 - centre;
        for lane in 0..WIDE_LANES {
            let distance = first + lane as f64;
            lanes[lane] += distance * distance * f64::from(chunk[lane]);
        }
    }
    let rest = rest.iter().enumerate().map(|(offset, &value)| {
        let distance = (chunks.len() * WIDE_LANES + offset) as f64 - centre;
        distance * distance * f64::from(value)
    });
    lanes.iter().sum::<f64>() + rest.sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_and_rest_are_all_counted() {
        for n in [0, 1, 7, 8, 15, 16, 17, 49] {
            let values: Vec<f32> = (0..n).map(|i| (i as f32 * 0.7).sin()).collect();
            let wide: Vec<f64> = values.iter().map(|&value| f64::from(value)).collect();
            let squares: f64 = wide.iter().map(|value| value * value).sum();
            let moment: f64 = wide.iter().enumerate().map(|(i, value)| i as f64 * value).sum();
            assert!((f64::from(dot(&values, &values)) - squares).abs() < 1e-5);
            assert!((sum(&values) - wide.iter().sum::<f64>()).abs() < 1e-12);
            assert_eq!(greatest(&values), values.iter().copied().fold(0.0, f32::max));
            assert!((sum_of_squares(&values) - squares).abs() < 1e-12);
            assert!((sum_and_moment(&values).0 - wide.iter().sum::<f64>()).abs() < 1e-12);
            assert!((sum_and_moment(&values).1 - moment).abs() < 1e-11);
            let about_5 = |(i, value): (usize, &f64)| (i as f64 - 5.0).powi(2) * value;
            let second: f64 = wide.iter().enumerate().map(about_5).sum();
            assert!((second_moment(&values, 5.0) - second).abs() < 1e-10);
        }
    }
}
