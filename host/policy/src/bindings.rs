//! What `wit/mode.wit` says, as Rust types: generated, and not seen outside of this crate.
#![allow(missing_docs, unreachable_pub, clippy::all, reason = "generated")]

wasmtime::component::bindgen!({ path: "../../wit", world: "mode" });
