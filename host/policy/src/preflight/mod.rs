//! What is checked before a module is compiled: what can be seen by reading its sections once, front to back.
//!
//! Whatever takes more than that (making a core module a component, validating, compiling) is the child's business:
//! such code recurses along what the file says, and a file can say things that exhaust any stack.

mod file;
mod interface;
mod measure;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use plan::{Grants, ModeDigest};
use sha2::{Digest, Sha256};

pub(crate) use self::file::open_regular;
pub use self::file::read_module;
pub use self::interface::Interface;
pub use self::measure::Measure;
use crate::contract::Contract;
use crate::{Limits, LoadError, Manifest, Origin};

/// A file that looks like a mode: not compiled yet, and never run.
#[derive(Clone, Debug)]
pub struct Checked {
    pub(crate) name: String,
    pub(crate) digest: ModeDigest,
    pub(crate) origin: Origin,
    pub(crate) manifest: Manifest,
    /// The version of the contract that it is asked in.
    pub(crate) contract: Contract,
    measure: Measure,
    pub(crate) grants: Grants,
    pub(crate) bytes: Arc<[u8]>,
}

impl Checked {
    /// Checks a file, which is asked for by a name. It is granted nothing yet.
    ///
    /// # Errors
    ///
    /// The first check that fails; see [`LoadError`] for their order.
    pub fn new(name: &str, origin: Origin, bytes: Arc<[u8]>, limits: &Limits) -> Result<Self, LoadError> {
        Ok(Self { name: name.to_owned(), ..Self::by_manifest(origin, bytes, limits)? })
    }

    /// The same under the name in its manifest, by which a module goes that nobody has given another one: what its file is
    /// called is its build's business.
    ///
    /// # Errors
    ///
    /// As [`Checked::new`].
    pub fn by_manifest(origin: Origin, bytes: Arc<[u8]>, limits: &Limits) -> Result<Self, LoadError> {
        // The parser is meant to take anything; if it panics after all, this file is refused, no more.
        let read = catch_unwind(AssertUnwindSafe(|| check(&bytes, limits)));
        let Contents { measure, contract, manifest } = read.map_err(|_| LoadError::Parser)??;
        let digest = digest(&bytes);
        let (name, grants) = (manifest.name.clone(), Grants::default());
        Ok(Self { name, digest, origin, manifest, contract, measure, grants, bytes })
    }

    /// Grants it what it asks for in its manifest and what `allowed` has, both.
    #[must_use]
    pub fn granted(mut self, allowed: &Grants) -> Self {
        let asked = |capability| self.manifest.capabilities.contains(capability);
        self.grants = Grants(allowed.0.iter().filter(|grant| asked(&grant.capability)).cloned().collect());
        self
    }

    /// Whether it is the same file under the same name.
    pub(crate) fn is(&self, other: &Self) -> bool {
        (&self.name, &self.digest, self.origin) == (&other.name, &other.digest, other.origin)
    }

    /// The name it is asked for by.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it came from.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// The file.
    #[must_use]
    pub fn bytes(&self) -> &Arc<[u8]> {
        &self.bytes
    }

    /// What it may do: what its manifest asks for and it was [granted](Self::granted).
    #[must_use]
    pub fn grants(&self) -> &Grants {
        &self.grants
    }

    /// How much of everything it has.
    #[must_use]
    pub fn measure(&self) -> &Measure {
        &self.measure
    }

    /// What it imports and exports.
    #[must_use]
    pub fn interface(&self) -> Interface {
        Interface::read(&self.bytes).expect("the checks have read the same sections")
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

/// What a file was read to be.
struct Contents {
    measure: Measure,
    contract: Contract,
    manifest: Manifest,
}

fn check(bytes: &[u8], limits: &Limits) -> Result<Contents, LoadError> {
    if bytes.len() > limits.module_size {
        return Err(LoadError::Size { bytes: bytes.len(), limit: limits.module_size });
    }
    if bytes.starts_with(b"\x7fELF") {
        return Err(LoadError::MachineCode);
    }
    let measure = measure::check(bytes, limits)?;
    let contract = interface::check(bytes)?;
    let manifest = Manifest::parse(component::manifest_section(bytes)?)?;
    if manifest.contract != contract.in_manifest() {
        return Err(LoadError::TwoContracts { manifest: manifest.contract, exported: contract.in_manifest() });
    }
    Ok(Contents { measure, contract, manifest })
}
