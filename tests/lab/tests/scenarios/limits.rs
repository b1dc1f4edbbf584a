//! What limits a container's port: rates, port security, and routes beyond its network.

use lab::{Host, Place as _, World};
use std::time::Instant;

on_both_dockers!(
    on_a_host: traffic_is_as_fast_as_its_rate, a_secured_port_speaks_for_itself_only, routes_stand_in_the_container,
);

/// What goes each way, in megabytes: long enough for the burst at the start not to count.
const MEGABYTES: u32 = 20;
/// What the containers are limited to, in megabits per second.
const RATE: f64 = 20.0;
/// How often a busy machine may be too slow for it.
const TRIES: u32 = 5;

fn traffic_is_as_fast_as_its_rate(_: &World, host: &Host) {
    let before = host.snapshot();
    let modes = [
        "mode=nat",
        "mode=flat --opt host_address=10.77.0.254",
        "mode=vlan --opt uplink=eth1 --opt vlan=9 --opt host_address=10.77.0.254",
    ];
    // The network's rate, and rates of the container's own.
    let rates = ["", "--driver-opt rate.ingress=1gbit --driver-opt rate.egress=20mbit"];
    for mode in modes {
        host.sh(&format!(
            "docker network create -d ovs --subnet 10.77.0.0/24 --opt {mode} --opt rate.ingress=20mbit web"
        ));
        for own in rates {
            host.sh(&format!(
                "docker create --name slow --network none lab lab-peer serve slow 5000 5001
                 docker network disconnect none slow && docker network connect {own} web slow && docker start slow"
            ));
            has_its_rate(host, &host.container("slow").address("web"));
            host.sh("docker rm -f slow");
        }
        host.sh("docker network rm web");
    }
    host.returns_to(&before);
}

/// Checks that traffic from a host to a container and back is never faster than its rate, and as fast once this machine has
/// the time for it.
#[track_caller]
pub(crate) fn has_its_rate(host: &Host, address: &str) {
    let as_fast = |_| {
        let rate = measured(host, address);
        assert!(rate < RATE * 1.15, "{address}: {rate:.1} Mbit/s instead of {RATE}");
        rate > RATE * 0.85
    };
    assert!((0..TRIES).any(as_fast), "{address}: never {RATE} Mbit/s");
}

/// Megabits per second of what goes from the host, whose port has no rate, to a container and comes back. A slow machine
/// sends as much.
fn measured(host: &Host, address: &str) -> f64 {
    let started = Instant::now();
    host.sh(&format!("lab-peer exchange {address} 5000 {MEGABYTES}"));
    f64::from(MEGABYTES) * 1.048_576 * 8.0 / started.elapsed().as_secs_f64()
}

fn a_secured_port_speaks_for_itself_only(_: &World, host: &Host) {
    let before = host.snapshot();
    host.sh("docker network create -d ovs --opt mode=nat --subnet 10.77.0.0/24 --opt port_security=true web");
    let victim = host.start_container("victim", "--network web").address("web");
    let become_another =
        ["ip addr flush dev eth0 && ip addr add 10.77.0.200/24 dev eth0", "ip link set eth0 address 02:00:00:00:00:98"];
    for deed in become_another {
        let thief = host.start_container("thief", "--network web --cap-add NET_ADMIN");
        assert_eq!(thief.asks("tcp", &victim, 5000).name, "victim");
        thief.does(deed);
        thief.cannot_reach(&[&victim]);
        host.sh("docker rm -f thief");
    }
    host.sh("docker rm -f victim && docker network rm web");
    host.returns_to(&before);
}

fn routes_stand_in_the_container(world: &World, host: &Host) {
    world.router.sh("ip address add 198.51.100.1/32 dev lo");
    let before = host.snapshot();
    host.sh(
        "docker network create -d ovs --opt mode=flat --opt uplink=eth1 --subnet 10.9.0.0/24 --gateway 10.9.0.253 \
             --ip-range 10.9.0.64/26 --opt routes=198.51.100.0/24=10.9.0.254 lan",
    );
    let container = host.start_container("routed", "--network lan");
    assert!(container.does("ip route").contains("198.51.100.0/24 via 10.9.0.254"), "the route is there");
    container.pings("198.51.100.1");
    let said =
        host.fails("docker network create -d ovs --opt mode=flat --subnet 10.8.0.0/24 --opt routes=10.0.0.0/8 bad");
    assert!(said.contains("DESTINATION=NEXT-HOP"), "says how it is written: {said}");
    host.sh("docker rm -f routed && docker network rm lan");
    host.returns_to(&before);
    world.router.sh("ip address del 198.51.100.1/32 dev lo");
}
