//! `flat` networks: one segment on several hosts, joined by tunnels, and what a segment alone can be.

use crate::stage::on_a_host;
use crate::trunks::inside;
use crate::vlan::Watch;
use lab::{Docker, Host, LONG, Place as _, World};

/// Hosts that meet on an underlay, `198.51.100.1` and on, the second with this release's Docker and the others with the newest.
fn hosts<const COUNT: usize>(world: &mut World) -> [Host; COUNT] {
    let mut number = 0;
    [(); COUNT].map(|()| {
        number += 1;
        let docker = if number == 2 { Docker::Stable } else { Docker::Newest };
        let host = world.host_with_underlay(docker);
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
    let look =
        format!("test $(ovs-vsctl --bare --columns=name find Interface options:remote_ip!=none | grep -c .) = {count}");
    host.until(LONG, &look);
}

/// Adds a host to the first one's swarm.
fn join_swarm(first: &Host, number: usize, host: &Host) {
    let token = first.sh("docker swarm join-token -q worker");
    let own = format!("198.51.100.{number}");
    host.sh(&format!("docker swarm join --advertise-addr {own} --token {token} 198.51.100.1:2377"));
}

/// Lets the first host's container ask for addresses that nobody has, which each of the others must hear once: a loop would
/// carry the questions round for as long as it stands.
fn no_frame_circles(hosts: &[Host; 3]) {
    let names = ["c1", "c2", "c3"];
    let arrive = [1, 2].map(|at: usize| {
        let container = hosts[at].container(names[at]);
        Watch::new(&hosts[at], "questions", &inside(&container), "eth0")
    });
    let from = hosts[0].container(names[0]);
    let said = from.does("arping -c 5 -w 20 -I eth0 10.77.0.250 || true");
    assert!(said.contains("Sent 5 probe"), "{said}");
    from.does("arping -c 1 -w 1 -I eth0 10.77.0.251 || true");
    for questions in &arrive {
        // The last one: when that has come, so have the others, and have been round.
        questions.sees("who-has 10.77.0.251 ");
        let seen = questions.seen("who-has 10.77.0.250 ");
        assert_eq!(seen.lines().count(), 5, "questions get lost, or circle:\n{seen}");
    }
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
        // The image's ping cannot forbid that a packet is taken apart.
        let whole = |size: u16| format!("{} ping -M do -c 1 -w 5 -s {} 10.77.0.6", inside(&left), size - 28);
        hosts[0].sh(&whole(mtu));
        let said = hosts[0].fails(&whole(mtu + 1));
        assert!(said.contains("too long"), "{said}");
        for (host, empty) in hosts.iter().zip(&empty) {
            host.sh("docker rm -f $(docker ps -q) && docker network rm span");
            host.returns_to(empty);
        }
    }
}

#[test]
fn a_third_host_comes_and_goes_and_no_frame_circles() {
    let mut world = World::new();
    let hosts: [Host; 3] = hosts(&mut world);
    let empty = hosts.each_ref().map(|host| host.snapshot());
    let joins = |number: usize| {
        let host = &hosts[number - 1];
        create(host, "--opt peers=198.51.100.1,198.51.100.2,198.51.100.3 --opt vni=77 --opt tunnel=vxlan");
        host.start_container(&format!("c{number}"), &format!("--network span --ip 10.77.0.{number}"));
    };
    joins(1);
    joins(2);
    let first = hosts[0].container("c1");
    first.pings("10.77.0.2");
    joins(3);
    for address in ["10.77.0.2", "10.77.0.3"] {
        first.pings(address);
        assert_eq!(first.asks("tcp", address, 5000).from, "10.77.0.1");
    }
    hosts[2].container("c3").pings("10.77.0.2");
    no_frame_circles(&hosts);

    let leaves = |number: usize| {
        hosts[number - 1].sh(&format!("docker rm -f c{number} && docker network rm span"));
        hosts[number - 1].returns_to(&empty[number - 1]);
    };
    leaves(3);
    first.cannot_ping("10.77.0.3");
    first.pings("10.77.0.2");
    leaves(1);
    leaves(2);
}

#[test]
fn hosts_of_a_swarm_join_and_leave_and_no_frame_circles() {
    let mut world = World::new();
    let mut hosts: [Host; 3] = hosts(&mut world);
    // The usual order: the swarm is there, and networks come after it. Docker tells their driver of no other host then.
    hosts[0].sh("docker swarm init --advertise-addr 198.51.100.1");
    join_swarm(&hosts[0], 2, &hosts[1]);
    for (index, host) in hosts[..2].iter().enumerate() {
        create(host, "--opt peers=swarm --opt vni=77");
        host.start_container(&format!("c{}", index + 1), &format!("--network span --ip 10.77.0.{}", index + 1));
        has_tunnels(host, 1);
    }
    hosts[0].container("c1").pings("10.77.0.2");

    // A third one comes, while traffic runs.
    join_swarm(&hosts[0], 3, &hosts[2]);
    create(&hosts[2], "--opt peers=swarm --opt vni=77");
    hosts[2].start_container("c3", "--network span --ip 10.77.0.3");
    hosts.iter().for_each(|host| has_tunnels(host, 2));
    for address in ["10.77.0.2", "10.77.0.3"] {
        hosts[0].container("c1").pings(address);
        assert_eq!(hosts[0].container("c1").asks("tcp", address, 5000).from, "10.77.0.1");
    }
    hosts[2].container("c3").pings("10.77.0.2");

    no_frame_circles(&hosts);

    // What stands in the database is enough for an ovs-vswitchd that starts again.
    hosts[1].kill_vswitchd();
    hosts[1].start_vswitchd();
    hosts[0].until(LONG, "docker exec c1 ping -c 1 -W 1 10.77.0.2");

    // Docker told of the third, though it is also asked.
    let log = std::fs::read_to_string(world.logs().join("h1-docker-ovs.log")).expect("the driver has a log");
    let told = |line: &&str| line.contains("Docker told of a host") && line.contains("198.51.100.3");
    assert!(log.lines().any(|line| told(&line)), "Docker did not tell:\n{log}");

    // The one that leaves is told nothing, either.
    hosts[2].sh("docker swarm leave");
    has_tunnels(&hosts[2], 0);
    let alone = hosts[2].sh("docker-ovs network inspect span; docker-ovs check; true");
    assert!(alone.contains("this host is in no swarm"), "{alone}");
    assert!(alone.contains("1 networks follow Docker's swarm and know no other host"), "{alone}");
    hosts[..2].iter().for_each(|host| has_tunnels(host, 1));
    hosts[0].container("c1").cannot_ping("10.77.0.3");
    hosts[0].container("c1").pings("10.77.0.2");

    // Docker says nothing twice: a driver that starts again knows who is there.
    hosts[0].kill_driver();
    hosts[0].start_driver();
    hosts[0].sh("docker rm -f c1 && docker network rm span");
    create(&hosts[0], "--opt peers=swarm --opt vni=77");
    has_tunnels(&hosts[0], 1);
}

#[test]
fn a_way_that_no_tunnel_takes_is_told_with_what_to_do() {
    on_a_host(Docker::Stable, |_, host| {
        let empty = host.snapshot();
        host.sh("ip addr add 198.51.100.1/24 dev eth1");
        match host.has_kernel_datapath() {
            true => any_way_will_do(host),
            false => ways_are_told(host),
        }
        host.sh("ip addr del 198.51.100.1/24 dev eth1");
        host.returns_to(&empty);
    });
}

/// Makes a network that leads to another host.
const TO_ANOTHER: &str = "docker network create -d ovs --opt mode=flat --opt peers=198.51.100.2 --opt vni=77 span 2>&1";

/// What is said of its way.
fn checked(host: &Host) -> String {
    host.sh("docker-ovs check 2>&1; true")
}

/// The kernel sends what it wrapped by any link.
fn any_way_will_do(host: &Host) {
    let before = host.snapshot();
    host.sh(TO_ANOTHER);
    assert!(checked(host).contains("a way leads to each of 1 other hosts"), "{}", checked(host));
    host.sh("docker network rm span");
    host.returns_to(&before);
}

fn ways_are_told(host: &Host) {
    let before = host.snapshot();
    let said = host.fails(TO_ANOTHER);
    assert!(said.contains("leaves by eth1") && said.contains("add-port br-phy eth1"), "{said}");
    host.returns_to(&before);

    host.add_bridge("br-phy");
    let moved = |from: &str, to: &str| {
        host.sh(&format!("ip addr del 198.51.100.1/24 dev {from} && ip addr add 198.51.100.1/24 dev {to}"));
    };
    moved("eth1", "br-phy");
    host.sh("ovs-vsctl add-port br-phy eth1");
    host.sh(TO_ANOTHER);
    assert!(checked(host).contains("a way leads to each of 1 other hosts"), "{}", checked(host));
    moved("br-phy", "eth1");
    assert!(checked(host).contains("leaves by eth1"), "{}", checked(host));
    host.sh("docker network rm span && ovs-vsctl del-br br-phy");
}

on_both_dockers!(on_a_host: a_segment_has_several_subnets, addresses_come_from_a_server_on_the_segment);

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

fn addresses_come_from_a_server_on_the_segment(_: &World, host: &Host) {
    let before = host.snapshot();
    host.sh("docker network create -d ovs --ipam-driver null --opt mode=flat leased");
    let rights = "--network leased --cap-add NET_ADMIN";
    let server = host.start_container("server", rights);
    server.does(
        r#"ip addr add 10.88.0.1/24 dev eth0 && touch /tmp/leases && printf "%s\n" "start 10.88.0.50" "end 10.88.0.60" \
           "interface eth0" "lease_file /tmp/leases" "pidfile /tmp/pid" "option subnet 255.255.255.0" >/tmp/conf && udhcpd /tmp/conf"#,
    );
    let client = host.start_container("client", rights);
    client.does(
        r##"printf "%s\n" "#!/bin/sh" "[ \$1 != bound ] || ip addr add \$ip/\$mask dev \$interface" >/tmp/lease && \
           chmod +x /tmp/lease && udhcpc -i eth0 -n -q -t 10 -s /tmp/lease"##,
    );
    assert!(client.does("ip -4 addr show dev eth0").contains("10.88.0."), "it has a lease");
    client.pings("10.88.0.1");
    assert_eq!(client.asks("tcp", "10.88.0.1", 5000).name, "server");
    host.sh("docker rm -f client server && docker network rm leased");
    host.returns_to(&before);
}
