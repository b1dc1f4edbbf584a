//! From a core module to a component.

use wasmparser::{Parser, Payload};
use wit_component::ComponentEncoder;

use crate::Error;
use crate::manifest::{append, is_manifest};

/// What the name of the section starts with in which wit-bindgen says what a module was built for.
const CONTRACT_SECTION: &str = "component-type";

/// Makes a core module a component and lifts its manifest to the component's top level. A component is returned as it
/// is. The same input gives the same output.
///
/// A module without a manifest is made a component without one: that it is missing is for
/// [`manifest_section`](crate::manifest_section) to say.
///
/// # Errors
///
/// [`Error::NotWasm`] and [`Error::Malformed`] where the bytes cannot be read, [`Error::NoContract`] and
/// [`Error::NotComponentizable`] where the module was not built for a contract or does not do what it says, and
/// [`Error::ManyManifests`].
pub fn componentize(module: &[u8]) -> Result<Vec<u8>, Error> {
    if Parser::is_component(module) {
        return Ok(module.to_vec());
    }
    if !Parser::is_core_wasm(module) {
        return Err(Error::NotWasm);
    }
    let core = Core::read(module)?;
    let mut component = encode(&core.module).map_err(|error| Error::NotComponentizable(error.into()))?;
    if let Some(manifest) = core.manifest {
        append(&mut component, manifest);
    }
    Ok(component)
}

fn encode(module: &[u8]) -> Result<Vec<u8>, impl Into<Box<dyn std::error::Error + Send + Sync>> + use<>> {
    ComponentEncoder::default().module(module)?.validate(true).encode()
}

/// A core module, and the manifest that was taken out of it.
struct Core<'a> {
    module: Vec<u8>,
    manifest: Option<&'a [u8]>,
}

impl<'a> Core<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut manifests = Vec::new();
        let mut built_for_a_contract = false;
        // Sections follow each other without gaps: one starts where the one before it ended.
        let mut start = 0;
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload.map_err(Error::Malformed)?;
            let end = match &payload {
                Payload::Version { range, .. } => range.end,
                other => match other.as_section() {
                    Some((_, range)) => range.end,
                    None => continue,
                },
            };
            if let Payload::CustomSection(section) = &payload {
                built_for_a_contract |= section.name().starts_with(CONTRACT_SECTION);
                if is_manifest(section) {
                    manifests.push((start..end, section.data()));
                }
            }
            start = end;
        }
        match &manifests[..] {
            _ if !built_for_a_contract => Err(Error::NoContract),
            [] => Ok(Self { module: bytes.to_vec(), manifest: None }),
            [(section, manifest)] => {
                Ok(Self { module: [&bytes[..section.start], &bytes[section.end..]].concat(), manifest: Some(manifest) })
            }
            _ => Err(Error::ManyManifests(manifests.len())),
        }
    }
}
