//! Unpublished ports are reachable from the own network and from nowhere else.

use lab::{Container, Docker, Host, Place as _, World};

on_both_dockers!(unpublished_ports_are_reachable_from_the_own_network_only);

/// Two networks of ours and one of Docker's own, a container in each, and a neighbour in the first.
const NETWORKS: &str = "docker network create -d ovs --opt mode=nat --subnet 10.77.0.0/24 web
docker network create -d ovs --opt mode=nat --subnet 10.78.0.0/24 other
docker network create --subnet 10.79.0.0/24 plain";

/// Nobody reaches anybody of another network, and outside reaches nobody.
fn is_isolated(world: &World, host: &Host) {
    let [ours, other, plain] = [("ours", "web"), ("other", "other"), ("plain", "plain")]
        .map(|(name, network)| (host.container(name), host.container(name).address(network)));
    let separate: [(Container<'_>, &str); 5] =
        [(ours.0, &other.1), (other.0, &ours.1), (ours.0, &plain.1), (plain.0, &ours.1), (plain.0, &other.1)];
    for (from, to) in separate {
        from.cannot_ask("tcp", to, 5000);
        from.cannot_ask("udp", to, 5000);
        from.cannot_ping(to);
    }
    for (container, address) in [&ours, &other] {
        world.outside.cannot_ask("tcp", address, 5000);
        world.outside.cannot_ask("udp", address, 5000);
        container.asks("tcp", lab::OUTSIDE, 5000);
    }
    assert_eq!(host.container("near").asks("tcp", &ours.1, 5000).name, "ours", "the own network has it");
}

fn unpublished_ports_are_reachable_from_the_own_network_only(docker: Docker) {
    let mut world = World::new();
    let mut host = world.host(docker);
    host.sh(NETWORKS);
    for (name, network) in [("ours", "web"), ("near", "web"), ("other", "other"), ("plain", "plain")] {
        host.start_container(name, &format!("--network {network} --restart always"));
    }
    for subnet in ["10.77.0.0/24", "10.78.0.0/24"] {
        world.outside.sh(&format!("ip route add {subnet} via 192.0.2.1"));
    }
    is_isolated(&world, &host);
    host.stop_docker();
    host.start_docker();
    host.until(std::time::Duration::from_secs(30), "test $(docker ps -q | wc -l) = 4");
    is_isolated(&world, &host);
}
