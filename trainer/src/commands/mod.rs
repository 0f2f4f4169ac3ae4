//! The commands of the binary, one file each.

pub mod baseline;
pub mod calibrated;
pub mod card;
pub mod classify;
pub mod detector;
pub mod evaluate;
pub mod gate;
pub mod report;
pub mod robustness;
pub mod score;
pub mod train;
