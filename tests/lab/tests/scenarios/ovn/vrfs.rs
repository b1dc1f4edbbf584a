//! What is within a VRF, and what is not.

use super::{create, hosts, leave};
use crate::trunks::inside;
use lab::{Docker, OUTSIDE, OUTSIDE_V6, Place as _, World};

#[test]
fn networks_of_a_vrf_are_routed_and_rules_hold_in_both_families() {
    let mut world = World::new();
    let central = world.central();
    let hosts = hosts(&mut world, &central);
    let [one, two] = &hosts;
    create(&hosts, "-o icc=false --ipv6 --subnet 10.1.0.0/24 --subnet 10.3.0.0/24 --subnet fd01::/64 red");
    create(&hosts[1..], "-o icc=false --ipv6 --subnet 10.2.0.0/24 --subnet fd02::/64 blue");
    let left = one.start_container("left", "--network red --ip 10.1.0.5 --ip6 fd01::5");
    two.start_container("right", "--network red --ip 10.1.0.6 --ip6 fd01::6");
    one.start_container("near", "--network red --ip 10.1.0.7 --ip6 fd01::7");
    two.start_container("second", "--network red --ip 10.3.0.6");
    let other = two.start_container("other", "--network blue --ip 10.2.0.5 --ip6 fd02::5");
    for (address, own) in [("10.2.0.5", "10.1.0.5"), ("fd02::5", "fd01::5")] {
        left.pings(address);
        assert_eq!(left.asks("tcp", address, 5000).from, own, "routed, not hidden");
    }
    let ours = [
        ("10.1.0.6", "right"),
        ("fd01::6", "right"),
        ("10.1.0.7", "near"),
        ("fd01::7", "near"),
        ("10.3.0.6", "second"),
    ];
    for (address, name) in ours {
        assert_eq!(other.asks("tcp", address, 5000).name, name, "it is there for others");
    }
    left.cannot_reach(&ours.map(|(address, _)| address));
}

#[test]
fn the_same_subnet_in_two_vrfs_is_two_networks() {
    let mut world = World::new();
    let central = world.central();
    let before = central.northbound();
    let hosts = hosts(&mut world, &central);
    let [one, two] = &hosts;
    let network = |vrf: &str, subnet: &str| {
        format!("-o vrf={vrf} --ipam-driver ovs --ipam-opt vrf={vrf} --subnet {subnet} -o egress=none")
    };
    for vrf in ["red", "blue"] {
        create(&hosts, &format!("{} {vrf}", network(vrf, "10.1.0.0/24")));
    }
    create(&hosts[1..], &format!("{} far", network("blue", "10.2.0.0/24")));
    for vrf in ["red", "blue"] {
        one.start_container(&format!("{vrf}-left"), &format!("--network {vrf} --ip 10.1.0.5 --cap-add NET_ADMIN"));
        two.start_container(&format!("{vrf}-right"), &format!("--network {vrf} --ip 10.1.0.6"));
    }
    two.start_container("far", "--network far --ip 10.2.0.5");
    for vrf in ["red", "blue"] {
        let answer = one.container(&format!("{vrf}-left")).asks("tcp", "10.1.0.6", 5000);
        assert_eq!(answer.name, format!("{vrf}-right"));
    }
    one.container("blue-left").pings("10.2.0.5");
    one.container("red-left").does("ip route add 10.2.0.0/24 via 10.1.0.1");
    one.container("red-left").cannot_reach(&["10.2.0.5"]);
    leave(&hosts[..1], "red blue");
    leave(&hosts[1..], "red blue far");
    central.northbound_returns_to(&before);
}

/// The host that both leave by has a way to each of them.
#[test]
fn vrfs_that_leave_by_the_same_host_do_not_meet_there() {
    let mut world = World::new();
    let central = world.central();
    let before = central.northbound();
    let hosts = [world.ovn_host(Docker::Newest, &central)];
    let [host] = &hosts;
    for (vrf, number) in [("red", 1), ("blue", 2)] {
        let subnets = format!("--ipv6 --subnet 10.{number}.0.0/24 --subnet fd0{number}::/64");
        create(&hosts, &format!("-o vrf={vrf} {subnets} {vrf}"));
        host.start_container(vrf, &format!("--network {vrf} --ip 10.{number}.0.5 --ip6 fd0{number}::5"));
        world.outside.sh(&format!(
            "ip route add 10.{number}.0.0/24 via 192.0.2.1 && ip route add fd0{number}::/64 via 2001:db8::1"
        ));
    }
    let red = (host.container("red"), ["10.1.0.5", "fd01::5"], ["10.1.0.1", "fd01::1"]);
    let blue = (host.container("blue"), ["10.2.0.5", "fd02::5"], ["10.2.0.1", "fd02::1"]);
    for ((from, own, gateways), (_, others, _)) in [(red, blue), (blue, red)] {
        for (other, gateway) in others.into_iter().zip(gateways) {
            let way = host.sh(&format!("{} ip route get {other}", inside(&from)));
            assert!(way.contains(&format!("via {gateway} ")), "it asks its gateway: {way}");
            host.asks("tcp", other, 5000);
        }
        from.cannot_reach(&others);
        world.outside.cannot_reach(&own);
        assert_eq!(from.asks("tcp", OUTSIDE, 5000).from, "192.0.2.1");
        assert_eq!(from.asks("tcp", OUTSIDE_V6, 5000).from, "2001:db8::1");
    }
    leave(&hosts, "red blue");
    central.northbound_returns_to(&before);
}
