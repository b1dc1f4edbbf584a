//! `docker-ovs mode`: one file for each command's arguments.

mod inspect;
mod pack;

use clap::Subcommand;

pub(crate) use self::inspect::Inspect;
pub(crate) use self::pack::Pack;

/// Modes: the modules that say what networks mean
#[derive(Debug, Subcommand)]
pub(crate) enum Mode {
    Inspect(Inspect),
    Pack(Pack),
}
