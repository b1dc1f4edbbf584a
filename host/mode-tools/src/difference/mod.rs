//! What changed between two modules: what the new one may do before all else, and what becomes of the networks that the
//! old one has.

mod change;
mod option;
mod upgrade;
mod values;

use policy::Checked;
use serde::Serialize;

pub use self::change::{Change, Moved};
pub use self::option::{ChangedOption, OptionChanges};
pub use self::upgrade::{RefusedOption, Upgrade};
use crate::schema;

/// What changed between two modules. All texts are printable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The old one.
    pub from: Which,
    /// The new one.
    pub to: Which,
    /// Whether the two are one file, byte for byte. Then nothing else here says anything.
    pub same: bool,
    /// What it asks to be allowed, and to be told.
    pub permissions: Permissions,
    /// What its users can say.
    pub options: OptionChanges,
    /// The codes of its refusals, where it lists them.
    pub refusals: Moved,
    /// Name, version, summary and contract.
    pub about: Vec<Change>,
    /// Interfaces it imports.
    pub imports: Moved,
    /// Interfaces it exports.
    pub exports: Moved,
    /// Bytes, functions and memory.
    pub amounts: Vec<Change>,
    /// What an upgrade needs and breaks.
    pub upgrade: Upgrade,
}

/// Which module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Which {
    /// The name that networks ask for it by.
    pub mode: String,
    /// Its version.
    pub version: String,
    /// The SHA-256 of its file.
    pub digest: String,
}

/// What a module asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Permissions {
    /// Capabilities.
    pub capabilities: Moved,
    /// Facts about the host.
    pub facts: Moved,
    /// Whether its networks need a gateway address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gateway: Option<Change>,
}

impl Difference {
    /// Compares two modules.
    #[must_use]
    pub fn between(from: &Checked, to: &Checked) -> Self {
        let (old, new) = (from.manifest(), to.manifest());
        let (old_interface, new_interface) = (from.interface(), to.interface());
        let gateway = |of| schema::gateway(of).0;
        Self {
            from: Which::of(from),
            to: Which::of(to),
            same: from.digest() == to.digest(),
            permissions: Permissions {
                capabilities: Moved::between(&old.capabilities, &new.capabilities),
                facts: Moved::between(&old.facts, &new.facts),
                gateway: Change::between("gateway", gateway(old.gateway), gateway(new.gateway)),
            },
            options: OptionChanges::between(old, new),
            refusals: Moved::between(&old.refusals, &new.refusals),
            about: about(from, to),
            imports: Moved::between(&old_interface.imports, &new_interface.imports),
            exports: Moved::between(&old_interface.exports, &new_interface.exports),
            amounts: amounts(from, to),
            upgrade: Upgrade::between(from, to),
        }
    }

    /// Whether all that can be seen without running them is the same, and only their code is not.
    #[must_use]
    pub fn is_code_alone(&self) -> bool {
        let Permissions { capabilities, facts, gateway } = &self.permissions;
        !self.same
            && [capabilities, facts, &self.refusals, &self.imports, &self.exports].into_iter().all(Moved::is_empty)
            && (gateway.is_none() && self.options.is_empty() && self.about.is_empty())
    }
}

impl Which {
    fn of(module: &Checked) -> Self {
        Self {
            mode: module.name().to_owned(),
            version: module.manifest().version.clone(),
            digest: module.digest().to_string(),
        }
    }
}

fn about(from: &Checked, to: &Checked) -> Vec<Change> {
    let (old, new) = (from.manifest(), to.manifest());
    let form = |module: &Checked| if module.interface().component { "component" } else { "core module" };
    [
        Change::between("name", &old.name, &new.name),
        Change::between("version", &old.version, &new.version),
        Change::between("summary", &old.summary, &new.summary),
        Change::between("contract", &old.contract, &new.contract),
        Change::between("form", form(from), form(to)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn amounts(from: &Checked, to: &Checked) -> Vec<Change> {
    let (old, new) = (from.measure(), to.measure());
    [
        Change::of_number("bytes", from.bytes().len() as u64, to.bytes().len() as u64),
        Change::of_number("functions", old.functions, new.functions),
        Change::of_number("bytes of memory at start", old.memory, new.memory),
    ]
    .into_iter()
    .flatten()
    .collect()
}
