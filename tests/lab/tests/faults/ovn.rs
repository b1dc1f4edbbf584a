//! What goes wrong with OVN below networks that containers are on: its database loses everything, or is away when the driver
//! starts; what connects this host ends and comes again; Open vSwitch dies.

use crate::security::arrives;
use lab::{Central, Docker, Host, LONG, OUTSIDE, Place as _, World};

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
    host.start_driver_with_own_deadlines();
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

/// Waits until a container leaves by its host and reaches the VRF's other network, and its rate is kept.
#[track_caller]
fn is_well(host: &Host) {
    host.until(LONG, &format!("docker exec left lab-peer ask tcp {OUTSIDE} 5000"));
    host.until(LONG, "docker exec left lab-peer ask tcp 10.2.0.5 5000");
    host.until(LONG, "ovs-ofctl -O OpenFlow13 dump-meters br-int | grep rate=20000");
    let left = host.container("left");
    assert_eq!(left.asks("tcp", OUTSIDE, 5000).from, "192.0.2.1", "hidden behind its host");
    assert_eq!(left.asks("tcp", "10.2.0.5", 5000).from, "10.1.0.5", "routed, not hidden");
}

#[test]
fn who_is_secured_passes_for_nobody_else_while_open_vswitch_dies_and_all_comes_back() {
    let mut world = World::new();
    let central = world.central();
    let mut host = world.ovn_host(Docker::Newest, &central);
    let before = central.northbound();
    host.sh("docker network create -d ovs -o mode=ovn -o rate.egress=20mbit --subnet 10.1.0.0/24 red");
    host.sh("docker network create -d ovs -o mode=ovn --subnet 10.2.0.0/24 blue");
    host.start_container("left", "--network red --ip 10.1.0.5");
    host.start_container("right", "--network blue --ip 10.2.0.5");
    is_well(&host);
    assert_eq!(arrives(&mut host, "--opt mode=ovn --opt port_security=true"), "");
    is_well(&host);
    host.sh("docker rm -f left right && docker network rm red blue");
    central.northbound_returns_to(&before);
    host.until(LONG, "test -z \"$(ovs-vsctl list-ports br-int)\"");
}
