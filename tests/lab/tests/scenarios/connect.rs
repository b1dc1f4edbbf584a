//! Networks that come and go at a running container, and containers on several of them.

use lab::{Docker, OUTSIDE, Place as _, World};

#[test]
fn fifty_connects_and_disconnects_leave_the_counts_as_they_were() {
    let mut world = World::new();
    let host = world.host(Docker::Newest);
    host.sh("docker network create -d ovs --opt mode=nat web && docker network create plain");
    let left = host.start_container("left", "--network plain");
    let right = host.start_container("right", "--network web");
    let before = host.snapshot();
    let inside = left.does("ls /sys/class/net");
    host.sh(
        "for i in $(seq 50); do docker network connect web left && docker network disconnect web left || exit; done",
    );
    host.returns_to(&before);
    assert_eq!(left.does("ls /sys/class/net"), inside);
    left.asks("tcp", OUTSIDE, 5000);

    host.sh("docker network connect web left");
    left.pings(&right.address("web"));
    right.exchanges(&left.address("web"), 16);
}

#[test]
fn a_container_on_nat_and_flat_publishes_through_nat() {
    let mut world = World::new();
    let host = world.host(Docker::Newest);
    let before = host.snapshot();
    host.sh("docker network create -d ovs --opt mode=nat front
             docker network create -d ovs --opt mode=flat --opt uplink=eth1 --opt publish=ignore --subnet 10.9.0.0/24 --gateway 10.9.0.253 lan");
    host.sh("docker create --name left --network front -p 8080:5000 lab lab-peer serve left 5000 5001
             docker network connect lan left && docker start left");
    let left = host.container("left");
    // Which network is joined first is for Docker to choose, and differs from start to start.
    for _ in 0..4 {
        left.pings(lab::ROUTER);
        assert_eq!(world.outside.asks("tcp", "192.0.2.1", 8080).name, "left");
        host.sh("docker restart -t 0 left");
    }
    host.sh("docker rm -f left && docker network rm front lan");
    host.returns_to(&before);
}
