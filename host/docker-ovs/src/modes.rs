//! The modes of this host.

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
