//! What a mode's author and a site's operator work with: test, fuzz, bench, new, pack, inspect, diff, doc.
//!
//! A mode is tested by what it will run under: the driver's own sandbox (`policy`) with the driver's limits, and the
//! driver's own guard (`plan`), on the bytes that are shipped. There is no Docker, no Open vSwitch and no root in here.

pub mod bench;
pub mod contract;
pub mod difference;
pub mod document;
pub mod fixture;
pub mod folder;
pub mod fuzz;
mod inspect;
pub mod pack;
pub mod project;
pub mod question;
pub mod record;
mod refusal;
pub mod schema;
pub mod test;
pub mod undo;

pub use difference::Difference;
pub use inspect::{Amount, Asked, Inspection};
