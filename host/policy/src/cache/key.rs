//! What machine code is kept under: the module, and everything else that it depends on.

use std::hash::{Hash, Hasher};

use plan::ModeDigest;
use sha2::{Digest, Sha256};
use wasmtime::Engine;

/// Stands for one module, compiled by this version of the driver for this engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    module: ModeDigest,
    whole: [u8; 32],
}

impl Key {
    /// Of a module, for an engine: wasmtime says what of its version and configuration matters.
    pub(crate) fn new(module: &ModeDigest, engine: &Engine) -> Self {
        Self::of_version(module, engine, env!("CARGO_PKG_VERSION"))
    }

    pub(super) fn of_version(module: &ModeDigest, engine: &Engine, version: &str) -> Self {
        let mut everything = Hashing(Sha256::new());
        (version, module.as_str()).hash(&mut everything);
        engine.precompile_compatibility_hash().hash(&mut everything);
        Self { module: module.clone(), whole: everything.0.finalize().into() }
    }

    /// The module.
    pub(crate) fn module(&self) -> &ModeDigest {
        &self.module
    }

    /// The same in 32 bytes.
    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.whole
    }

    /// The name of its file.
    pub(crate) fn name(&self) -> String {
        let begin: String = self.whole[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{}-{begin}", self.module)
    }
}

/// Takes what Rust's own hashing gives.
struct Hashing(Sha256);

impl Hasher for Hashing {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        let whole: [u8; 32] = self.0.clone().finalize().into();
        whole.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, digest, engine};

    #[test]
    fn everything_that_machine_code_depends_on_is_in_it() {
        let engine = engine::compiling(&Limits::default()).unwrap();
        let another_engine = engine::compiling(&Limits { memory: 64 << 20, ..Limits::default() }).unwrap();
        let (one, other) = (digest(b"one"), digest(b"other"));
        let key = Key::of_version(&one, &engine, "1.0.0");
        assert_eq!(key, Key::of_version(&one, &engine, "1.0.0"));
        for another in [
            Key::of_version(&other, &engine, "1.0.0"),
            Key::of_version(&one, &engine, "1.0.1"),
            Key::of_version(&one, &another_engine, "1.0.0"),
        ] {
            assert_ne!(another.bytes(), key.bytes());
            assert_ne!(another.name(), key.name());
        }
    }
}
