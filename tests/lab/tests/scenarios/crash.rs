//! The driver or Open vSwitch dies: traffic goes on, and what was there can be used and removed.

use lab::{Docker, Host, LONG, OUTSIDE, Place as _, Running, Watched, World};

on_both_dockers!(traffic_outlives_the_driver, the_driver_finds_what_it_left_after_a_kill);

/// Watches the way from one container to another for ten seconds.
fn watch(host: &Host) -> Running {
    host.start_sh("docker exec left lab-peer watch right 5000 10")
}

fn traffic_outlives_the_driver(docker: Docker) {
    let mut world = World::new();
    let mut host = world.host(docker);
    let before = host.snapshot();
    host.sh("docker network create -d ovs --opt mode=nat web");
    host.start_container("left", "--network web -p 8080:5000");
    host.start_container("right", "--network web");
    let watched = watch(&host);

    host.kill_driver();
    assert_eq!(world.outside.asks("tcp", "192.0.2.1", 8080).name, "left", "published while nobody looks after it");
    host.container("left").asks("tcp", OUTSIDE, 5000);
    host.start_driver();
    let third = host.start_container("third", "--network web -p 8081:5000");
    third.exchanges("left", 16);
    assert_eq!(world.outside.asks("tcp", "192.0.2.1", 8081).name, "third");
    assert_eq!(host.asks("tcp", "127.0.0.1", 8080).name, "left", "the relay is back, too");
    Watched::of(watched).never_stopped();

    host.sh("docker rm -f left right third && docker network rm web");
    host.returns_to(&before);
}

fn the_driver_finds_what_it_left_after_a_kill(docker: Docker) {
    let mut world = World::new();
    let mut host = world.host(docker);
    let before = host.snapshot();
    host.sh("docker network create -d ovs --opt mode=nat web");
    host.start_container("left", "--network web -p 8080:5000");
    host.start_container("right", "--network web");
    host.kill_driver();
    // Docker gives up after 15 s a call and forgets the container: only the driver's own record is left of it.
    host.sh("docker rm -f right");
    host.start_driver();
    host.start_container("right", "--network web").exchanges("left", 16);
    host.sh("docker rm -f left right && docker network rm web");
    host.returns_to(&before);
}

#[test]
fn ports_work_again_when_the_switch_is_back() {
    let mut world = World::new();
    let mut host = world.host(Docker::Newest);
    let before = host.snapshot();
    host.sh("docker network create -d ovs --opt mode=nat web");
    let _ = host.start_container("left", "--network web");
    let _ = host.start_container("right", "--network web");
    host.kill_vswitchd();
    host.start_vswitchd();
    host.until(LONG, "docker exec left ping -c 1 -w 1 right");
    host.start_container("third", "--network web").exchanges("left", 16);
    host.sh("docker rm -f left right third && docker network rm web");
    host.returns_to(&before);
}
