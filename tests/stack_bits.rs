//! The network was trained on the input stack as it is: not a bit of it may change.

#![allow(clippy::unwrap_used)]

use speech_emotion::features::InputStack;

/// Samples made in whole numbers alone, so that they are the same everywhere: each of a kind and a length.
fn signals() -> Vec<Vec<f32>> {
    let mut state = 1_u32;
    let mut random = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) as i32 - 32_768
    };
    let mut make = |length: i32, sample: &dyn Fn(i32, i32) -> i32| -> Vec<f32> {
        (0..length).map(|n| sample(n, random()) as f32 / 32_768.0).collect()
    };
    vec![
        make(1, &|_, _| 16_384),
        make(255, &|_, noise| noise),
        make(1_025, &|_, noise| noise / 2_000),
        make(3_000, &|_, _| 0),
        make(3_000, &|n, _| if n == 1_000 { 30_000 } else { 0 }),
        make(3_000, &|_, _| 8_192),
        // A triangle of 200 Hz, too loud, and one that glides.
        make(8_000, &|n, _| ((n % 80 - 40).abs() * 4_000 - 80_000).clamp(-32_768, 32_767)),
        make(20_000, &|n, _| ((n * (40 + n / 300) / 10) % 2_000 - 1_000) * 20),
        // Saws under a slow swell, with some noise: like a voice.
        make(48_000, &|n, noise| {
            ((n % 123 - 61) * 200 + (n % 41 - 20) * 90 + noise / 50) * (n % 4_000) / 4_000
        }),
        make(48_007, &|_, noise| noise / 3),
    ]
}

/// FNV-1a over the bits of every value.
fn hash(values: &[f32]) -> u64 {
    let bytes = values.iter().flat_map(|value| value.to_bits().to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

/// The hashes on x86-64 with glibc, whose sines and logarithms are in them; other systems round theirs otherwise.
#[test]
#[cfg(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]
fn the_stack_keeps_its_bits() {
    let mut stack = InputStack::new();
    let hashes: Vec<u64> =
        signals().iter().map(|samples| hash(stack.compute(samples).unwrap().data())).collect();
    assert_eq!(hashes, EXPECTED, "{hashes:#x?}");
}

#[cfg(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]
const EXPECTED: [u64; 10] = [
    0x8edf_e43b_284f_6590,
    0xfeca_dee6_d94b_cd19,
    0x1da7_2d9e_7588_0cba,
    0x76c9_749d_ca5c_7ae5,
    0x0e90_8786_98b1_644d,
    0x0c14_5936_31c3_0506,
    0x293b_44fb_56f2_39e8,
    0x1eca_fad1_539d_9c91,
    0x14b5_d903_78c0_9000,
    0x8d29_d7ed_af1d_675b,
];
