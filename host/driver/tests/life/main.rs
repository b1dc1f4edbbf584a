//! The life of networks and endpoints, with the real modes in their sandbox and a real store, on a dataplane in memory.

#![allow(clippy::unwrap_used, reason = "a test that meets an error has failed")]

mod addresses;
mod admission;
mod away;
#[path = "../../../policy/tests/hostile/build.rs"]
mod build;
mod containers;
mod endpoints;
mod fake;
mod forgotten;
mod house;
mod joins;
mod listening;
mod log;
mod meshes;
mod modes;
mod networks;
mod ovn;
mod ports;
mod publishers;
mod records;
mod restarts;
mod secrets;
#[path = "../../../ovsdb/tests/it/support/server.rs"]
#[allow(dead_code, reason = "the tests of the client need more of it")]
mod server;
mod shared;
mod swarm;
mod tunnels;
mod upgrades;
mod ways;

use std::future::Future;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    // Modules are compiled by a re-execution of this program.
    if let Some(code) = policy::compile_child() {
        return code;
    }
    let tests = [
        networks::all(),
        endpoints::all(),
        ports::all(),
        restarts::all(),
        shared::all(),
        swarm::all(),
        meshes::all(),
        ways::all(),
        forgotten::all(),
        admission::all(),
        joins::all(),
        containers::all(),
        publishers::all(),
        upgrades::all(),
        away::all(),
        modes::all(),
        records::all(),
        addresses::all(),
        secrets::all(),
        ovn::all(),
        tunnels::all(),
    ];
    libtest_mimic::run(&Arguments::from_args(), tests.into_iter().flatten().collect()).exit_code()
}

/// A test, in a runtime of its own.
fn test<F: Future<Output = ()> + 'static>(name: &str, body: fn() -> F) -> Trial {
    Trial::test(name, move || {
        tokio::runtime::Runtime::new()?.block_on(body());
        Ok(())
    })
}
