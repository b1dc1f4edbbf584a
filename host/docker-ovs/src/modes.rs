//! The modes of this host.

use std::path::PathBuf;

use builtin_modes::builtin;
use policy::{BuiltIn, Catalog, Notice, Sandbox};

use crate::config::Config;

/// The modes that are part of this program.
pub(crate) fn built_in() -> Vec<BuiltIn> {
    builtin().into_iter().map(|(name, wasm)| BuiltIn { name, wasm }).collect()
}

/// Reads them and the grants again.
pub(crate) fn reload(catalog: &Catalog, config: &Config) -> Vec<Notice> {
    catalog.reload(&built_in(), Some(&config.mode_dir), &config.grants)
}

/// Those, and what lies in `mode_dir`, with the grants of the configuration.
pub(crate) fn open(sandbox: &Sandbox, config: &Config) -> (Catalog, Vec<Notice>) {
    Catalog::open(sandbox.clone(), &built_in(), Some(&config.mode_dir), &config.grants)
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
