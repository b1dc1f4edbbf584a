//! What can be said of a module without running it.

use std::fmt;
use std::path::{Path, PathBuf};

use policy::{Checked, Limits, LoadError, Origin};
use serde::Serialize;

/// What a module's file says about itself.
#[derive(Clone, Debug, Serialize)]
pub struct Inspection {
    /// What its author calls it.
    pub name: String,
    /// The module's own version.
    pub version: String,
    /// One line.
    pub summary: String,
    /// The contract it was written for.
    pub contract: String,
    /// The SHA-256 of the file.
    pub digest: String,
    /// Bytes of the file.
    pub size: usize,
    /// The capabilities it asks for.
    pub capabilities: Vec<String>,
    /// The facts it asks for.
    pub facts: Vec<String>,
}

/// Why a file cannot be inspected.
#[derive(Debug, thiserror::Error)]
pub enum InspectError {
    /// It cannot be read.
    #[error("{}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// It is no mode of this host.
    #[error("{} is not a mode that this driver takes", path.display())]
    NotAMode {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: LoadError,
    },
}

impl Inspection {
    /// Checks a file as the driver does, and reads what it says about itself.
    ///
    /// # Errors
    ///
    /// Where it cannot be read, or is not a mode that the driver takes.
    pub fn of_file(path: &Path, limits: &Limits) -> Result<Self, InspectError> {
        let bytes = std::fs::read(path).map_err(|source| InspectError::Read { path: path.to_owned(), source })?;
        let size = bytes.len();
        let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let checked = Checked::new(name, Origin::Site, bytes.into(), limits)
            .map_err(|source| InspectError::NotAMode { path: path.to_owned(), source })?;
        let manifest = checked.manifest();
        Ok(Self {
            name: manifest.name.clone(),
            version: manifest.version.clone(),
            summary: manifest.summary.clone(),
            contract: manifest.contract.clone(),
            digest: checked.digest().to_string(),
            size,
            capabilities: manifest.capabilities.iter().map(ToString::to_string).collect(),
            facts: manifest.facts.clone(),
        })
    }
}

impl fmt::Display for Inspection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, version, summary, contract, digest, size, capabilities, facts } = self;
        writeln!(f, "{name} {version}: {summary}")?;
        writeln!(f, "digest        sha256:{digest}")?;
        writeln!(f, "size          {size} bytes")?;
        writeln!(f, "contract      ovs:mode {contract}")?;
        writeln!(f, "capabilities  {}", list(capabilities))?;
        writeln!(f, "facts         {}", list(facts))
    }
}

fn list(words: &[String]) -> String {
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}
