//! What goes wrong with OVN below networks that containers are on: its database loses everything, or is away when the driver
//! starts; what connects this host ends and comes again.

use lab::{Central, Docker, Host, World};
use std::time::Duration;

const LONG: Duration = Duration::from_secs(30);

/// As an operator who starts OVN's database anew.
fn empty(central: &Central) {
    central.nbctl("-- --all destroy Logical_Switch -- --all destroy Logical_Router");
}

/// Waits until a container reaches its gateway, and one that is new does at once.
fn connects(host: &Host) {
    host.until(LONG, "docker exec old ping -c 1 -W 1 10.1.0.1");
    host.sh("docker run --rm --network red lab ping -c 3 -W 5 10.1.0.1");
}

#[test]
fn what_ovn_lost_comes_back_and_containers_with_it() {
    let mut world = World::new();
    let mut central = world.central();
    let mut host = world.ovn_host(Docker::Newest, &central);
    let before = central.northbound();
    host.sh("docker network create -d ovs -o mode=ovn --subnet 10.1.0.0/24 red");
    host.start_container("old", "--network red");
    connects(&host);
    let with_one = central.northbound();

    // Emptied while the driver runs.
    empty(&central);
    central.northbound_returns_to(&with_one);
    connects(&host);

    host.kill_ovn_controller();
    host.sh("docker exec old ping -c 3 -W 5 10.1.0.1");
    host.start_ovn_controller();
    connects(&host);

    // Emptied while it does not, and away when it starts.
    host.kill_driver();
    empty(&central);
    central.kill_northbound();
    host.start_driver();
    host.sh("docker ps && docker network inspect red");
    let said = host.fails("docker network create -d ovs -o mode=ovn --subnet 10.2.0.0/24 blue 2>&1");
    assert!(said.contains("northbound database does not answer"), "{said}");
    central.start_northbound();
    central.northbound_returns_to(&with_one);
    connects(&host);

    host.sh("docker rm -f old && docker network rm red");
    central.northbound_returns_to(&before);
    host.until(LONG, "test -z \"$(ovs-vsctl list-ports br-int)\"");
}
