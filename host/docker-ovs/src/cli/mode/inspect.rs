//! `docker-ovs mode inspect`.

use clap::Args;

use super::subject::Named;

/// What a module says about itself and what it would be granted here, without running it
///
/// The checks that the driver makes before it takes a module are made first: what is wrong is said, with what to do.
/// Whether it starts and fits the contract's types shows when it runs, as in `docker-ovs mode test`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  docker-ovs mode inspect nat
  docker-ovs mode inspect ./lab.wasm
  docker-ovs mode inspect .             what was built in this folder
  docker-ovs mode inspect --json lab.wasm | jq -r .digest

Exit codes:
  0   it is a mode
  65  it is a file that the driver does not take
  66  there is no such mode or file")]
pub(crate) struct Inspect {
    #[command(flatten)]
    pub(crate) named: Named,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
