//! The manifest: a custom section whose content is the mode's `mode.toml`.

use wasm_encoder::{ComponentSection, CustomSection};
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
    match sections(component)?[..] {
        [] => Err(Error::NoManifest),
        [manifest] => Ok(manifest),
        ref several => Err(Error::ManyManifests(several.len())),
    }
}

/// A component, or a core module, with a manifest appended to it; every other byte stays as it is. What the manifest
/// says is not looked at.
///
/// # Errors
///
/// [`Error::NotWasm`] and [`Error::Malformed`] where the bytes cannot be read, [`Error::ManifestThere`] where they have
/// a manifest already.
pub fn with_manifest(module: &[u8], manifest: &[u8]) -> Result<Vec<u8>, Error> {
    if !sections(module)?.is_empty() {
        return Err(Error::ManifestThere);
    }
    let mut module = module.to_vec();
    append(&mut module, manifest);
    Ok(module)
}

/// Appends the section. Custom sections look the same in components and in core modules.
pub(crate) fn append(module: &mut Vec<u8>, manifest: &[u8]) {
    CustomSection { name: MANIFEST_SECTION.into(), data: manifest.into() }.append_to_component(module);
}

/// All manifests of a file, however deep they are nested.
fn sections(module: &[u8]) -> Result<Vec<&[u8]>, Error> {
    if !Parser::is_component(module) && !Parser::is_core_wasm(module) {
        return Err(Error::NotWasm);
    }
    let mut found = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::CustomSection(section) = payload.map_err(Error::Malformed)?
            && is_manifest(&section)
        {
            found.push(section.data());
        }
    }
    Ok(found)
}

pub(crate) fn is_manifest(section: &CustomSectionReader<'_>) -> bool {
    section.name() == MANIFEST_SECTION
}
