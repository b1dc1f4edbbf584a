//! Somebody flushes the firewall below running containers.

use lab::{Docker, Host, OUTSIDE, Place as _, World};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(45);

#[test]
fn a_flushed_firewall_is_put_back() {
    let mut world = World::new();
    let mut host = world.host(Docker::Newest);
    flush_all(&mut host);
    let before = host.snapshot();
    host.sh("docker network create -d ovs --opt mode=nat web");
    let left = host.start_container("left", "--network web -p 8080:5000");
    for flush in [
        "nft flush ruleset",
        "iptables -F",
        "iptables -F && iptables -P FORWARD DROP",
        "nft delete table inet $(nft list tables inet | grep -o 'docker-ovs.*')",
    ] {
        host.sh(flush);
        world.outside.until(SOON, "lab-peer ask tcp 192.0.2.1 8080");
        host.until(SOON, &format!("docker exec left lab-peer ask tcp {OUTSIDE} 5000 | grep ' 192.0.2.1'"));
    }
    // What nobody published is as closed as it was.
    world.outside.sh(&format!("ip route add {} via 192.0.2.1", left.address("web")));
    world.outside.cannot_ask("tcp", &left.address("web"), 5000);

    host.sh("docker rm -f left && docker network rm web");
    flush_all(&mut host);
    host.returns_to(&before);
}

#[test]
fn a_flushed_firewall_is_put_back_without_open_vswitch() {
    let mut world = World::new();
    let mut host = world.host(Docker::Newest);
    host.sh("docker network create -d ovs --opt mode=nat web");
    for name in ["one", "two", "three", "four", "left"] {
        let _ = host.start_container(name, "--network web -p 5000");
    }
    host.sh("kill -9 $(cat /run/lab/ovsdb-server.pid)");
    // Longer than until the timer's look at everything.
    std::thread::sleep(Duration::from_secs(62));
    host.sh("nft flush ruleset");
    host.until(SOON, "nft list tables | grep docker-ovs");
    host.start_ovsdb();
    host.until(SOON, &format!("docker exec left lab-peer ask tcp {OUTSIDE} 5000 | grep ' 192.0.2.1'"));
    host.sh("docker rm -f one two three four left && docker network rm web");
}

/// Leaves the firewall as we and Docker make it from nothing, in this order. Docker does so only when it starts.
fn flush_all(host: &mut Host) {
    host.sh("nft flush ruleset");
    host.until(SOON, "nft list tables | grep docker-ovs");
    host.stop_docker();
    host.start_docker();
}
