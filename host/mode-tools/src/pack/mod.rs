//! A manifest into a module that has none, and a component of it: what a mode in another language than Rust still needs
//! when its own tools have built it.
//!
//! Nothing is compiled in here. What a file's sections tell, the driver's own checks say now; whether it compiles and
//! has the contract's types, `mode test` says.

mod error;

use std::fs;
use std::path::Path;

use plan::ModeDigest;
use policy::{Checked, Limits, LoadError, Manifest, Origin};

pub use error::PackError;

/// A component with its manifest, as the driver takes it.
#[derive(Clone, Debug)]
pub struct Packed {
    bytes: Vec<u8>,
    checked: Checked,
}

impl Packed {
    /// Embeds a manifest (the text of a `mode.toml`) in a component, or in a core module, which is made a component as
    /// the driver would make it. The same two give the same bytes.
    ///
    /// # Errors
    ///
    /// Where the manifest is wrong, the module has one already, or the driver would not take what comes out.
    pub fn new(module: &[u8], manifest: &[u8], limits: &Limits) -> Result<Self, PackError> {
        Manifest::parse(manifest)?;
        // Before anything is made of it: what a module imports is told better than by what fails to fit.
        match check(module, limits) {
            Ok(_) | Err(LoadError::Component(component::Error::NoManifest)) => {}
            Err(error) => return Err(error.into()),
        }
        let with_manifest = component::with_manifest(module, manifest).map_err(LoadError::from)?;
        let bytes = component::componentize(&with_manifest).map_err(LoadError::from)?;
        let checked = check(&bytes, limits)?;
        Ok(Self { bytes, checked })
    }

    /// The same with files.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new), and where a file cannot be read.
    pub fn of_files(module: &Path, manifest: &Path, limits: &Limits) -> Result<Self, PackError> {
        let unread = |path: &Path, source| PackError::Read { path: path.to_owned(), source };
        let module = policy::read_module(module, limits).map_err(|error| match error {
            LoadError::Read(source) => unread(module, source),
            error => error.into(),
        })?;
        let manifest = fs::read(manifest).map_err(|source| unread(manifest, source))?;
        Self::new(&module, &manifest, limits)
    }

    /// Writes the component, whole or not at all: to a file beside it, which then gets its name.
    ///
    /// # Errors
    ///
    /// Where one of them cannot be written.
    pub fn write(&self, to: &Path) -> Result<(), PackError> {
        let mut unfinished = to.as_os_str().to_owned();
        unfinished.push(".new");
        let write = || fs::write(&unfinished, &self.bytes).and_then(|()| fs::rename(&unfinished, to));
        write().map_err(|source| PackError::Write { path: to.to_owned(), source })
    }

    /// The component.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What it says about itself.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        self.checked.manifest()
    }

    /// The SHA-256 of the component: what a grant names.
    #[must_use]
    pub fn digest(&self) -> &ModeDigest {
        self.checked.digest()
    }
}

fn check(bytes: &[u8], limits: &Limits) -> Result<Checked, LoadError> {
    Checked::new("packed", Origin::Site, bytes.into(), limits)
}
