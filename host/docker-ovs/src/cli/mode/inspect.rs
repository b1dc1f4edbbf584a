//! `docker-ovs mode inspect`.

use std::path::PathBuf;

use clap::Args;

/// What a module says about itself, without running it
///
/// The checks that the driver makes before it takes a module are made first: what is wrong is said, with what to do.
#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  docker-ovs mode inspect lab.wasm")]
pub(crate) struct Inspect {
    /// The module's file
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
