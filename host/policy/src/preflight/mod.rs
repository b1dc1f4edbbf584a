//! What is checked before a module is compiled: everything that can be seen without compiling or running it.

mod interface;
mod measure;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use plan::{Grants, ModeDigest};
use sha2::{Digest, Sha256};

use crate::{Limits, LoadError, Manifest, Origin};

/// A file that looks like a mode: not compiled yet, and never run.
#[derive(Clone, Debug)]
pub struct Checked {
    pub(crate) name: String,
    pub(crate) digest: ModeDigest,
    pub(crate) origin: Origin,
    pub(crate) manifest: Manifest,
    pub(crate) grants: Grants,
    pub(crate) bytes: Arc<[u8]>,
    pub(crate) component: Arc<[u8]>,
}

impl Checked {
    /// Checks a file, and makes a core module a component. It is granted nothing yet.
    ///
    /// # Errors
    ///
    /// The first check that fails; see [`LoadError`] for their order.
    pub fn new(name: &str, origin: Origin, bytes: Arc<[u8]>, limits: &Limits) -> Result<Self, LoadError> {
        // The parsers are meant to take anything; if one of them panics after all, this file is refused, no more.
        let checked = catch_unwind(AssertUnwindSafe(|| check(&bytes, limits)));
        let (component, manifest) = checked.map_err(|_| LoadError::Parser)??;
        let component = if *component == *bytes { Arc::clone(&bytes) } else { component.into() };
        let digest = digest(&bytes);
        Ok(Self { name: name.to_owned(), digest, origin, manifest, grants: Grants::default(), bytes, component })
    }

    /// Grants it what it asks for in its manifest and what `allowed` has, both.
    #[must_use]
    pub fn granted(mut self, allowed: &Grants) -> Self {
        let asked = |capability| self.manifest.capabilities.contains(capability);
        self.grants = Grants(allowed.0.iter().filter(|grant| asked(&grant.capability)).cloned().collect());
        self
    }

    /// The SHA-256 of the file as it was dropped.
    #[must_use]
    pub fn digest(&self) -> &ModeDigest {
        &self.digest
    }

    /// What it says about itself.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }
}

/// The SHA-256 of a file.
#[must_use]
pub fn digest(bytes: &[u8]) -> ModeDigest {
    let hexadecimal: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    ModeDigest::new(hexadecimal).expect("32 bytes are 64 hexadecimal digits")
}

fn check(bytes: &[u8], limits: &Limits) -> Result<(Vec<u8>, Manifest), LoadError> {
    if bytes.len() > limits.module_size {
        return Err(LoadError::Size { bytes: bytes.len(), limit: limits.module_size });
    }
    if bytes.starts_with(b"\x7fELF") {
        return Err(LoadError::MachineCode);
    }
    measure::check(bytes, limits)?;
    interface::no_wasi(bytes)?;
    let component = component::componentize(bytes)?;
    interface::check(&component)?;
    let manifest = Manifest::parse(component::manifest_section(&component)?)?;
    Ok((component, manifest))
}
