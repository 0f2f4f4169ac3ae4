//! What the network trains on: a cargo feature.

use burn::tensor::Device;

use crate::error::Result;

/// The first NVIDIA GPU.
#[cfg(feature = "cuda")]
pub fn device() -> Device {
    Device::cuda(0)
}

/// The GPU that the system names first.
#[cfg(all(feature = "wgpu", not(feature = "cuda")))]
pub fn device() -> Device {
    Device::wgpu(burn::tensor::DeviceKind::DefaultDevice)
}

/// The processor, one core of it.
#[cfg(not(any(feature = "cuda", feature = "wgpu")))]
pub fn device() -> Device {
    Device::flex()
}

/// Whether [`device`] can be used.
///
/// # Errors
/// When there is no such GPU.
#[cfg(any(feature = "cuda", feature = "wgpu"))]
pub fn check() -> Result<()> {
    let feature = if cfg!(feature = "cuda") { "cuda" } else { "wgpu" };
    probe(|| {
        burn::tensor::Tensor::<1>::ones([1], &device()).into_data();
    })
    .map_err(|got| crate::error::TrainerError::NoDevice { feature, got })
}

/// The processor is always there.
///
/// # Errors
/// Never.
#[cfg(not(any(feature = "cuda", feature = "wgpu")))]
pub fn check() -> Result<()> {
    Ok(())
}

/// What the first panic of `used` says: Burn has no other answer where a GPU is missing, and panics in a thread of its own
/// before it does in the caller's.
#[cfg(any(test, feature = "cuda", feature = "wgpu"))]
fn probe(used: impl FnOnce() + std::panic::UnwindSafe) -> std::result::Result<(), String> {
    use std::{
        panic::{catch_unwind, set_hook, take_hook},
        sync::{Arc, Mutex},
    };

    let first = Arc::new(Mutex::new(None));
    let heard = Arc::clone(&first);
    let hook = take_hook();
    set_hook(Box::new(move |panic| {
        if let Ok(mut first) = heard.lock() {
            first.get_or_insert_with(|| panic.payload_as_str().unwrap_or("a panic").to_owned());
        }
    }));
    let outcome = catch_unwind(used);
    set_hook(hook);
    let said = first.lock().ok().and_then(|mut first| first.take());
    outcome.map_err(|_| said.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_trains_here_is_there() -> Result<()> {
        check()
    }

    #[test]
    fn a_missing_gpu_is_told_by_the_first_panic_wherever_it_is() {
        let missing = || {
            let thread = std::thread::spawn(|| panic!("no adapter"));
            assert!(thread.join().is_ok(), "the thread has gone");
        };
        assert_eq!(probe(missing), Err("no adapter".to_owned()));
        assert_eq!(probe(|| ()), Ok(()));
    }
}
