//! The manifest: a custom section whose content is the mode's `mode.toml`.

use wasmparser::{CustomSectionReader, Parser, Payload};

use crate::Error;

/// The name of the custom section that holds a mode's manifest.
pub const MANIFEST_SECTION: &str = "ovs-mode-manifest";

/// The bytes of a module's manifest: the TOML text of its `mode.toml`, not yet looked at.
///
/// The section may stand at the top level of the component, where [`componentize`](crate::componentize) puts it, or in
/// a module nested in it, where other tools that make components leave it. There must be exactly one in the whole file.
///
/// # Errors
///
/// [`Error::NotWasm`] and [`Error::Malformed`] where the bytes cannot be read, [`Error::NoManifest`] and
/// [`Error::ManyManifests`] where there is not exactly one manifest.
pub fn manifest_section(component: &[u8]) -> Result<&[u8], Error> {
    if !Parser::is_component(component) && !Parser::is_core_wasm(component) {
        return Err(Error::NotWasm);
    }
    let mut found = Vec::new();
    for payload in Parser::new(0).parse_all(component) {
        if let Payload::CustomSection(section) = payload.map_err(Error::Malformed)?
            && is_manifest(&section)
        {
            found.push(section.data());
        }
    }
    match found[..] {
        [] => Err(Error::NoManifest),
        [manifest] => Ok(manifest),
        _ => Err(Error::ManyManifests(found.len())),
    }
}

pub(crate) fn is_manifest(section: &CustomSectionReader<'_>) -> bool {
    section.name() == MANIFEST_SECTION
}
