//! What the versions of the contract say that this driver speaks, as Rust types: generated, and not seen outside of this
//! crate.
#![allow(missing_docs, unreachable_pub, clippy::all, reason = "generated")]

/// `wit/mode.wit`.
pub mod v1 {
    wasmtime::component::bindgen!({ path: "../../wit", world: "mode" });
}

/// The version before it.
pub mod v0 {
    wasmtime::component::bindgen!({ path: "../../wit/archive/0.1.0", world: "mode" });
}
