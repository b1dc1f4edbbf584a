//! What can be said of a module without running it.

use plan::Capability;
use policy::{Checked, Limits, Measure, Origin};
use serde::Serialize;

use crate::schema::{self, OptionReport, grant_section};

/// What a module's file says about itself, and what it would be granted here. All texts are printable.
#[derive(Clone, Debug, Serialize)]
pub struct Inspection {
    /// The name that networks ask for it by.
    pub mode: String,
    /// Where it came from.
    pub origin: Origin,
    /// What its author calls it.
    pub name: String,
    /// The module's own version.
    pub version: String,
    /// One line.
    pub summary: String,
    /// The contract it was written for: `0.1`.
    pub contract: String,
    /// The SHA-256 of the file.
    pub digest: String,
    /// Whether the file is a component, or a core module that the driver makes one of.
    pub component: bool,
    /// Whether its networks need a gateway address: `required`, `optional` or `none`.
    pub gateway: &'static str,
    /// The capabilities it asks for.
    pub capabilities: Vec<Asked>,
    /// What an operator would write so that it gets all that it asks for; nothing where it has that already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant: Option<String>,
    /// The facts it asks for.
    pub facts: Vec<String>,
    /// The codes of its refusals, where it lists them.
    pub refusals: Vec<String>,
    /// The options it understands.
    pub options: Vec<OptionReport>,
    /// The interfaces it imports.
    pub imports: Vec<String>,
    /// The interfaces it exports.
    pub exports: Vec<String>,
    /// How much it has of what is limited.
    pub amounts: Vec<Amount>,
}

/// A capability that a module asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// Which.
    pub capability: Capability,
    /// What of it this host grants it: `uplink`, `uplink=eth1`. Nothing: plans that need it are refused.
    pub granted: Vec<String>,
    /// What its plans may do with it.
    pub means: &'static str,
}

/// How much a module has of something, against the driver's limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Amount {
    /// Of what.
    pub what: &'static str,
    /// How much, before it is compiled or run.
    pub is: u64,
    /// How much it may be.
    pub limit: u64,
    /// In what.
    pub unit: &'static str,
}

impl Inspection {
    /// Describes a module that was checked and granted what the host grants it.
    #[must_use]
    pub fn of(module: &Checked, limits: &Limits) -> Self {
        let (manifest, interface) = (module.manifest(), module.interface());
        let missing = manifest.capabilities.iter().any(|asked| granted(module, *asked).is_empty());
        Self {
            mode: module.name().to_owned(),
            origin: module.origin(),
            name: manifest.name.clone(),
            version: manifest.version.clone(),
            summary: manifest.summary.clone(),
            contract: manifest.contract.clone(),
            digest: module.digest().to_string(),
            component: interface.component,
            gateway: schema::gateway(manifest.gateway).0,
            capabilities: manifest.capabilities.iter().map(|asked| Asked::of(module, *asked)).collect(),
            grant: missing.then(|| grant_section(module.name(), module.digest(), &manifest.capabilities)),
            facts: manifest.facts.clone(),
            refusals: manifest.refusals.clone(),
            options: manifest.options.iter().map(OptionReport::from).collect(),
            imports: interface.imports.into_iter().collect(),
            exports: interface.exports.into_iter().collect(),
            amounts: amounts(module.bytes().len(), module.measure(), limits),
        }
    }
}

impl Asked {
    fn of(module: &Checked, capability: Capability) -> Self {
        Self { capability, granted: granted(module, capability), means: schema::capability(capability) }
    }
}

fn granted(module: &Checked, capability: Capability) -> Vec<String> {
    let of_it = module.grants().0.iter().filter(|grant| grant.capability == capability);
    of_it.map(ToString::to_string).collect()
}

fn amounts(bytes: usize, measure: &Measure, limits: &Limits) -> Vec<Amount> {
    let amount = |what, is, limit, unit| Amount { what, is, limit, unit };
    vec![
        amount("file", bytes as u64, limits.module_size as u64, "bytes"),
        amount("functions", measure.functions, u64::from(limits.functions), ""),
        amount("memories at start", measure.memory, limits.memory as u64, "bytes"),
        amount("largest table at start", measure.largest_table, limits.table_elements as u64, "elements"),
    ]
}
