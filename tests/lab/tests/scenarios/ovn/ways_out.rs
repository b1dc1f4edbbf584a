//! How containers leave their VRF: by their host, by Docker's own bridge, or not at all.

use super::{create, hosts, hosts_with, leave};
use lab::{Docker, OUTSIDE, Place as _, World};

on_both_dockers!(dockers_own_bridge_is_the_way_out_or_there_is_none);

#[test]
fn each_host_is_the_way_out_of_its_containers_and_publishes_them() {
    let mut world = World::new();
    let central = world.central();
    let before = central.northbound();
    let hosts = hosts(&mut world, &central);
    let [one, two] = &hosts;
    create(&hosts, "--subnet 10.1.0.0/24 red");
    create(&hosts, "--subnet 10.2.0.0/24 blue");
    let left = one.start_container("left", "--network red --ip 10.1.0.5 -p 8080:5000");
    let near = one.start_container("near", "--network blue --ip 10.2.0.6");
    let right = two.start_container("right", "--network blue --ip 10.2.0.5 -p 8080:5000");
    for (container, address, name) in [(left, "192.0.2.1", "left"), (right, "192.0.2.2", "right")] {
        assert_eq!(container.asks("tcp", OUTSIDE, 5000).from, address);
        assert_eq!(world.outside.asks("tcp", address, 8080).name, name);
    }
    for (from, to, own) in
        [(left, "10.2.0.5", "10.1.0.5"), (right, "10.1.0.5", "10.2.0.5"), (near, "10.1.0.5", "10.2.0.6")]
    {
        assert_eq!(from.asks("tcp", to, 5000).from, own, "the VRF's other subnets are routed");
    }
    create(&hosts[..1], "-o egress=none --subnet 10.3.0.0/24 green");
    let closed = one.start_container("closed", "--network green --cap-add NET_ADMIN");
    assert_eq!(closed.asks("tcp", "10.2.0.5", 5000).name, "right");
    closed.does("ip route add default via 10.3.0.1");
    closed.cannot_reach(&[OUTSIDE]);
    leave(&hosts[..1], "green");
    leave(&hosts, "red blue");
    central.northbound_returns_to(&before);
}

fn dockers_own_bridge_is_the_way_out_or_there_is_none(docker: Docker) {
    let mut world = World::new();
    let central = world.central();
    let before = central.northbound();
    let hosts = hosts_with(docker, &mut world, &central);
    let [one, two] = &hosts;
    create(&hosts[..1], "-o egress=docker --subnet 10.1.0.0/24 red");
    create(&hosts, "-o egress=none --subnet 10.2.0.0/24 blue");
    let through = one.start_container("through", "--network red --ip 10.1.0.5 -p 8080:5000");
    let alone = one.start_container("alone", "--network blue --ip 10.2.0.5 -p 8081:5000");
    let far = two.start_container("far", "--network blue --ip 10.2.0.6");
    assert_eq!(through.asks("tcp", OUTSIDE, 5000).from, "192.0.2.1", "Docker hides it behind the host");
    assert_eq!(through.asks("tcp", "10.2.0.6", 5000).from, "10.1.0.5", "the VRF's other subnets are routed");
    assert_eq!(alone.asks("tcp", "10.2.0.6", 5000).name, "far");
    for container in [alone, far] {
        container.pings("10.1.0.5");
        container.cannot_reach(&[OUTSIDE]);
    }
    assert_eq!(world.outside.asks("tcp", "192.0.2.1", 8080).name, "through", "Docker publishes it");
    world.outside.cannot_ask("tcp", "192.0.2.1", 8081);
    leave(&hosts[..1], "red blue");
    leave(&hosts[1..], "blue");
    central.northbound_returns_to(&before);
}

#[test]
fn a_host_is_not_the_way_out_of_two_vrfs_with_the_same_addresses() {
    let mut world = World::new();
    let central = world.central();
    let before = central.northbound();
    let hosts = [world.ovn_host(Docker::Newest, &central)];
    let [host] = &hosts;
    create(&hosts, "-o vrf=red --ipam-driver ovs --ipam-opt vrf=red --subnet 10.1.0.0/24 red");
    let left = host.start_container("left", "--network red");
    let looked = (host.snapshot(), central.northbound());
    let said = host.fails(
        "docker network create -d ovs -o mode=ovn -o vrf=blue --ipam-driver ovs --ipam-opt vrf=blue --subnet 10.1.0.0/16 blue 2>&1",
    );
    for words in ["10.1.0.0/16 overlaps 10.1.0.0/24", "another egress"] {
        assert!(said.contains(words), "no `{words}` in {said}");
    }
    host.returns_to(&looked.0);
    central.northbound_returns_to(&looked.1);
    assert_eq!(left.asks("tcp", OUTSIDE, 5000).from, "192.0.2.1");
    leave(&hosts, "red");
    central.northbound_returns_to(&before);
}

#[test]
fn what_a_host_reaches_by_itself_is_never_routed_to_a_network() {
    let mut world = World::new();
    let central = world.central();
    let hosts = hosts(&mut world, &central);
    let [host, _] = &hosts;
    let before = (host.snapshot(), central.northbound());
    for (subnet, there) in [
        ("--subnet 192.0.2.0/24", "192.0.2.0/24 by eth0"),
        ("--subnet 192.0.0.0/16", "192.0.2.0/24 by eth0"),
        ("--subnet 192.0.2.128/25", "192.0.2.0/24 by eth0"),
        ("--ipv6 --subnet 10.1.0.0/24 --subnet 2001:db8::/64", "2001:db8::/64 by eth0"),
        ("--ipam-driver ovs --subnet 172.17.0.0/16", "172.17.0.0/16 by docker0"),
    ] {
        let said = host.fails(&format!("docker network create -d ovs -o mode=ovn {subnet} red 2>&1"));
        for words in [&format!("this host reaches {there}, "), "give another subnet, or another way out"] {
            assert!(said.contains(words), "{subnet}: no `{words}` in {said}");
        }
        host.returns_to(&before.0);
        central.northbound_returns_to(&before.1);
    }
    create(&hosts[..1], "-o egress=none --subnet 192.0.2.0/24 red");
    assert_eq!(host.sh("ip route show 192.0.2.0/24").lines().count(), 1, "containers reach it, and this host its LAN");
    leave(&hosts[..1], "red");
    central.northbound_returns_to(&before.1);
}
