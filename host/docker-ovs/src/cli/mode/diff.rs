//! `docker-ovs mode diff`.

use clap::Args;

/// What changed between two modules, permissions first
///
/// Says what the new one asks for that the old one did not, what changed in its options, whether an upgrade needs a new
/// grant, and what networks of the old one may have that the new one would refuse. Runs neither.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  docker-ovs mode diff lab ./lab.wasm
  docker-ovs mode diff lab .            what is in use, and what was built here
  docker-ovs mode diff lab-1.wasm lab-2.wasm
  docker-ovs mode diff --json lab ./lab.wasm | jq .upgrade.refused

Exit codes, those of diff:
  0   the two are one file, byte for byte
  1   they are not
  65  one is a file that the driver does not take
  66  there is no such mode or file")]
pub(crate) struct Diff {
    /// The old one: a mode of this host; or a file or a mode's folder: anything with a dot or a slash
    #[arg(value_name = "OLD")]
    pub(crate) old: String,
    /// The new one, likewise
    #[arg(value_name = "NEW")]
    pub(crate) new: String,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
