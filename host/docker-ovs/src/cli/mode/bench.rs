//! `docker-ovs mode bench`.

use std::path::PathBuf;

use clap::Args;

use super::subject::Built;

/// What a mode's answers cost, and what its module takes
///
/// Asks the questions of the project's fixtures, each many times, always in a fresh instance as the driver does, and shows
/// fuel, memory and time beside their limits. Fuel is the same on every machine: it is compared with the last run's, which
/// is kept in .mode-bench.json in the project's folder (not where CI is set: a build compares and writes nothing).
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  docker-ovs mode bench
  docker-ovs mode bench --max-regression 5 lab/
                                    fails if an answer takes 5 % more fuel
  docker-ovs mode bench tests/ports.toml --module nat

Exit codes:
  0   measured
  1   an answer takes more fuel than --max-regression allows; the last run
      stays what is compared with
  2   a fixture or the manifest is wrong, there is no project or no module, or
      there is nothing to compare with and nothing can be kept for the next time
  3   the mode broke: a trap, a limit, an answer that cannot be read; or the
      driver would not take the module
  4   it is not deterministic
  69  it could not be run")]
pub(crate) struct Bench {
    /// The mode's folder, which has a mode.toml, or a file of fixtures
    #[arg(value_name = "DIR|FILE", default_value = ".")]
    pub(crate) project: PathBuf,
    #[command(flatten)]
    pub(crate) built: Built,
    /// Fail if an answer takes more fuel than the last time, by more than so many percent
    #[arg(long, value_name = "PERCENT")]
    pub(crate) max_regression: Option<f64>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
