//! `docker-ovs ipam`.

use std::net::IpAddr;

use clap::{Args, Subcommand};
use ipnet::IpNet;

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
    Release(Release),
}

/// Give back what Docker has forgotten: a pool, or addresses of one
///
/// Docker asks once for a pool or an address to be taken back, whether the driver hears of it or not. What the driver then
/// still has is named by `docker-ovs check`, with the command that gives it back. What Docker still has is refused, and so
/// is what a network or an endpoint of the driver needs: `docker-ovs network rm` comes first.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  docker-ovs ipam release 10.1.0.0/24            what this driver has of a pool
  docker-ovs ipam release 10.1.0.0/24 10.1.0.9   an address that nobody has

Other hosts keep what they have of the pool. If several Docker daemons use this
driver, DOCKER_HOST says which one is asked: make sure that it is not
another one's.")]
pub(crate) struct Release {
    /// The pool's subnet
    #[arg(value_name = "SUBNET")]
    pub(crate) subnet: IpNet,
    /// Addresses that containers had; none: all of the pool
    #[arg(value_name = "ADDRESS")]
    pub(crate) addresses: Vec<IpAddr>,
    /// The pool's VRF
    #[arg(long, value_name = "NAME", default_value = "default", allow_hyphen_values = true)]
    pub(crate) vrf: String,
    /// Do so even if Docker does not answer whether it still has it
    #[arg(long)]
    pub(crate) force: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use crate::cli::Cli;

    #[test]
    fn a_vrf_may_begin_with_a_hyphen() {
        let line = ["docker-ovs", "ipam", "release", "--vrf", "-x", "10.1.0.0/24"];
        let parsed = format!("{:?}", Cli::try_parse_from(line).unwrap());
        assert!(parsed.contains("vrf: \"-x\"") && parsed.contains("10.1.0.0/24"), "{parsed}");
    }
}
