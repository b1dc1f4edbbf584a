//! What the driver remembers is lost, or cannot be written.

use lab::{Docker, LONG, Place as _, World};

/// The driver's folder as a file system of its own, small enough to be filled.
const SMALL: &str = "mkdir -p /var/lib/docker-ovs && mount -t tmpfs -o size=16m,mode=700 tmpfs /var/lib/docker-ovs";
const FILL: &str = "! dd if=/dev/zero of=/var/lib/docker-ovs/ballast bs=4096 2>/dev/null";

#[test]
fn without_its_store_the_driver_removes_nothing_and_says_so() {
    let mut world = World::new();
    let mut host = world.host(Docker::Newest);
    let before = host.snapshot();
    host.sh("docker network create -d ovs --opt mode=nat web");
    let _ = host.start_container("left", "--network web -p 8080:5000");
    let _ = host.start_container("right", "--network web");
    let switch = "ovs-vsctl --format=csv --columns=name,external_ids list Port | sort";
    let ports = host.sh(switch);
    let table = host.sh("nft list tables inet | grep -o 'docker-ovs-.*'");

    host.kill_driver();
    host.sh("mv /var/lib/docker-ovs /var/lib/lost");
    host.start_driver();
    host.sh("docker-ovs network reconcile");
    assert_eq!(host.sh(switch), ports);
    host.container("left").asks("tcp", "right", 5000);
    assert_eq!(world.outside.asks("tcp", "192.0.2.1", 8080).name, "left", "rules stay, too");
    let said = host.try_sh("docker-ovs check 2>&1").unwrap_or_else(|failed| failed.output);
    assert!(said.contains("another instance"), "{said}");
    host.sh("docker network create -d ovs --opt mode=nat new");
    host.start_container("newcomer", "--network new").asks("tcp", lab::OUTSIDE, 5000);
    host.sh("docker rm -f newcomer && docker network rm new");

    // What the newcomer's driver made of the firewall goes as `check` says.
    host.kill_driver();
    host.sh(&format!("nft list tables | grep docker-ovs | grep -v {table} | sed 's/^/delete /' | nft -f -"));
    host.sh("rm -r /var/lib/docker-ovs && mv /var/lib/lost /var/lib/docker-ovs");
    host.start_driver();
    host.sh("docker rm -f left right && docker network rm web");
    host.returns_to(&before);
}

#[test]
fn on_a_full_disk_nothing_is_begun_but_all_can_be_removed() {
    let mut world = World::new();
    let mut host = world.docker_host(Docker::Newest);
    host.sh(SMALL);
    host.start_driver();
    let before = host.snapshot();
    host.sh("docker network create -d ovs --opt mode=nat web && docker network create -d ovs --opt mode=nat spare");
    let _ = host.start_container("left", "--network web -p 8080:5000");
    let busy = host.snapshot();

    host.sh(FILL);
    let said = host.fails("docker network create -d ovs --opt mode=nat more");
    assert!(said.contains("state directory") && said.contains("space"), "{said}");
    host.returns_to(&busy);
    host.sh("docker rm -f left && docker network rm web");
    host.sh("rm /var/lib/docker-ovs/ballast");

    // Neither a restart of the driver nor anything else is needed, and what was removed does not come back with one.
    host.until(LONG, "docker network create -d ovs --opt mode=nat more");
    host.sh("docker network rm more spare");
    host.returns_to(&before);
    host.kill_driver();
    host.start_driver();
    host.returns_to(&before);
}
