//! `docker-ovs mode test`.

use std::path::PathBuf;

use clap::Args;

/// Test a mode by its fixtures, without root, Docker or Open vSwitch
///
/// Asks the module that is shipped, in the driver's own sandbox, what its fixtures (tests/*.toml) say, every question twice,
/// and lets the driver's own guard judge the plans. The fixtures' format is in docs/mode-tests.md.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  docker-ovs mode test                     the mode in this folder
  docker-ovs mode test tests/mtu.toml      one file of fixtures
  docker-ovs mode test -k vlan --watch     what is about VLANs, at every change
  docker-ovs mode test --bless             write down what cases that expect
                                           nothing get now
  docker-ovs mode test --min-coverage 90 --junit report.xml
  docker-ovs mode test --module nat mine/  what this host's mode nat makes of
                                           these fixtures

Exit codes:
  0   all passed
  1   a case failed, or less was covered than --min-coverage says
  2   a fixture or the manifest is wrong, or there is no module
  3   the module broke: a trap, a limit, an answer that cannot be read; or the
      driver would not take it
  4   the module is not deterministic
  69  it could not be run")]
pub(crate) struct Test {
    /// The mode's folder, a folder of fixtures, or a file of them
    #[arg(value_name = "DIR|FILE", default_value = ".")]
    pub(crate) path: PathBuf,
    /// The module, or a mode of this host [default: the newest that was built in the mode's folder]
    #[arg(long, value_name = "FILE|MODE")]
    pub(crate) module: Option<String>,
    /// Only what has this in its file's or its own name, in any case
    #[arg(short = 'k', value_name = "PATTERN")]
    pub(crate) pattern: Option<String>,
    /// Fail if less of the contract is exercised, in percent
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(..=100), conflicts_with = "pattern")]
    pub(crate) min_coverage: Option<u8>,
    /// Write down what cases that expect nothing yet get now; not where CI is set
    #[arg(long)]
    pub(crate) bless: bool,
    /// Print JSON
    #[arg(long, conflicts_with_all = ["tap", "watch"])]
    pub(crate) json: bool,
    /// Print TAP, the Test Anything Protocol
    #[arg(long, conflicts_with = "watch")]
    pub(crate) tap: bool,
    /// Write a JUnit report, too
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    /// Test again whenever the module, the manifest or a fixture changes, until interrupted
    #[arg(long)]
    pub(crate) watch: bool,
}
