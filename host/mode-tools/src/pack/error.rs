//! Why a module cannot be packed.

use std::io;
use std::path::PathBuf;

use policy::{LoadError, ManifestError};

/// Why a module cannot be packed.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// The module or the manifest cannot be read.
    #[error("{} cannot be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The manifest is not one.
    #[error("the manifest is wrong")]
    Manifest(#[from] ManifestError),
    /// The driver would not take the module with this manifest.
    #[error("the module is not one that this driver takes")]
    Module(#[from] LoadError),
    /// The component cannot be written.
    #[error("{} cannot be written", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}
