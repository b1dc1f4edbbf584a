//! Networks: asked for once, checked, written down, performed; undone from what was written down.

mod claims;
mod create;
mod delete;
mod meshes;
mod prefix;
mod shared;
mod ways;

pub(crate) use claims::shares_beyond;
pub use prefix::{InterfacePrefix, InvalidPrefix};
pub(crate) use shared::{merged, part};
