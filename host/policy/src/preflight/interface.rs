//! What a file imports and exports: nothing but the contract.

use wasmparser::{Parser, Payload};

use crate::LoadError;
use crate::escape::printable_within;

/// Bytes of a name in an error.
const NAME: usize = 128;
/// What the names of a core module begin with where its toolchain follows the newer convention.
const CONVENTION: &str = "cm32p2|";

/// Checks a file's own imports and exports. (Those of a component's inner modules are its own affair.)
pub(super) fn check(bytes: &[u8]) -> Result<(), LoadError> {
    let mut depth = 0;
    let mut policy = false;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(LoadError::Malformed)? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) if depth > 0 => depth -= 1,
            _ if depth > 0 => {}
            Payload::ImportSection(imports) => {
                for one in imports.into_imports() {
                    import(one.map_err(LoadError::Malformed)?.module)?;
                }
            }
            Payload::ExportSection(exports) => {
                for one in exports {
                    policy |= export(one.map_err(LoadError::Malformed)?.name)?;
                }
            }
            Payload::ComponentImportSection(imports) => {
                for one in imports {
                    import(one.map_err(LoadError::Malformed)?.name.name)?;
                }
            }
            Payload::ComponentExportSection(exports) => {
                for one in exports {
                    policy |= export(one.map_err(LoadError::Malformed)?.name.name)?;
                }
            }
            _ => {}
        }
    }
    if policy { Ok(()) } else { Err(LoadError::NoPolicy) }
}

fn import(name: &str) -> Result<(), LoadError> {
    match contract(name) {
        Some((_, version)) if !ours(version) => Err(LoadError::Contract(printable_within(name, NAME))),
        Some(("log" | "types", _)) => Ok(()),
        _ if name.starts_with("wasi") => Err(LoadError::Wasi(printable_within(name, NAME))),
        _ => Err(LoadError::Import(printable_within(name, NAME))),
    }
}

/// Whether it is of the interface that is called. Others may be there: a later driver calls them.
fn export(name: &str) -> Result<bool, LoadError> {
    match contract(name) {
        Some(("policy", version)) if !ours(version) => Err(LoadError::Contract(printable_within(name, NAME))),
        Some(("policy", _)) => Ok(true),
        _ => Ok(false),
    }
}

/// Interface and version of a name of the contract: `ovs:mode/log@0.1.0`, and of a core module's function
/// `ovs:mode/policy@0.1.0#plan-network`.
fn contract(name: &str) -> Option<(&str, &str)> {
    let name = name.strip_prefix(CONVENTION).unwrap_or(name);
    let (interface, rest) = name.strip_prefix("ovs:mode/")?.split_once('@')?;
    Some((interface, rest.split(['#', '|']).next().unwrap_or(rest)))
}

/// Versions with the same minor number are compatible, in both directions.
fn ours(version: &str) -> bool {
    version == "0.1" || version.starts_with("0.1.")
}
