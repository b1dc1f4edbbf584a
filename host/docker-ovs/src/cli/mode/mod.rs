//! `docker-ovs mode`: one file for each command's arguments.

mod diff;
mod doc;
mod inspect;
mod new;
mod pack;
mod test;

use clap::Subcommand;

pub(crate) use self::diff::Diff;
pub(crate) use self::doc::Doc;
pub(crate) use self::inspect::Inspect;
pub(crate) use self::new::New;
pub(crate) use self::pack::Pack;
pub(crate) use self::test::Test;

/// Modes: the modules that say what networks mean
#[derive(Debug, Subcommand)]
pub(crate) enum Mode {
    Diff(Diff),
    Doc(Doc),
    New(New),
    Test(Test),
    Inspect(Inspect),
    Pack(Pack),
}
