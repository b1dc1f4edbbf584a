//! The built-in modes as components: plain `cargo build` gives a driver that has them.
//!
//! The build script builds the crates beside this one for WebAssembly and makes components of them; nothing of them is
//! linked in here. What the sandbox gets are bytes like those of any module that a site drops in.

/// The built-in modes, each with its name and its component.
#[must_use]
pub fn builtin() -> [(&'static str, &'static [u8]); 4] {
    [
        ("flat", include_bytes!(concat!(env!("OUT_DIR"), "/flat.wasm"))),
        ("nat", include_bytes!(concat!(env!("OUT_DIR"), "/nat.wasm"))),
        ("ovn", include_bytes!(concat!(env!("OUT_DIR"), "/ovn.wasm"))),
        ("vlan", include_bytes!(concat!(env!("OUT_DIR"), "/vlan.wasm"))),
    ]
}
