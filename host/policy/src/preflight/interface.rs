//! What a file imports and exports: nothing but the contract.

use std::collections::BTreeSet;

use wasmparser::{ExternalKind, Parser, Payload};

use crate::LoadError;
use crate::contract::Contract;
use crate::escape::printable_within;

/// Bytes of a name in an error.
const NAME: usize = 128;
/// What the names of a core module begin with where its toolchain follows the newer convention.
const CONVENTION: &str = "cm32p2|";

/// What a file imports and exports by itself, each name once and printable. (What a component's inner modules have is its
/// own affair.)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    /// Whether it is a component already, and not a core module that the driver makes one of.
    pub component: bool,
    /// Interfaces it imports.
    pub imports: BTreeSet<String>,
    /// Interfaces it exports, and other exports; what only the canonical ABI needs is left out.
    pub exports: BTreeSet<String>,
}

impl Interface {
    /// Reads them.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, LoadError> {
        let component = Parser::is_component(bytes);
        let mut interface = Self { component, imports: BTreeSet::new(), exports: BTreeSet::new() };
        walk(bytes, &mut |name| {
            match name {
                Name::Import(name) => interface.imports.insert(printable_within(plain(name), NAME)),
                Name::Export(name) if is_machinery(name) => false,
                Name::Export(name) => interface.exports.insert(printable_within(plain(name), NAME)),
            };
            Ok(())
        })?;
        Ok(interface)
    }
}

/// The interface of a core module's function: `ovs:mode/policy@0.1.0` of `ovs:mode/policy@0.1.0#plan-network`.
fn plain(name: &str) -> &str {
    let name = name.strip_prefix(CONVENTION).unwrap_or(name);
    name.split(['#', '|']).next().unwrap_or(name)
}

/// What a core module exports so that values can be passed to it and back.
fn is_machinery(name: &str) -> bool {
    matches!(name, "_initialize" | "cm32p2_realloc" | "cm32p2_initialize") || name.starts_with("cabi_")
}

/// Checks a file's own imports and exports. Says in which version of the contract it is asked: the newest that it exports.
pub(super) fn check(bytes: &[u8]) -> Result<Contract, LoadError> {
    let mut policy = None;
    walk(bytes, &mut |name| {
        match name {
            Name::Import(name) => import(name)?,
            Name::Export(name) => policy = policy.max(export(name)?),
        }
        Ok(())
    })?;
    policy.ok_or(LoadError::NoPolicy)
}

enum Name<'a> {
    Import(&'a str),
    Export(&'a str),
}

/// Shows every name of a file's own imports and exports.
fn walk(bytes: &[u8], see: &mut dyn FnMut(Name<'_>) -> Result<(), LoadError>) -> Result<(), LoadError> {
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(LoadError::Malformed)? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) if depth > 0 => depth -= 1,
            _ if depth > 0 => {}
            Payload::ImportSection(imports) => {
                for one in imports.into_imports() {
                    see(Name::Import(one.map_err(LoadError::Malformed)?.module))?;
                }
            }
            Payload::ExportSection(exports) => {
                for one in exports {
                    let one = one.map_err(LoadError::Malformed)?;
                    // Memories and globals are between a linker and the canonical ABI.
                    if one.kind == ExternalKind::Func {
                        see(Name::Export(one.name))?;
                    }
                }
            }
            Payload::ComponentImportSection(imports) => {
                for one in imports {
                    see(Name::Import(one.map_err(LoadError::Malformed)?.name.name))?;
                }
            }
            Payload::ComponentExportSection(exports) => {
                for one in exports {
                    see(Name::Export(one.map_err(LoadError::Malformed)?.name.name))?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn import(name: &str) -> Result<(), LoadError> {
    match contract(name) {
        Some((_, version)) if Contract::of(version).is_none() => Err(LoadError::Contract(printable_within(name, NAME))),
        Some(("log" | "types", _)) => Ok(()),
        _ if name.starts_with("wasi") => Err(LoadError::Wasi(printable_within(name, NAME))),
        _ => Err(LoadError::Import(printable_within(name, NAME))),
    }
}

/// The version of the interface that is called, if it is of that one. Others may be there: a later driver calls them.
fn export(name: &str) -> Result<Option<Contract>, LoadError> {
    match contract(name) {
        Some(("policy", version)) => match Contract::of(version) {
            None => Err(LoadError::Contract(printable_within(name, NAME))),
            ours => Ok(ours),
        },
        _ => Ok(None),
    }
}

/// Interface and version of a name of the contract: `ovs:mode/log@0.1.0`, and of a core module's function
/// `ovs:mode/policy@0.1.0#plan-network`.
fn contract(name: &str) -> Option<(&str, &str)> {
    let name = name.strip_prefix(CONVENTION).unwrap_or(name);
    let (interface, rest) = name.strip_prefix("ovs:mode/")?.split_once('@')?;
    Some((interface, rest.split(['#', '|']).next().unwrap_or(rest)))
}
