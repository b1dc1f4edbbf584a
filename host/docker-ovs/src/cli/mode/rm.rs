//! `docker-ovs mode rm`.

use clap::Args;

/// Remove a module of this site and what it is granted
///
/// A module that networks use is not removed, and the networks are named. With --force its file is: no new network gets
/// it, and those that have it keep working, with the driver's own copy and what it is granted. Their grants go with a
/// second `mode rm`, once the networks are gone or upgraded.
#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  docker-ovs mode rm lab

Exit codes: 65 networks use it, or it is the default mode or a built-in one;
66 no such mode; 69 no driver runs that could say who uses it; 77 not root")]
pub(crate) struct Rm {
    /// The mode
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// Remove the file even if networks use it, or if nobody can say so
    #[arg(long)]
    pub(crate) force: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
