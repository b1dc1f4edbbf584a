//! What is told of modules: in lists, and in the log.

use std::fmt;

use plan::{Capability, Grants, ModeDigest};

use crate::{Checked, Origin, short};

/// What there is of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The name.
    pub name: String,
    /// Its module, as far as its file can be read.
    pub module: Option<Module>,
    /// Why it cannot be used.
    pub error: Option<String>,
}

/// A module, as far as an operator decides about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    /// The name it is asked for by.
    pub name: String,
    /// The version that its manifest gives.
    pub version: String,
    /// What it is for, in a line.
    pub summary: String,
    /// Where it came from.
    pub origin: Origin,
    /// Its SHA-256.
    pub digest: ModeDigest,
    /// What it asks for.
    pub asked: Vec<Capability>,
    /// What of that it is granted.
    pub granted: Grants,
}

impl From<&Checked> for Module {
    fn from(checked: &Checked) -> Self {
        Self {
            name: checked.name.clone(),
            version: checked.manifest.version.clone(),
            summary: checked.manifest.summary.clone(),
            origin: checked.origin,
            digest: checked.digest.clone(),
            asked: checked.manifest.capabilities.clone(),
            granted: checked.grants.clone(),
        }
    }
}

impl Module {
    /// What it asks for and is not granted any of.
    pub fn missing(&self) -> impl Iterator<Item = Capability> {
        let granted = |capability: &Capability| self.granted.0.iter().any(|grant| grant.capability == *capability);
        self.asked.iter().copied().filter(move |capability| !granted(capability))
    }
}

impl fmt::Display for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |words: Vec<String>| if words.is_empty() { "nothing".to_owned() } else { words.join(", ") };
        let granted = list(self.granted.0.iter().map(ToString::to_string).collect());
        write!(f, "{} {} ({}), granted {granted}", self.name, self.version, short(&self.digest))?;
        let missing: Vec<_> = self.missing().map(|capability| capability.to_string()).collect();
        if missing.is_empty() { Ok(()) } else { write!(f, "; it asks for {} too", missing.join(", ")) }
    }
}
