//! Unpublished ports are reachable from the own network and from nowhere else.

use lab::{Docker, Host, LONG, OUTSIDE, OUTSIDE_V6, Place as _, World};

on_both_dockers!(unpublished_ports_are_reachable_from_the_own_network_only);

/// Two networks of ours and one of Docker's own, beside its default one.
const NETWORKS: &str = "\
docker network create -d ovs --opt mode=nat --subnet 10.77.0.0/24 --ipv6 --subnet fd77::/64 web
docker network create -d ovs --opt mode=nat --subnet 10.78.0.0/24 --ipv6 --subnet fd78::/64 other
docker network create --subnet 10.79.0.0/24 --ipv6 --subnet fd79::/64 plain";
/// A container in each, and the networks.
const CONTAINERS: [(&str, &str); 4] = [("ours", "web"), ("other", "other"), ("plain", "plain"), ("default", "bridge")];

/// Nobody reaches anybody of another network where one of both is ours, and outside reaches nobody of ours.
fn is_isolated(world: &World, host: &Host) {
    let addresses = CONTAINERS.map(|(name, network)| addresses(host, name, network));
    let all: Vec<&str> = addresses.iter().flatten().map(String::as_str).collect();
    for address in &all {
        host.until(LONG, &format!("lab-peer ask tcp {address} 5000 && lab-peer ask udp {address} 5000"));
    }
    let [ours, other, plain, default] =
        addresses.each_ref().map(|of| of.iter().map(String::as_str).collect::<Vec<_>>());
    host.container("ours").cannot_reach(&[&other[..], &plain, &default].concat());
    host.container("other").cannot_reach(&[&ours[..], &plain, &default].concat());
    host.container("plain").cannot_reach(&[&ours[..], &other].concat());
    host.container("default").cannot_reach(&[&ours[..], &other].concat());
    world.outside.cannot_reach(&[&ours[..], &other].concat());

    for name in ["ours", "other"] {
        host.container(name).asks("tcp", OUTSIDE, 5000);
        host.container(name).asks("tcp", OUTSIDE_V6, 5000);
    }
    for address in ours {
        assert_eq!(host.container("near").asks("tcp", address, 5000).name, "ours", "the own network has it");
    }
}

/// What a container can be reached at, in each family that its network has.
fn addresses(host: &Host, name: &str, network: &str) -> Vec<String> {
    let container = host.container(name);
    let both = [container.address(network), container.address_v6(network)];
    both.into_iter().filter(|address| !address.is_empty()).collect()
}

fn unpublished_ports_are_reachable_from_the_own_network_only(docker: Docker) {
    let mut world = World::new();
    let mut host = world.host(docker);
    host.sh(NETWORKS);
    for (name, network) in CONTAINERS.into_iter().chain([("near", "web")]) {
        host.start_container(name, &format!("--network {network} --restart always"));
    }
    for subnet in [77, 78] {
        world.outside.sh(&format!(
            "ip route add 10.{subnet}.0.0/24 via 192.0.2.1 && ip route add fd{subnet}::/64 via 2001:db8::1"
        ));
    }
    is_isolated(&world, &host);
    host.stop_docker();
    host.start_docker();
    host.until(LONG, "test $(docker ps -q | wc -l) = 5");
    is_isolated(&world, &host);
}
