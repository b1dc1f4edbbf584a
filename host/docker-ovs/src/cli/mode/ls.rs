//! `docker-ovs mode ls`.

use clap::Args;

/// List the modes: versions, digests, grants, and the networks that use them
///
/// What networks use is known to the running driver; without one the modules are checked and tried here.
#[derive(Args, Debug)]
pub(crate) struct Ls {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
