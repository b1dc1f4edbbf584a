//! What limits a container's port on OVN.

use super::{create, hosts, leave};
use crate::limits::{RATE, measured};
use lab::{Docker, Place as _, World};

#[test]
fn who_passes_for_another_reaches_nobody_and_what_is_allowed_may_be_shared() {
    let mut world = World::new();
    let central = world.central();
    let hosts = hosts(&mut world, &central);
    let [one, two] = &hosts;
    create(&hosts, "-o allowed_addresses=10.1.0.100 --subnet 10.1.0.0/24 red");
    let left = one.start_container("left", "--network red --ip 10.1.0.5 --cap-add NET_ADMIN");
    one.start_container("near", "--network red --ip 10.1.0.7");
    two.start_container("right", "--network red --ip 10.1.0.6");
    left.does("for last in 77 100; do ip address add 10.1.0.$last/24 dev eth0; done");
    for other in ["10.1.0.6", "10.1.0.7"] {
        left.pings(&format!("-I 10.1.0.5 {other}"));
        left.pings(&format!("-I 10.1.0.100 {other}"));
        left.cannot_ping(&format!("-I 10.1.0.77 {other}"));
    }
    left.does("ip link set eth0 address 02:00:00:00:00:99");
    left.cannot_reach(&["10.1.0.6", "10.1.0.7"]);
    leave(&hosts, "red");
}

#[test]
fn traffic_is_as_fast_as_its_rate() {
    let mut world = World::new();
    let central = world.central();
    let before = central.northbound();
    let hosts = [world.ovn_host(Docker::Newest, &central)];
    create(&hosts, "--subnet 10.1.0.0/24 -o rate.ingress=20mbit red");
    create(&hosts, "--subnet 10.2.0.0/24 -o rate.egress=20mbit blue");
    for (network, address) in [("red", "10.1.0.5"), ("blue", "10.2.0.5")] {
        hosts[0].start_container(network, &format!("--network {network} --ip {address}"));
        let rate = measured(&hosts[0], address);
        assert!((RATE * 0.85..RATE * 1.15).contains(&rate), "{network}: {rate:.1} Mbit/s instead of {RATE}");
    }
    leave(&hosts, "red blue");
    central.northbound_returns_to(&before);
}
