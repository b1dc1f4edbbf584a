//! The SDK that a mode is written with
pub mod bindings;
