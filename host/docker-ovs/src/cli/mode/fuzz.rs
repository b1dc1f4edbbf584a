//! `docker-ovs mode fuzz`.

use std::path::{Path, PathBuf};

use clap::{Args, value_parser};
use mode_tools::fuzz::Seed;

use super::subject::Built;

/// Ask a mode what nobody thought of, and see whether it behaves
///
/// Networks, endpoints, published ports and facts are made up from the contract, options from the schema in the mode's
/// manifest. Whatever a mode is asked, it answers without breaking, gives the same answer for the same fuel in two fresh
/// instances, plans only what the driver's guard admits under the capabilities that its manifest asks for, leaves nothing
/// when its plan is undone, and refuses with a code and an option that exists. Where that is not so, the question is made
/// as small as it gets and written as a fixture, which `docker-ovs mode test` then shows failing.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  docker-ovs mode fuzz                       the mode in this folder, for 10 s
  docker-ovs mode fuzz --seconds 60 lab/
  docker-ovs mode fuzz --seed 7c1d03ab --runs 5000
                                             the same inputs again
  docker-ovs mode fuzz --module nat          a mode of this host

Exit codes:
  0   every property held
  1   the guard would refuse a plan, something would be left, or a refusal
      is no help
  2   there is no project or no module, or the manifest is wrong
  3   the mode broke: a trap, a limit, an answer that cannot be read; or the
      driver would not take the module
  4   it is not deterministic
  69  it could not be run")]
pub(crate) struct Fuzz {
    /// The mode's folder, which has a mode.toml, or its module
    #[arg(value_name = "DIR|FILE", default_value = ".")]
    pub(crate) project: PathBuf,
    #[command(flatten)]
    pub(crate) built: Built,
    /// How long to go on
    #[arg(long, value_name = "N", default_value_t = 10, conflicts_with = "runs", value_parser = value_parser!(u64).range(1..))]
    pub(crate) seconds: u64,
    /// How many inputs to try instead
    #[arg(long, value_name = "N", value_parser = value_parser!(u64).range(1..))]
    pub(crate) runs: Option<u64>,
    /// What the inputs are made from, a hexadecimal number: the same ones for the same seed [default: another each time]
    #[arg(long, value_name = "SEED")]
    pub(crate) seed: Option<Seed>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

impl Fuzz {
    /// The module that is named, in either way; none: the project's own.
    pub(crate) fn module(&self) -> Option<String> {
        let file = || self.project.is_file().then(|| Path::new(".").join(&self.project).display().to_string());
        self.built.module.clone().or_else(file)
    }
}
