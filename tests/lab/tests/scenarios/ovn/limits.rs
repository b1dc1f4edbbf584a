//! What limits a container's port on OVN.

use super::{create, hosts, leave};
use crate::limits::has_its_rate;
use crate::trunks::{inside, speak};
use crate::vlan::Watch;
use lab::{Docker, Place as _, World};

#[test]
fn routers_that_share_an_ethernet_address_announce_themselves_from_their_own() {
    let mut world = World::new();
    let central = world.central();
    let hosts = hosts(&mut world, &central);
    let [one, two] = &hosts;
    create(&hosts, "-o allowed_addresses=00:00:5e:00:01:07=10.1.0.101 --subnet 10.1.0.0/24 red");
    let router = one.start_container("router", "--network red --ip 10.1.0.5 --cap-add NET_ADMIN");
    let near = two.start_container("near", "--network red --ip 10.1.0.6");
    near.pings("10.1.0.5");
    let arrives = Watch::new(two, "near", &inside(&near), "eth0");
    // As VRRP has it (RFC 5798, section 7.3). What may pass is last: when that has come, nothing else is on its way.
    let foreign = ["/00005e000108/10.1.0.5", "/00005e000107/10.1.0.77"];
    speak(one, &router, "eth0", &[&foreign[..], &["/00005e000107/10.1.0.5", "/00005e000107/10.1.0.101"]].concat());
    arrives.sees("00:00:5e:00:01:07 > .* 10.1.0.5 > 255.255.255.255");
    arrives.sees("00:00:5e:00:01:07 > .* 10.1.0.101 > 255.255.255.255");
    assert_eq!(arrives.seen("00:00:5e:00:01:08|10.1.0.77"), "", "no other Ethernet address, and no other address");
    router.does("ip link set eth0 address 00:00:5e:00:01:07 && ip address add 10.1.0.101/24 dev eth0");
    near.pings("10.1.0.101");
    leave(&hosts, "red");
}

#[test]
fn who_passes_for_another_reaches_nobody_and_what_is_allowed_may_be_shared() {
    let mut world = World::new();
    let central = world.central();
    let hosts = hosts(&mut world, &central);
    let [one, two] = &hosts;
    for (secured, allowed) in [(true, "-o allowed_addresses=10.1.0.100"), (false, "-o port_security=false")] {
        create(&hosts, &format!("{allowed} --subnet 10.1.0.0/24 red"));
        let left = one.start_container("left", "--network red --ip 10.1.0.5 --cap-add NET_ADMIN");
        let near = one.start_container("near", "--network red --ip 10.1.0.7");
        let right = two.start_container("right", "--network red --ip 10.1.0.6");
        left.does("for last in 77 100; do ip address add 10.1.0.$last/24 dev eth0; done");
        for other in ["10.1.0.6", "10.1.0.7"] {
            left.asks("tcp", other, 5000);
            left.pings(&format!("-I 10.1.0.5 {other}"));
            left.pings(&format!("-I 10.1.0.100 {other}"));
            let foreign = format!("-I 10.1.0.77 {other}");
            if secured { left.cannot_ping(&foreign) } else { left.pings(&foreign) }
        }
        // Answers go to the Ethernet address that OVN knows, whoever asked: what tells is whether questions arrive.
        let arrive = [(one, &near), (two, &right)]
            .map(|(host, at)| Watch::new(host, &format!("frames-{secured}"), &inside(at), "eth0"));
        let own = left.does("cat /sys/class/net/eth0/address");
        left.does("ip link set eth0 address 02:00:00:00:00:99");
        speak(one, &left, "eth0", &["/own/10.1.0.5", &format!("/{}/10.1.0.5", own.replace(':', ""))]);
        for frames in &arrive {
            // The last one: when that has come, nothing else is on its way.
            frames.sees(&format!("{own} > .* 10.1.0.5 > 255.255.255.255"));
            let foreign = frames.seen("02:00:00:00:00:99 > .* 10.1.0.5 > 255.255.255.255");
            assert_eq!(foreign.is_empty(), secured, "port_security is {secured}, and this arrives: {foreign}");
        }
        leave(&hosts, "red");
    }
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
        assert_eq!(hosts[0].asks("tcp", address, 5000).name, network, "it listens");
        has_its_rate(&hosts[0], address);
    }
    leave(&hosts, "red blue");
    central.northbound_returns_to(&before);
}
