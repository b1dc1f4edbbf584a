//! `docker-ovs mode`: one file for each command's arguments.

mod inspect;

use clap::Subcommand;

pub(crate) use self::inspect::Inspect;

/// Modes: the modules that say what networks mean
#[derive(Debug, Subcommand)]
pub(crate) enum Mode {
    Inspect(Inspect),
}
