//! `docker-ovs mode`: one file for each command's arguments.

mod add;
mod bench;
mod diff;
mod doc;
mod fuzz;
mod inspect;
mod ls;
mod new;
mod pack;
mod rm;
mod subject;
mod test;
mod upgrade;

use clap::Subcommand;

pub(crate) use self::add::Add;
pub(crate) use self::bench::Bench;
pub(crate) use self::diff::Diff;
pub(crate) use self::doc::Doc;
pub(crate) use self::fuzz::Fuzz;
pub(crate) use self::inspect::Inspect;
pub(crate) use self::ls::Ls;
pub(crate) use self::new::New;
pub(crate) use self::pack::Pack;
pub(crate) use self::rm::Rm;
pub(crate) use self::test::Test;
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
    Test(Test),
    Fuzz(Fuzz),
    Bench(Bench),
    Inspect(Inspect),
    Pack(Pack),
}
