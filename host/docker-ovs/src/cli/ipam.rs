//! `docker-ovs ipam`.

use clap::Subcommand;

/// The driver's own address pools, of networks made with --ipam-driver ovs
#[derive(Debug, Subcommand)]
pub(crate) enum Ipam {
    /// List the pools: this host's own, or those of all hosts on its northbound database
    ///
    /// What a host had that is gone for good is given back with `docker-ovs ovn reclaim HOST`.
    Ls {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}
