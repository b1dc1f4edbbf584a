//! What a file imports and exports: nothing but the contract.

use wasmparser::{ComponentExternName, Parser, Payload};

use crate::LoadError;
use crate::escape::printable_within;

/// Bytes of a name in an error.
const NAME: usize = 128;

/// Tells what a core module imports from a system before the attempt to make it a component fails in less clear words.
/// (Imports of a component's inner modules are its own affair.)
pub(super) fn no_wasi(bytes: &[u8]) -> Result<(), LoadError> {
    if !Parser::is_core_wasm(bytes) {
        return Ok(());
    }
    for payload in Parser::new(0).parse_all(bytes) {
        let Payload::ImportSection(imports) = payload.map_err(LoadError::Malformed)? else { continue };
        for import in imports.into_imports() {
            let module = import.map_err(LoadError::Malformed)?.module;
            if module.starts_with("wasi") {
                return Err(LoadError::Wasi(printable_within(module, NAME)));
            }
        }
    }
    Ok(())
}

/// Checks a component's own imports and exports.
pub(super) fn check(component: &[u8]) -> Result<(), LoadError> {
    let mut depth = 0;
    let mut policy = false;
    for payload in Parser::new(0).parse_all(component) {
        match payload.map_err(LoadError::Malformed)? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) if depth > 0 => depth -= 1,
            Payload::ComponentImportSection(imports) if depth == 0 => {
                for one in imports {
                    import(one.map_err(LoadError::Malformed)?.name)?;
                }
            }
            Payload::ComponentExportSection(exports) if depth == 0 => {
                for one in exports {
                    policy |= export(one.map_err(LoadError::Malformed)?.name)?;
                }
            }
            _ => {}
        }
    }
    if policy { Ok(()) } else { Err(LoadError::NoPolicy) }
}

fn import(name: ComponentExternName<'_>) -> Result<(), LoadError> {
    let name = name.name;
    match contract(name) {
        Some((_, version)) if !ours(version) => Err(LoadError::Contract(printable_within(name, NAME))),
        Some(("log" | "types", _)) => Ok(()),
        _ if name.starts_with("wasi") => Err(LoadError::Wasi(printable_within(name, NAME))),
        _ => Err(LoadError::Import(printable_within(name, NAME))),
    }
}

/// Whether it is the interface that is called. Others may be there: a later driver calls them.
fn export(name: ComponentExternName<'_>) -> Result<bool, LoadError> {
    match contract(name.name) {
        Some(("policy", version)) if !ours(version) => Err(LoadError::Contract(printable_within(name.name, NAME))),
        Some(("policy", _)) => Ok(true),
        _ => Ok(false),
    }
}

/// Interface and version of a name of the contract: `ovs:mode/log@0.1.0`.
fn contract(name: &str) -> Option<(&str, &str)> {
    name.strip_prefix("ovs:mode/")?.split_once('@')
}

/// Versions with the same minor number are compatible, in both directions.
fn ours(version: &str) -> bool {
    version.starts_with("0.1.")
}
