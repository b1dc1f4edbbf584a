//! Open vSwitch that comes after the driver.

use lab::{Docker, LONG, Place as _, World};
use std::time::{Duration, Instant};

#[test]
fn without_open_vswitch_a_network_is_refused_in_time_and_with_it_all_works() {
    let mut world = World::new();
    let mut host = world.bare_host(Docker::Newest);
    host.start_docker();
    host.start_driver_with_own_deadlines();
    let started = Instant::now();
    let said = host.fails("docker network create -d ovs --opt mode=nat web");
    assert!(started.elapsed() < Duration::from_secs(40), "the deadline is 10 s, it took {:?}", started.elapsed());
    assert!(said.contains("Open vSwitch") && said.contains("db.sock"), "says what it waited for: {said}");
    assert!(!host.sh("docker network ls").contains("web"));

    host.start_ovs();
    host.until(LONG, "docker network create -d ovs --opt mode=nat web");
    let left = host.start_container("left", "--network web");
    host.start_container("right", "--network web");
    left.exchanges("right", 16);
}
