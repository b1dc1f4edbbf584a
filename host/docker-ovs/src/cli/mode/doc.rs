//! `docker-ovs mode doc`.

use clap::Args;

use super::subject::Named;

/// A page about a mode for those who use it, in Markdown
///
/// How networks of it are created, its options with their other names, whether it needs a gateway address, and what it has
/// to be granted.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  docker-ovs mode doc nat
  docker-ovs mode doc ./lab.wasm > lab.md

Exit codes:
  0   it is a mode
  65  it is a file that the driver does not take
  66  there is no such mode or file")]
pub(crate) struct Doc {
    #[command(flatten)]
    pub(crate) named: Named,
}
