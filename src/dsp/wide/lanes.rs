//! Registers of several numbers.

use super::WIDTH;

/// A number of which [`WIDTH`] are computed with at once.
pub(crate) trait Lane: Copy + Send + Sync + PartialEq + 'static {
    /// So many side by side.
    type Lanes: Copy + Send + Sync;

    fn rounded(value: f64) -> Self;
    fn exact(self) -> f64;
    /// A sample.
    fn widened(sample: f32) -> Self;
    fn pack(numbers: [Self; WIDTH]) -> Self::Lanes;
    fn unpack(lanes: Self::Lanes) -> [Self; WIDTH];
    fn splat(value: Self) -> Self::Lanes;
    fn add(a: Self::Lanes, b: Self::Lanes) -> Self::Lanes;
    fn sub(a: Self::Lanes, b: Self::Lanes) -> Self::Lanes;
    fn mul(a: Self::Lanes, b: Self::Lanes) -> Self::Lanes;
    fn neg(a: Self::Lanes) -> Self::Lanes;
}

/// In wasm's registers by name: the compiler finds no use for them in arrays.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm {
    use core::arch::wasm32::{
        f32x4, f32x4_add, f32x4_extract_lane, f32x4_mul, f32x4_neg, f32x4_splat, f32x4_sub, f64x2, f64x2_add,
        f64x2_extract_lane, f64x2_mul, f64x2_neg, f64x2_splat, f64x2_sub, v128,
    };

    use super::Lane;

    impl Lane for f64 {
        type Lanes = [v128; 2];

        #[inline(always)]
        fn rounded(value: f64) -> Self {
            value
        }

        #[inline(always)]
        fn widened(sample: f32) -> Self {
            sample.into()
        }

        #[inline(always)]
        fn exact(self) -> f64 {
            self
        }

        #[inline(always)]
        fn pack([a, b, c, d]: [Self; 4]) -> Self::Lanes {
            [f64x2(a, b), f64x2(c, d)]
        }

        #[inline(always)]
        fn unpack([a, b]: Self::Lanes) -> [Self; 4] {
            [
                f64x2_extract_lane::<0>(a),
                f64x2_extract_lane::<1>(a),
                f64x2_extract_lane::<0>(b),
                f64x2_extract_lane::<1>(b),
            ]
        }

        #[inline(always)]
        fn splat(value: Self) -> Self::Lanes {
            [f64x2_splat(value); 2]
        }

        #[inline(always)]
        fn add([a, b]: Self::Lanes, [c, d]: Self::Lanes) -> Self::Lanes {
            [f64x2_add(a, c), f64x2_add(b, d)]
        }

        #[inline(always)]
        fn sub([a, b]: Self::Lanes, [c, d]: Self::Lanes) -> Self::Lanes {
            [f64x2_sub(a, c), f64x2_sub(b, d)]
        }

        #[inline(always)]
        fn mul([a, b]: Self::Lanes, [c, d]: Self::Lanes) -> Self::Lanes {
            [f64x2_mul(a, c), f64x2_mul(b, d)]
        }

        #[inline(always)]
        fn neg([a, b]: Self::Lanes) -> Self::Lanes {
            [f64x2_neg(a), f64x2_neg(b)]
        }
    }

    impl Lane for f32 {
        type Lanes = v128;

        #[inline(always)]
        fn rounded(value: f64) -> Self {
            value as Self
        }

        #[inline(always)]
        fn widened(sample: f32) -> Self {
            sample
        }

        #[inline(always)]
        fn exact(self) -> f64 {
            self.into()
        }

        #[inline(always)]
        fn pack([a, b, c, d]: [Self; 4]) -> Self::Lanes {
            f32x4(a, b, c, d)
        }

        #[inline(always)]
        fn unpack(a: Self::Lanes) -> [Self; 4] {
            [
                f32x4_extract_lane::<0>(a),
                f32x4_extract_lane::<1>(a),
                f32x4_extract_lane::<2>(a),
                f32x4_extract_lane::<3>(a),
            ]
        }

        #[inline(always)]
        fn splat(value: Self) -> Self::Lanes {
            f32x4_splat(value)
        }

        #[inline(always)]
        fn add(a: Self::Lanes, b: Self::Lanes) -> Self::Lanes {
            f32x4_add(a, b)
        }

        #[inline(always)]
        fn sub(a: Self::Lanes, b: Self::Lanes) -> Self::Lanes {
            f32x4_sub(a, b)
        }

        #[inline(always)]
        fn mul(a: Self::Lanes, b: Self::Lanes) -> Self::Lanes {
            f32x4_mul(a, b)
        }

        #[inline(always)]
        fn neg(a: Self::Lanes) -> Self::Lanes {
            f32x4_neg(a)
        }
    }
}

/// In arrays, which the compiler puts into registers.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod arrays {
    use super::{Lane, WIDTH};

    macro_rules! lane {
        ($number:ty) => {
            impl Lane for $number {
                type Lanes = [Self; WIDTH];

                #[inline(always)]
                fn rounded(value: f64) -> Self {
                    value as Self
                }

                #[inline(always)]
                fn widened(sample: f32) -> Self {
                    sample.into()
                }

                #[inline(always)]
                fn exact(self) -> f64 {
                    self.into()
                }

                #[inline(always)]
                fn pack(numbers: [Self; WIDTH]) -> Self::Lanes {
                    numbers
                }

                #[inline(always)]
                fn unpack(lanes: Self::Lanes) -> [Self; WIDTH] {
                    lanes
                }

                #[inline(always)]
                fn splat(value: Self) -> Self::Lanes {
                    [value; WIDTH]
                }

                #[inline(always)]
                fn add(a: Self::Lanes, b: Self::Lanes) -> Self::Lanes {
                    std::array::from_fn(|lane| a[lane] + b[lane])
                }

                #[inline(always)]
                fn sub(a: Self::Lanes, b: Self::Lanes) -> Self::Lanes {
                    std::array::from_fn(|lane| a[lane] - b[lane])
                }

                #[inline(always)]
                fn mul(a: Self::Lanes, b: Self::Lanes) -> Self::Lanes {
                    std::array::from_fn(|lane| a[lane] * b[lane])
                }

                #[inline(always)]
                fn neg(a: Self::Lanes) -> Self::Lanes {
                    a.map(|value| -value)
                }
            }
        };
    }

    lane!(f64);
    lane!(f32);
}
