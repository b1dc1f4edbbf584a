//! New projects, the examples that they come from, and packing what they build.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod c_bindings;
mod pack;
mod project;
mod rust_sdk;

use std::path::{Path, PathBuf};

/// Where the examples, the contract and the SDK are.
fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
