//! One network on several hosts.

use super::{create, hosts, hosts_with, leave};
use crate::ipam::ADDRESSES;
use crate::trunks::inside;
use lab::{Container, Docker, Host, OUTSIDE, Place as _, World};
use std::collections::BTreeSet;

on_both_dockers!(a_network_spans_hosts_leaves_by_each_and_goes_with_the_last);

/// What the lab's Ethernet leaves in a tunnel.
const MTU: u16 = 1500 - 58;

/// A ping of one packet of `size` bytes that nobody may take apart; the image's ping cannot say that.
fn ping_whole(from: &Container<'_>, address: &str, size: u16) -> String {
    let heads = if address.contains(':') { 40 + 8 } else { 20 + 8 };
    format!("{} ping -M do -c 1 -w 5 -s {} {address}", inside(from), size - heads)
}

fn a_network_spans_hosts_leaves_by_each_and_goes_with_the_last(docker: Docker) {
    let mut world = World::new();
    let central = world.central();
    let before = central.northbound();
    let hosts = hosts_with(docker, &mut world, &central);
    let empty = hosts.each_ref().map(Host::snapshot);
    create(&hosts, "--ipv6 --subnet 10.10.10.0/23 --subnet fd10::/64 public");
    let [one, two] = &hosts;
    let left = one.start_container("left", "--network public --ip 10.10.10.40 --ip6 fd10::40 -p 8080:5000");
    let right = two.start_container("right", "--network public --ip 10.10.10.41 --ip6 fd10::41");

    assert_eq!(left.asks("tcp", "10.10.10.41", 5000).name, "right");
    left.exchanges("10.10.10.41", 16);
    for address in ["10.10.10.41", "fd10::41"] {
        one.sh(&ping_whole(&left, address, MTU));
        let said = one.fails(&ping_whole(&left, address, MTU + 1));
        assert!(said.contains("too long"), "{said}");
    }
    assert_eq!(left.asks("tcp", OUTSIDE, 5000).from, "192.0.2.1", "hidden behind the host that it is on");
    assert_eq!(right.asks("tcp", OUTSIDE, 5000).from, "192.0.2.2", "hidden behind the host that it is on");
    assert_eq!(right.asks("tcp", lab::OUTSIDE_V6, 5000).from, "2001:db8::2", "hidden behind the host that it is on");
    assert_eq!(world.outside.asks("tcp", "192.0.2.1", 8080).name, "left");
    assert_eq!(left.asks("tcp", "192.0.2.1", 8080).name, "left", "its own published port");
    assert_eq!(right.asks("tcp", "192.0.2.1", 8080).name, "left");

    leave(&hosts[..1], "public");
    right.pings("10.10.10.1");
    leave(&hosts[1..], "public");
    hosts.iter().zip(&empty).for_each(|(host, empty)| host.returns_to(empty));
    central.northbound_returns_to(&before);
}

/// The addresses of a host's containers in network web, of one family (`IPv4`, `IPv6`).
fn given(host: &Host, family: &str) -> Vec<String> {
    let without_prefix = |address: &str| address.split('/').next().unwrap_or_default().to_owned();
    host.sh(&ADDRESSES.replace("IPv4", family)).lines().map(without_prefix).collect()
}

#[test]
fn fifty_containers_on_each_host_have_addresses_of_their_own_and_reach_each_other() {
    let mut world = World::new();
    let central = world.central();
    let before = central.northbound();
    let hosts = hosts(&mut world, &central);
    let empty = hosts.each_ref().map(Host::snapshot);
    create(
        &hosts,
        "--ipam-driver ovs --ipv6 --subnet 10.77.0.0/23 --ip-range 10.77.1.0/24 --gateway 10.77.0.1 --subnet fd77::/64 web",
    );
    let start = "seq 50 | xargs -P 8 -I{} docker run -d --name c{} --network web lab lab-peer serve c{} 5000";
    let running = hosts.each_ref().map(|host| host.start_sh(start));
    running.into_iter().for_each(|running| drop(running.finish()));
    let all = hosts.each_ref().map(|host| given(host, "IPv4"));
    for all in [&all, &hosts.each_ref().map(|host| given(host, "IPv6"))] {
        assert_eq!(all.iter().flatten().collect::<BTreeSet<_>>().len(), 100, "{all:?}");
    }
    assert!(all.iter().flatten().all(|address| address.starts_with("10.77.1.")), "in the range: {all:?}");

    for (host, others) in [(&hosts[0], &all[1]), (&hosts[1], &all[0])] {
        let from = host.container("c1");
        let silent = from.does(&format!(
            "for to in {}; do for time in 1 2 3 4 5; do ping -c 1 -W 1 $to >/dev/null && continue 2; done; echo $to; done",
            others.join(" ")
        ));
        assert_eq!(silent, "", "all of the other host's answer");
        host.sh(&ping_whole(&from, &others[0], MTU));
    }
    leave(&hosts, "web");
    hosts.iter().zip(&empty).for_each(|(host, empty)| host.returns_to(empty));
    central.northbound_returns_to(&before);
}
