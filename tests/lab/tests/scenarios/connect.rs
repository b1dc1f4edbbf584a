//! Networks that come and go at a running container, and containers on several of them.

use crate::stage::on_a_host;
use lab::{Docker, Host, OUTSIDE, Place as _, World};

on_both_dockers!(on_a_host: a_container_on_nat_and_flat_publishes_through_nat, ports_follow_the_networks_of_a_container);

#[test]
fn fifty_connects_and_disconnects_leave_the_counts_as_they_were() {
    let mut world = World::new();
    let host = world.host(Docker::Newest);
    host.sh("docker network create -d ovs --opt mode=nat web && docker network create plain");
    let left = host.start_container("left", "--network plain");
    let right = host.start_container("right", "--network web");
    let before = host.snapshot();
    let inside = left.does("ls /sys/class/net");
    host.sh(
        "for i in $(seq 50); do docker network connect web left && docker network disconnect web left || exit; done",
    );
    host.returns_to(&before);
    assert_eq!(left.does("ls /sys/class/net"), inside);
    left.asks("tcp", OUTSIDE, 5000);

    host.sh("docker network connect web left");
    left.pings(&right.address("web"));
    right.exchanges(&left.address("web"), 16);
}

/// A nat network and a flat one. Docker asks the one whose name sorts first to publish, and joins them in any order.
fn make_networks(host: &Host, nat: &str, flat: &str, options: &str) {
    host.sh(&format!(
        "docker network create -d ovs --opt mode=nat {nat}
         docker network create -d ovs --opt mode=flat --opt uplink=eth1 {options} \
             --subnet 10.9.0.0/24 --gateway 10.9.0.253 --ip-range 10.9.0.64/26 {flat}"
    ));
}

fn a_container_on_nat_and_flat_publishes_through_nat(world: &World, host: &Host) {
    let before = host.snapshot();
    for (nat, flat) in [("access", "lan"), ("web", "lan")] {
        make_networks(host, nat, flat, "--opt publish=ignore");
        host.sh(&format!(
            "docker create --name left --network {nat} -p 8080:5000 lab lab-peer serve left 5000 5001
             docker network connect {flat} left && docker start left"
        ));
        for _ in 0..4 {
            host.container("left").pings(lab::ROUTER);
            assert_eq!(world.outside.asks("tcp", "192.0.2.1", 8080).name, "left", "{nat} and {flat}");
            host.sh("docker restart -t 0 left");
        }
        host.sh(&format!("docker rm -f left && docker network rm {nat} {flat}"));
        host.returns_to(&before);
    }
}

/// With the default, flat refuses the ports unless a network that publishes them has been joined before.
fn ports_follow_the_networks_of_a_container(world: &World, host: &Host) {
    let before = host.snapshot();
    for (nat, flat) in [("access", "lan"), ("web", "lan")] {
        make_networks(host, nat, flat, "");
        let answers = || assert_eq!(world.outside.asks("tcp", "192.0.2.1", 8080).name, "left", "{nat} and {flat}");
        host.start_container("left", &format!("--network {nat} -p 8080:5000"));
        answers();
        host.sh(&format!("docker network connect {flat} left"));
        answers();
        host.sh(&format!("docker network disconnect {flat} left"));
        answers();
        host.sh(&format!("docker network connect {flat} left && docker network disconnect {nat} left"));
        world.outside.cannot_ask("tcp", "192.0.2.1", 8080);
        host.sh(&format!("docker network connect {nat} left"));
        answers();
        host.sh("docker rm -f left");
        let said = host.fails(&format!("docker run --name left --network {flat} -p 8080:5000 lab true"));
        assert!(said.contains("mode flat publishes no ports") && said.contains("publish=ignore"), "{said}");
        host.sh(&format!("docker rm left && docker network rm {nat} {flat}"));
        host.returns_to(&before);
    }
}

/// Docker 20.10 has no networks without IPv4.
#[test]
fn a_container_on_an_ipv4_and_an_ipv6_network_publishes_on_both() {
    on_a_host(Docker::Newest, publishes_on_both);
}

fn publishes_on_both(world: &World, host: &Host) {
    let before = host.snapshot();
    host.sh("docker network create -d ovs --opt mode=nat web
             docker network create -d ovs --opt mode=nat --ipv4=false --ipv6 --subnet fd77::/64 six");
    let answers = |address| assert_eq!(world.outside.asks("tcp", address, 8080).name, "left");
    // Docker joins the networks in any order.
    for _ in 0..3 {
        host.start_container("left", "--network web --network six -p 8080:5000");
        answers("192.0.2.1");
        answers("2001:db8::1");
        host.sh("docker rm -f left");
    }
    for (first, second) in [("web", "six"), ("six", "web")] {
        host.start_container("left", &format!("--network {first} -p 8080:5000"));
        for connect in ["connect", "disconnect"] {
            host.sh(&format!("docker network {connect} {second} left"));
            answers("192.0.2.1");
            answers("2001:db8::1");
        }
        host.sh("docker rm -f left");
    }
    host.sh("docker network rm web six");
    host.returns_to(&before);
}
