//! `docker-ovs network`.

use clap::{Args, Subcommand};

/// What the driver holds
#[derive(Debug, Subcommand)]
pub(crate) enum Network {
    /// List the driver's networks
    Ls {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show everything about a network, compared with what is there now
    Inspect {
        /// Its name, its id, or a beginning of its id that no other has
        #[arg(value_name = "NETWORK")]
        network: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Verify and repair a network, or all of them and what none of them owns
    Reconcile {
        /// Its name, its id, or a beginning of its id that no other has
        #[arg(value_name = "NETWORK")]
        network: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    Rm(Remove),
}

/// Remove what Docker has forgotten: a network with all in it, or an endpoint
///
/// Docker removes a network or an endpoint whether the driver hears of it or not. What the driver then still has is named
/// by `docker-ovs check`, with the command that removes it. What Docker still has is refused: that is for Docker to
/// remove. Of several things all are removed, or none if one is refused.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  docker-ovs network rm 3f9a        a network that Docker has forgotten
  docker-ovs network rm web/77c0    an endpoint that Docker has forgotten

If several Docker daemons use this driver, DOCKER_HOST says which one is asked:
make sure that the thing is not another one's.")]
pub(crate) struct Remove {
    /// A network, or an endpoint in one: names of networks, or ids, whose beginnings are enough
    #[arg(value_name = "NETWORK[/ENDPOINT]", required = true)]
    pub(crate) subjects: Vec<String>,
    /// Do so even if Docker does not answer whether it still has it
    #[arg(long)]
    pub(crate) force: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
