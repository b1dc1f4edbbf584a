//! `docker-ovs mode`: one file for each command's arguments.

mod add;
mod diff;
mod doc;
mod inspect;
mod ls;
mod new;
mod pack;
mod rm;
mod upgrade;

use clap::Subcommand;

pub(crate) use self::add::Add;
pub(crate) use self::diff::Diff;
pub(crate) use self::doc::Doc;
pub(crate) use self::inspect::Inspect;
pub(crate) use self::ls::Ls;
pub(crate) use self::new::New;
pub(crate) use self::pack::Pack;
pub(crate) use self::rm::Rm;
pub(crate) use self::upgrade::Upgrade;

/// Modes: the modules that say what networks mean
#[derive(Debug, Subcommand)]
pub(crate) enum Mode {
    Ls(Ls),
    Add(Add),
    Rm(Rm),
    Upgrade(Upgrade),
    Diff(Diff),
    Doc(Doc),
    New(New),
    Inspect(Inspect),
    Pack(Pack),
}
