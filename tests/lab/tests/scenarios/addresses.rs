//! Addresses: what the user asked for is what the container has and what Docker shows.

use lab::{Docker, Place as _, World};

on_both_dockers!(asked_addresses_are_honoured, without_a_mac_one_is_made_and_shown);

/// A network with both families.
const CREATE: &str = "docker network create -d ovs --opt mode=nat --subnet 10.77.0.0/24 --ipv6 --subnet fd77::/64 web";
/// The MAC that Docker shows.
const MAC: &str = "{{.NetworkSettings.Networks.web.MacAddress}}";

fn asked_addresses_are_honoured(docker: Docker) {
    let mut world = World::new();
    let host = world.host(docker);
    host.sh(CREATE);
    let asked = "--network web --ip 10.77.0.77 --ip6 fd77::77 --mac-address 02:77:00:00:00:77";
    let left = host.start_container("left", asked);
    assert_eq!(left.address("web"), "10.77.0.77");
    assert_eq!(left.address_v6("web"), "fd77::77");
    assert_eq!(left.inspect(MAC), "02:77:00:00:00:77");
    let inside = left.does("ip address");
    for address in ["inet 10.77.0.77/24", "inet6 fd77::77/64", "link/ether 02:77:00:00:00:77"] {
        assert!(inside.contains(address), "no {address} in {inside}");
    }
    let right = host.start_container("right", "--network web");
    right.pings("10.77.0.77");
    right.pings("fd77::77");
}

fn without_a_mac_one_is_made_and_shown(docker: Docker) {
    let mut world = World::new();
    let host = world.host(docker);
    host.sh(CREATE);
    let left = host.start_container("left", "--network web --ip 10.77.0.9");
    let shown = left.inspect(MAC);
    assert!(left.does("ip link").contains(&shown) && shown.len() == 17, "{shown} is what the container has");
    host.sh("docker rm -f left");
    let again = host.start_container("again", "--network web --ip 10.77.0.9");
    assert_eq!(again.inspect(MAC), shown, "made from network and address: the neighbours' caches stay right");
    let other = host.start_container("other", "--network web --ip 10.77.0.10");
    assert_ne!(other.inspect(MAC), shown);
}
