//! The way out through a physical network: the hosts' `eth1`, with the router on it.

use super::{create, leave, meet};
use lab::{Central, Docker, Host, Place as _, ROUTER, World};

/// The router's other address.
const ROUTER_V6: &str = "fd09::254";

/// A way out by the physical network, as an operator says it on every host: its number there in both families, and the hosts
/// that may carry it, the first rather than the second.
fn way_out(name: &str, number: u8, chassis: [&str; 2]) -> String {
    format!(
        r#"
        [ovn.external.{name}]
        physnet = "wan"
        addresses = ["10.9.0.{number}/24", "fd09::{number}/64"]
        next_hop = ["{ROUTER}", "{ROUTER_V6}"]
        chassis = {chassis:?}
        "#
    )
}

fn wan() -> String {
    way_out("wan", 10, ["h1", "h2"])
}

/// Two hosts of one OVN that are both on the physical network.
fn hosts(world: &mut World, central: &Central, config: &str) -> [Host; 2] {
    let hosts = [(); 2].map(|()| {
        let mut host = world.chassis(Docker::Newest, central);
        host.add_bridge("br-wan");
        host.sh("ovs-vsctl add-port br-wan eth1 -- set Open_vSwitch . external_ids:ovn-bridge-mappings=wan:br-wan");
        host.configure_driver(config);
        host.start_docker();
        host.start_driver();
        host
    });
    meet(&hosts);
    hosts
}

#[test]
fn a_vrf_leaves_by_a_physical_network_and_is_published_there() {
    let mut world = World::new();
    let central = world.central();
    let before = central.northbound();
    let hosts = hosts(&mut world, &central, &wan());
    let empty = hosts.each_ref().map(Host::snapshot);
    let [one, two] = &hosts;
    create(&hosts, "-o egress=external --ipv6 --subnet 10.1.0.0/24 --subnet fd01::/64 red");
    create(&hosts[1..], "-o egress=external -o ovn.external=wan --subnet 10.2.0.0/24 blue");
    let left = one.start_container("left", "--network red --ip 10.1.0.5 --ip6 fd01::5 -p 8080:5000");
    let right = two.start_container("right", "--network blue --ip 10.2.0.5 -p 10.9.0.10:8081:5001/udp");
    for container in [left, right] {
        assert_eq!(container.asks("tcp", ROUTER, 5000).from, "10.9.0.10", "hidden behind the VRF's router");
    }
    assert_eq!(left.asks("tcp", ROUTER_V6, 5000).from, "fd09::10", "in both families");
    for address in ["10.9.0.10", "fd09::10"] {
        assert_eq!(world.router.asks("tcp", address, 8080).name, "left");
    }
    assert_eq!(world.router.asks("udp", "10.9.0.10", 8081).name, "right");
    assert_eq!(left.asks("tcp", "10.2.0.5", 5000).from, "10.1.0.5", "the VRF's other subnets are routed");

    let said = one.fails("docker run --rm --network red -p 192.0.2.1:80:80 lab true 2>&1");
    assert!(said.contains("10.9.0.10"), "says which address it is: {said}");
    let said = two.fails("docker run --rm --network red -p 8080:80 lab true 2>&1");
    assert!(said.contains("10.9.0.10:8080-tcp") && said.contains("h1"), "another host has it: {said}");
    let network = "docker network create -d ovs -o mode=ovn -o egress=external --subnet 10.3.0.0/24";
    let said = one.fails(&format!("{network} -o ovn.external=lan green 2>&1"));
    assert!(said.contains("[ovn.external.lan]"), "{said}");
    leave(&hosts[..1], "red");
    leave(&hosts[1..], "red blue");
    hosts.iter().zip(&empty).for_each(|(host, empty)| host.returns_to(empty));
    central.northbound_returns_to(&before);
}

#[test]
fn each_vrf_has_an_address_of_its_own_in_a_physical_network_and_all_its_ports() {
    let mut world = World::new();
    let central = world.central();
    let before = central.northbound();
    let hosts = hosts(&mut world, &central, &(wan() + &way_out("lan", 11, ["h2", "h1"])));
    let [one, two] = &hosts;
    create(&hosts, "-o egress=external -o ovn.external=wan -o vrf=red --subnet 10.1.0.0/24 red");
    for host in &hosts {
        let said = host.fails(
            "docker network create -d ovs -o mode=ovn -o egress=external -o ovn.external=wan -o vrf=blue \
             --subnet 10.2.0.0/24 blue 2>&1",
        );
        assert!(said.contains("10.9.0.10") && said.contains("VRF red, not VRF blue"), "{said}");
    }
    create(&hosts, "-o egress=external -o ovn.external=lan -o vrf=blue --subnet 10.2.0.0/24 blue");
    let left = one.start_container("left", "--network red --ip 10.1.0.5 -p 80:5000");
    let near = one.start_container("near", "--network blue --ip 10.2.0.5 -p 80:5000");
    let right = two.start_container("right", "--network blue --ip 10.2.0.6 -p 10.9.0.11:81:5000");
    for (container, address) in [(left, "10.9.0.10"), (near, "10.9.0.11"), (right, "10.9.0.11")] {
        assert_eq!(container.asks("tcp", ROUTER, 5000).from, address, "hidden behind its own VRF's router");
    }
    for (address, port, name) in [("10.9.0.10", 80, "left"), ("10.9.0.11", 80, "near"), ("10.9.0.11", 81, "right")] {
        assert_eq!(world.router.asks("tcp", address, port).name, name);
    }
    one.sh("! ss -Hltn 'sport = :80' | grep .");
    leave(&hosts, "red blue");
    central.northbound_returns_to(&before);
}
