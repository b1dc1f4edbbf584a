//! The modes of this host.

use std::path::PathBuf;

use builtin_modes::builtin;
use policy::{BuiltIn, Cache, Catalog, Compiler, Notice, Sandbox, SandboxError, Site};

use crate::config::Config;

/// The modes that are part of this program.
pub(crate) fn built_in() -> Vec<BuiltIn> {
    builtin().into_iter().map(|(name, wasm)| BuiltIn { name, wasm }).collect()
}

/// Where the modes of this site are, and what the configuration grants them.
pub(crate) fn site(config: &Config) -> Site {
    Site {
        mode_dir: Some(config.mode_dir.clone()),
        grants_dir: Some(config.grants_dir.clone()),
        grants: config.grants.clone(),
        ..Site::default()
    }
}

/// A sandbox that keeps what takes long to compile: for root's commands and the driver, which may trust what they find.
pub(crate) fn sandbox(config: &Config) -> Result<Sandbox, SandboxError> {
    Sandbox::with_cache(config.limits.modes.clone(), Compiler::default(), Cache::new(&config.cache_dir))
}

/// The built-in modes and those of this site, with what they are granted.
pub(crate) fn open(sandbox: &Sandbox, config: &Config) -> (Catalog, Vec<Notice>) {
    let catalog = Catalog::of_site(sandbox.clone(), &built_in(), &site(config));
    let notices = catalog.notices();
    (catalog, notices)
}

/// There is no mode that the networks could have which name none.
#[derive(Debug, thiserror::Error)]
#[error(
    "default_mode is \"{name}\", and there is no such mode: set it to one of {}, or put {name}.wasm into {}",
    .known.join(", "),
    .mode_dir.display()
)]
pub(crate) struct NoDefault {
    name: String,
    known: Vec<String>,
    mode_dir: PathBuf,
}

/// Checks that there is a mode for networks that name none.
pub(crate) fn default_of(catalog: &Catalog, config: &Config) -> Result<(), NoDefault> {
    let known: Vec<_> = catalog.names().into_iter().map(|(name, _)| name).collect();
    if known.contains(&config.default_mode) {
        return Ok(());
    }
    Err(NoDefault { name: config.default_mode.clone(), known, mode_dir: config.mode_dir.clone() })
}
