//! `flat` networks: one segment on several hosts, joined by tunnels, and what a segment alone can be.

use lab::{Docker, Host, Place as _, World};
use std::time::Duration;

/// Hosts that meet on an underlay, `198.51.100.1` and on.
fn hosts<const COUNT: usize>(world: &mut World) -> [Host; COUNT] {
    let mut number = 0;
    [(); COUNT].map(|()| {
        number += 1;
        let host = world.host_with_underlay(Docker::Newest);
        host.meet_others(&format!("198.51.100.{number}"));
        host
    })
}

fn create(host: &Host, options: &str) {
    host.sh(&format!("docker network create -d ovs --opt mode=flat {options} --subnet 10.77.0.0/24 span"));
}

/// Waits until a host has tunnels to so many others.
#[track_caller]
fn has_tunnels(host: &Host, count: usize) {
    let look = format!("test $(ovs-vsctl --bare --columns=name find Interface type=vxlan | grep -c .) = {count}");
    host.until(Duration::from_secs(20), &look);
}

/// Tells a host's driver of another, or of itself, as Docker does.
#[track_caller]
fn discover(host: &Host, change: &str, number: usize, own: bool) {
    let node = format!(r#"{{"Address":"198.51.100.{number}","BindAddress":"","Self":{own}}}"#);
    let body = format!(r#"{{"DiscoveryType":1,"DiscoveryData":{node}}}"#);
    let answer = host.post(&format!("NetworkDriver.Discover{change}"), &body);
    assert!(answer.contains(" 200 "), "{answer}");
}

#[test]
fn two_hosts_have_one_segment() {
    let mut world = World::new();
    let hosts: [Host; 2] = hosts(&mut world);
    let empty = hosts.each_ref().map(|host| host.snapshot());
    for (tunnel, mtu) in [("vxlan", 1450), ("geneve", 1442)] {
        // The same on every host: its own address is left out.
        let options = format!("--opt peers=198.51.100.1,198.51.100.2 --opt vni=77 --opt tunnel={tunnel}");
        hosts.iter().for_each(|host| create(host, &options));
        let left = hosts[0].start_container("left", "--network span --ip 10.77.0.5");
        hosts[1].start_container("right", "--network span --ip 10.77.0.6");
        left.pings("10.77.0.6");
        assert_eq!(left.asks("tcp", "10.77.0.6", 5000).name, "right");
        left.exchanges("10.77.0.6", 16);
        assert_eq!(left.does("cat /sys/class/net/eth0/mtu"), mtu.to_string());
        left.does(&format!("ping -c 1 -w 5 -s {} 10.77.0.6", mtu - 28));
        for (host, empty) in hosts.iter().zip(&empty) {
            host.sh("docker rm -f $(docker ps -q) && docker network rm span");
            host.returns_to(empty);
        }
    }
}

#[test]
fn hosts_of_a_swarm_join_and_leave_and_no_frame_circles() {
    let mut world = World::new();
    let mut hosts: [Host; 3] = hosts(&mut world);
    let empty = hosts[0].snapshot();
    for (index, host) in hosts[..2].iter().enumerate() {
        discover(host, "New", index + 1, true);
        discover(host, "New", 2 - index, false);
        create(host, "--opt peers=swarm --opt vni=77");
        host.start_container(&format!("c{}", index + 1), &format!("--network span --ip 10.77.0.{}", index + 1));
        has_tunnels(host, 1);
    }
    hosts[0].container("c1").pings("10.77.0.2");

    // A third one comes, while traffic runs.
    for number in 1..=3 {
        discover(&hosts[2], "New", number, number == 3);
    }
    create(&hosts[2], "--opt peers=swarm --opt vni=77");
    hosts[2].start_container("c3", "--network span --ip 10.77.0.3");
    hosts[..2].iter().for_each(|host| discover(host, "New", 3, false));
    hosts.iter().for_each(|host| has_tunnels(host, 2));
    for address in ["10.77.0.2", "10.77.0.3"] {
        hosts[0].container("c1").pings(address);
        assert_eq!(hosts[0].container("c1").asks("tcp", address, 5000).from, "10.77.0.1");
    }
    hosts[2].container("c3").pings("10.77.0.2");

    // Five questions that nobody answers reach two hosts each; a loop would carry them round for as long as it stands.
    let received = |host: &Host| -> u64 {
        host.sh("cat /sys/class/net/eth2/statistics/rx_packets").parse().expect("a number of packets")
    };
    let before = hosts.each_ref().map(received);
    hosts[0].container("c1").does("arping -c 5 -w 6 -I eth0 10.77.0.250 || true");
    for (host, before) in hosts.iter().zip(before).skip(1) {
        let more = received(host) - before;
        assert!((5..100).contains(&more), "{more} frames for five questions: they get lost, or circle");
    }

    // What stands in the database is enough for an ovs-vswitchd that starts again.
    hosts[1].kill_vswitchd();
    hosts[1].start_vswitchd();
    hosts[0].container("c1").does("until ping -c 1 -w 1 10.77.0.2; do :; done");

    hosts[..2].iter().for_each(|host| discover(host, "Delete", 3, false));
    hosts[..2].iter().for_each(|host| has_tunnels(host, 1));
    hosts[0].container("c1").cannot_ping("10.77.0.3");
    hosts[0].container("c1").pings("10.77.0.2");

    // Docker says nothing twice: a driver that starts again knows what it was told.
    hosts[0].kill_driver();
    hosts[0].start_driver();
    hosts[0].sh("docker rm -f c1 && docker network rm span");
    hosts[0].returns_to(&empty);
    create(&hosts[0], "--opt peers=swarm --opt vni=77");
    has_tunnels(&hosts[0], 1);
}

#[test]
fn a_way_that_no_tunnel_takes_is_told_with_what_to_do() {
    let mut world = World::new();
    let host = world.host_with_underlay(Docker::Newest);
    if host.has_kernel_datapath() {
        return;
    }
    host.sh("ip addr add 198.51.100.1/24 dev eth2");
    let before = host.snapshot();
    let create = "docker network create -d ovs --opt mode=flat --opt peers=198.51.100.2 --opt vni=77";
    let said = host.fails(&format!("{create} span 2>&1"));
    assert!(said.contains("leaves by eth2") && said.contains("add-port br-phy eth2"), "{said}");
    host.returns_to(&before);

    host.sh("ip addr flush dev eth2");
    host.meet_others("198.51.100.1");
    host.sh(&format!("{create} span"));
    let checked = |host: &Host| host.sh("docker-ovs check 2>&1; true");
    assert!(checked(&host).contains("a way leads to each of 1 other hosts"), "{}", checked(&host));
    host.sh("ip addr flush dev br-phy && ip addr add 198.51.100.1/24 dev eth2");
    assert!(checked(&host).contains("leaves by eth2"), "{}", checked(&host));
}

on_both_dockers!(on_a_host: a_segment_has_several_subnets);

fn a_segment_has_several_subnets(_: &World, host: &Host) {
    let before = host.snapshot();
    host.sh("docker network create -d ovs --opt mode=flat --subnet 10.77.0.0/24 --subnet 10.78.0.0/24 \
             --gateway 10.77.0.254 --gateway 10.78.0.254 --opt host_address=10.78.0.9 \
             --aux-address host=10.78.0.9 both");
    for (name, address) in [("one", "10.77.0.5"), ("two", "10.78.0.5"), ("three", "10.78.0.6")] {
        let container = host.start_container(name, &format!("--network both --ip {address}"));
        assert_eq!(container.address("both"), address);
        let gateway = address.replace(".0.5", ".0.254").replace(".0.6", ".0.254");
        assert_eq!(container.does("ip route | grep default").split(' ').nth(2), Some(&*gateway));
    }
    host.container("two").pings("10.78.0.6");
    assert_eq!(host.container("three").asks("tcp", "10.78.0.5", 5000).name, "two");
    assert!(host.try_sh("ping -c 1 -w 5 10.78.0.5").is_ok(), "the host is in the second one");
    host.sh("docker rm -f one two three && docker network rm both");
    host.returns_to(&before);
}
