//! How robust weights are: the validation part's clips under noise, in rooms, through telephones, codecs and browsers,
//! and the same clip recorded otherwise.

mod conditions;
mod record;
mod run;

pub use conditions::{BABBLE, CLEAN, Change, Condition, Group, NoiseKinds, SNR_DB, conditions};
pub use record::{Moved, Robustness, Row};
pub use run::{Settings, measure};
