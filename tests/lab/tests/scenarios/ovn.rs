//! `ovn` networks: the same on every host that creates them, routed within a VRF, on a real OVN.

use lab::{Central, Docker, Host, OUTSIDE, Place as _, World};

/// Two hosts of one OVN.
fn hosts(world: &mut World, central: &Central) -> [Host; 2] {
    let hosts = [(); 2].map(|()| world.ovn_host(Docker::Newest, central));
    hosts[0].meets(&[&hosts[1]]);
    hosts[1].meets(&[&hosts[0]]);
    hosts
}

/// What the document of the driver that this one replaces asks for, in the mode that it has.
const DOCUMENTS: &str = "docker network create -d ovs -o mode=ovn --subnet=10.10.10.0/23 --gateway=10.10.10.1 \
--ip-range 10.10.10.32/27 --opt vrf=default public";

#[test]
fn a_network_spans_hosts_leaves_by_each_and_goes_with_the_last() {
    let mut world = World::new();
    let central = world.central();
    let before = central.northbound();
    let [one, two] = hosts(&mut world, &central);
    let empty = [&one, &two].map(|host| host.snapshot());
    one.sh(DOCUMENTS);
    two.sh(DOCUMENTS);
    let left = one.start_container("left", "--network public --ip 10.10.10.40 -p 8080:5000");
    let right = two.start_container("right", "--network public --ip 10.10.10.41");

    left.pings("10.10.10.41");
    left.exchanges("10.10.10.41", 16);
    left.does("ping -c 1 -w 5 -s 1414 10.10.10.41");
    assert_eq!(left.asks("tcp", OUTSIDE, 5000).from, "192.0.2.1", "hidden behind the host that it is on");
    assert_eq!(right.asks("tcp", OUTSIDE, 5000).from, "192.0.2.2", "hidden behind the host that it is on");
    assert_eq!(world.outside.asks("tcp", "192.0.2.1", 8080).name, "left");
    assert_eq!(left.asks("tcp", "192.0.2.1", 8080).name, "left", "its own published port");
    assert_eq!(right.asks("tcp", "192.0.2.1", 8080).name, "left");

    one.sh("docker rm -f left && docker network rm public");
    right.pings("10.10.10.1");
    two.sh("docker rm -f right && docker network rm public");
    for (host, empty) in [&one, &two].into_iter().zip(&empty) {
        host.returns_to(empty);
    }
    central.northbound_returns_to(&before);
}

#[test]
fn networks_of_a_vrf_are_routed_and_rules_hold() {
    let mut world = World::new();
    let central = world.central();
    let [one, two] = hosts(&mut world, &central);
    for (host, network) in [(&one, "10.1.0.0/24 red"), (&two, "10.1.0.0/24 red"), (&two, "10.2.0.0/24 blue")] {
        host.sh(&format!("docker network create -d ovs -o mode=ovn -o icc=false --subnet {network}"));
    }
    let left = one.start_container("left", "--network red --ip 10.1.0.5");
    two.start_container("right", "--network red --ip 10.1.0.6");
    two.start_container("other", "--network blue --ip 10.2.0.5");
    left.pings("10.2.0.5");
    assert_eq!(left.asks("tcp", "10.2.0.5", 5000).from, "10.1.0.5", "routed, not hidden");
    left.cannot_reach(&["10.1.0.6"]);
}
