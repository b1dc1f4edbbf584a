//! Makes a mode's core module a component, and finds the manifest in it or puts one there.
//!
//! `cargo build --target wasm32-unknown-unknown` gives a core module that carries two custom sections: which world it
//! was built for (`component-type`, written by wit-bindgen) and the mode's manifest (`ovs-mode-manifest`). What the
//! sandbox loads is a component with the manifest at its top level, where every tool can find it without looking into
//! nested modules. Both the sandbox (for modules that are dropped in) and the build of the built-in modes use this
//! crate, so that they get the same bytes.
//!
//! Nothing is run or compiled in here, and nothing is said about what a manifest means. The input may come from anyone:
//! it is parsed by wasmparser and wit-component, whose answers to malformed bytes are errors. Callers bound its size.

mod componentize;
mod error;
mod manifest;

pub use componentize::componentize;
pub use error::Error;
pub use manifest::{MANIFEST_SECTION, manifest_section, with_manifest};
