//! The commands of the binary, one file each.

pub mod classify;
pub mod evaluate;
pub mod ship;
pub mod train;
