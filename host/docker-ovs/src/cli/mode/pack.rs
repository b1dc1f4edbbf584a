//! `docker-ovs mode pack`.

use std::path::PathBuf;

use clap::Args;

/// Put a mode.toml into a module that has none, as modes in C, JavaScript and Python need it
///
/// Takes a component, or a core module that was built for the contract and makes a component of it. The checks that the
/// driver makes before it takes a module are made first: what is wrong is said, with what to do. A mode in Rust gets its
/// manifest when it is built and needs no packing.
#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  docker-ovs mode pack build/module.wasm -m mode.toml -o build/lab.wasm

Exit codes:
  65  the module or the manifest is not one that the driver takes
  66  one of the two files is not there")]
pub(crate) struct Pack {
    /// The module's file
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The manifest
    #[arg(short, long, value_name = "FILE", default_value = "mode.toml")]
    pub(crate) manifest: PathBuf,
    /// Where to write the component [default: NAME.wasm, by the manifest's name]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}
