//! Why a file is not a mode.

use crate::MANIFEST_SECTION;

/// Why a file could not be made a component, or its manifest not be found.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It does not start like WebAssembly.
    #[error(
        "not a WebAssembly module or component, it does not start with the bytes of one: name the .wasm file that was built"
    )]
    NotWasm,
    /// It starts like WebAssembly but cannot be read to its end.
    #[error("malformed WebAssembly: copy or build it again")]
    Malformed(#[source] wasmparser::BinaryReaderError),
    /// A core module that was not built against any contract.
    #[error(
        "the module does not say what it was built for (no component-type section): build it with guest-modes or \
         another wit-bindgen, for the world ovs:mode/mode"
    )]
    NoContract,
    /// A core module whose imports and exports do not fit what it says it was built for.
    #[error("the module cannot be made a component")]
    NotComponentizable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// There is no manifest.
    #[error(
        "the module has no manifest (no custom section {MANIFEST_SECTION}): a mode written in Rust gets it from \
         guest_modes::export!, one in another language from docker-ovs mode pack"
    )]
    NoManifest,
    /// There are several manifests, and nobody could say which one holds.
    #[error("the module has {0} manifests (custom sections {MANIFEST_SECTION}): one is wanted")]
    ManyManifests(usize),
    /// A manifest was to be put where one is.
    #[error(
        "the module has a manifest already (custom section {MANIFEST_SECTION}): it is taken as it is; to change the \
         manifest, build the module again"
    )]
    ManifestThere,
}
