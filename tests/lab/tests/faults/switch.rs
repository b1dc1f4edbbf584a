//! Open vSwitch breaks, or somebody breaks what is ours in it, below running containers.

use lab::{Container, Docker, Host, OUTSIDE, Place as _, Snapshot, World};
use std::time::Duration;

/// Longer than any repair takes; the driver's own timer, which must not be what helps, is a minute.
const SOON: Duration = Duration::from_secs(45);

/// A host with a container that publishes a port, and one that it talks to; and how it was without them.
fn host_with_containers(world: &mut World) -> (Host, Snapshot) {
    let host = world.host(Docker::Newest);
    let before = host.snapshot();
    host.sh("docker network create -d ovs --opt mode=nat web");
    let _ = host.start_container("left", "--network web -p 8080:5000");
    let _ = host.start_container("right", "--network web");
    all_is_well(world, &host);
    (host, before)
}

/// The containers reach each other and the world, and the world the published port.
#[track_caller]
fn all_is_well(world: &World, host: &Host) {
    host.until(
        SOON,
        &format!("docker exec left lab-peer ask tcp right 5000 && docker exec left ping -c 1 -w 1 {OUTSIDE}"),
    );
    world.outside.until(SOON, "lab-peer ask tcp 192.0.2.1 8080");
}

/// A container that comes later works, and goes.
#[track_caller]
fn another_one_works(host: &Host) {
    host.start_container("third", "--network web").asks("tcp", "left", 5000);
    host.sh("docker rm -f third");
}

/// The name of a container's port, which is the name of its link's end on the host.
fn port_of(host: &Host, container: &Container<'_>) -> String {
    let endpoint = container.inspect("{{(index .NetworkSettings.Networks \"web\").EndpointID}}");
    host.sh(&format!("ovs-vsctl --bare --columns=name find Port external_ids:docker-ovs-endpoint={endpoint}"))
}

fn kill_ovsdb(host: &Host) {
    host.sh("kill -9 $(cat /run/lab/ovsdb-server.pid)");
}

#[test]
fn what_open_vswitch_loses_is_made_again_below_running_containers() {
    let mut world = World::new();
    let (mut host, before) = host_with_containers(&mut world);

    kill_ovsdb(&host);
    if host.has_kernel_datapath() {
        // The datapath of user space stands still without the database: ovs-vswitchd waits for its lock.
        host.container("left").asks("tcp", "right", 5000);
    }
    host.start_ovsdb();
    another_one_works(&host);

    kill_ovsdb(&host);
    host.kill_vswitchd();
    host.start_ovs();
    all_is_well(&world, &host);
    another_one_works(&host);

    kill_ovsdb(&host);
    host.sh("rm /etc/openvswitch/conf.db");
    host.start_ovsdb();
    all_is_well(&world, &host);
    another_one_works(&host);

    host.sh("docker rm -f left right && docker network rm web");
    host.returns_to(&before);
}

#[test]
fn what_an_operator_removes_is_made_again_or_reported() {
    let mut world = World::new();
    let (host, before) = host_with_containers(&mut world);
    let right = host.container("right");

    host.sh("ovs-vsctl del-br $(ovs-vsctl list-br)");
    all_is_well(&world, &host);
    host.sh(&format!("ovs-vsctl del-port {}", port_of(&host, &right)));
    all_is_well(&world, &host);
    another_one_works(&host);

    // Nobody can put a new link into a running container: that is said, and its restart helps.
    host.sh(&format!("ip link delete {}", port_of(&host, &right)));
    host.until(SOON, "docker-ovs check | grep 'lost their links'");
    host.sh("docker restart -t 0 right");
    all_is_well(&world, &host);

    host.sh("docker rm -f left right && docker network rm web");
    host.returns_to(&before);
}
