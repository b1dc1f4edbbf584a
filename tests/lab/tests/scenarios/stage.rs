//! What a scenario starts from: nothing, or a host with everything started.
//!
//! Each gets a host of its own. With `LAB_SHARED`, for machines where starting one takes long, hosts are used again and
//! again, as many as there are scenarios at a time.

use lab::{Docker, Host, World};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Hosts that no scenario uses at the moment, each before its world, so that it ends first.
static FREE: Mutex<Vec<(Host, World)>> = Mutex::new(Vec::new());

/// Runs a scenario that starts what it needs.
pub(crate) fn on_its_own(docker: Docker, scenario: fn(Docker)) {
    scenario(docker);
}

/// Runs a scenario on a host with everything started, in its world, both of which it leaves as it found them.
///
/// One that fails takes its host along, and the logs are printed: what comes after it is not tried on what it left.
pub(crate) fn on_a_host(docker: Docker, scenario: fn(&World, &Host)) {
    let (world, host) = taken(docker).unwrap_or_else(|| {
        let mut world = World::new();
        let host = world.host(docker);
        (world, host)
    });
    scenario(&world, &host);
    if std::env::var_os("LAB_SHARED").is_some() {
        free().push((host, world));
    }
}

fn taken(docker: Docker) -> Option<(World, Host)> {
    let mut free = free();
    let at = free.iter().position(|(host, _)| host.docker == docker)?;
    let (host, world) = free.swap_remove(at);
    Some((world, host))
}

fn free() -> MutexGuard<'static, Vec<(Host, World)>> {
    FREE.lock().unwrap_or_else(PoisonError::into_inner)
}
