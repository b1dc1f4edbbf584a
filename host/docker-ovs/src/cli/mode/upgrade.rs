//! `docker-ovs mode upgrade`.

use clap::Args;

/// Move a network to the module that its mode's name means now, with the containers on it
///
/// A network keeps the module that it was created with, whatever becomes of the file. The new one is asked for the plans
/// of the network, of its endpoints and of their published ports, and its permissions hold for all of them. What changes
/// is shown first, step by step; what does not is not touched, so that running containers keep their links. What is
/// confirmed is what is done: if something changed meanwhile, nothing is. If any of it fails, all is taken back.
///
/// A module that would give a running container another link (another MTU, say) is refused, and so is one that lacks an
/// option that the network was created with. What Docker is told of an endpoint, as its gateway, takes effect when the
/// container is started again.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  docker-ovs mode upgrade web --dry-run
  docker-ovs mode upgrade web --yes
  docker-ovs mode upgrade web --to sha256:9f2c...
                                    another module than the name means, or back

Exit codes: 0 upgraded, or nothing to do; 64 not confirmed; 65 refused, or
failed and taken back; 66 no such network or mode; 69 the driver or Open
vSwitch is away, or something on the network is still being removed.")]
pub(crate) struct Upgrade {
    /// The network's name, its id, or a beginning of its id that no other has
    #[arg(value_name = "NETWORK")]
    pub(crate) network: String,
    /// Another mode's name, or a module's whole digest [default: the name of the network's mode]
    #[arg(long, value_name = "NAME|DIGEST")]
    pub(crate) to: Option<String>,
    /// Show what would change, and change nothing
    #[arg(long, conflicts_with = "yes")]
    pub(crate) dry_run: bool,
    /// Do not ask
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
