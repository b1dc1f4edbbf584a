//! Docker is killed with containers running. When it is back it has forgotten them, and tells a driver that is no managed
//! plugin nothing of it.

use lab::{Docker, Place as _, World};

fn a_killed_docker_leaves_nothing_behind(docker: Docker) {
    let mut world = World::new();
    let mut host = world.host(docker);
    let before = host.snapshot();
    host.sh("docker network create -d ovs --opt mode=nat --subnet 10.77.0.0/24 web");
    let _ = host.start_container("left", "--network web --ip 10.77.0.77 -p 8080:5000");
    let _ = host.start_container("right", "--network web");

    host.kill_docker();
    assert_eq!(world.outside.asks("tcp", "192.0.2.1", 8080).name, "left", "nobody has stopped it");
    host.start_docker();
    let left = host.start_container("again", "--network web --ip 10.77.0.77 -p 8080:5000");
    assert_eq!(world.outside.asks("tcp", "192.0.2.1", 8080).name, "again");
    host.sh("docker start right");
    left.exchanges("right", 1);
    let ports = host.sh("ovs-vsctl --bare --columns=name find Port external_ids:docker-ovs-endpoint!=none | grep -c .");
    assert_eq!(ports, "2", "the ports of the dead are gone");

    host.sh("docker rm -f left again right && docker network rm web");
    host.returns_to_but_for_order(&before);
}

#[test]
fn a_killed_docker_leaves_nothing_behind_on_stable() {
    a_killed_docker_leaves_nothing_behind(Docker::Stable);
}

#[test]
fn a_killed_docker_leaves_nothing_behind_on_newest() {
    a_killed_docker_leaves_nothing_behind(Docker::Newest);
}
