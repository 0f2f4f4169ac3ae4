//! What the network trains on: a cargo feature.

use burn::tensor::Device;

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
