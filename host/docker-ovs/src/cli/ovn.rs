//! `docker-ovs ovn`.

use clap::{Args, Subcommand};

/// What drivers have in OVN's northbound database
#[derive(Debug, Subcommand)]
pub(crate) enum Ovn {
    /// List the drivers that have something there, with their hosts
    Ls {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    Reclaim(Reclaim),
}

/// Let go of what a host had that is gone for good
///
/// What hosts share in OVN is claimed by each of them, and goes with the last claim. A host that is lost leaves its claims
/// and its containers' ports behind. Whether it is gone for good you alone know: a host that is only switched off would
/// find its containers without ports when it is back.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  docker-ovs ovn ls                 who has what
  docker-ovs ovn reclaim node7 --dry-run
  docker-ovs ovn reclaim node7      what the drivers of host node7 had")]
pub(crate) struct Reclaim {
    /// The host's name or system-id, or a driver's instance, as `docker-ovs ovn ls` shows them
    #[arg(value_name = "HOST")]
    pub(crate) host: String,
    /// Say what would be let go of, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
