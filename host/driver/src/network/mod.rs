//! Networks: asked for once, checked, written down, performed; undone from what was written down.

mod binding;
mod claims;
mod create;
mod delete;
mod prefix;

pub use binding::host_binding;
pub use prefix::{InterfacePrefix, InvalidPrefix};
