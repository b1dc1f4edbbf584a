//! The northbound database is away, or changes its leader.

use super::{create, leave};
use lab::{Docker, LONG, Place as _, World};
use std::time::{Duration, Instant};

/// What the driver may take for `Join`, and a busy machine for the rest.
const DEADLINE: Duration = Duration::from_secs(60);

#[test]
fn nothing_is_created_without_the_northbound_database_and_what_is_removed_goes_when_it_is_back() {
    let mut world = World::new();
    let mut central = world.central();
    let mut host = world.chassis(Docker::Newest, &central);
    host.start_docker();
    host.start_driver_with_own_deadlines();
    let hosts = [host];
    let [host] = &hosts;
    let before = (host.snapshot(), central.northbound());
    create(&hosts, "--subnet 10.1.0.0/24 red");
    host.start_container("left", "--network red --ip 10.1.0.5");
    let with_one = host.snapshot();

    central.kill_northbound();
    let failures = [
        "docker network create -d ovs -o mode=ovn --subnet 10.2.0.0/24 blue 2>&1",
        "docker run --rm --network red lab true 2>&1",
    ];
    for command in failures {
        let asked = Instant::now();
        let said = host.fails(command);
        assert!(said.contains("northbound database does not answer"), "{said}");
        assert!(asked.elapsed() < DEADLINE, "only after {:?}: {said}", asked.elapsed());
        host.returns_to(&with_one);
    }
    host.container("left").pings("10.1.0.1");
    leave(&hosts, "red");
    central.start_northbound();
    central.northbound_returns_to(&before.1);
    host.returns_to(&before.0);
    create(&hosts, "--subnet 10.1.0.0/24 red");
    leave(&hosts, "red");
    central.northbound_returns_to(&before.1);
}

#[test]
fn a_cluster_that_loses_its_leader_amid_fifty_containers_has_none_half_made() {
    let mut world = World::new();
    let mut central = world.central_with_cluster();
    let hosts = [world.ovn_host(Docker::Newest, &central)];
    let [host] = &hosts;
    let before = (host.snapshot(), central.northbound());
    create(&hosts, "--ipam-driver ovs --subnet 10.1.0.0/24 red");
    let start = "seq 50 | xargs -P 8 -I{} sh -c 'docker run -d --name c{} --network red lab sleep 900 2>&1 || true'";
    let running = host.start_sh(start);
    host.until(LONG, "test $(docker ps -q | wc -l) -ge 10");
    central.kill_leader();
    let said = running.finish();
    let up: usize = host.sh("docker ps -q | wc -l").parse().expect("a number");
    let clear = said.lines().filter(|line| line.contains("northbound database")).count();
    assert_eq!(up + clear, 50, "all are there, or are said not to be: {said}");
    host.sh("docker ps --format '{{.Names}}' | xargs -P 8 -I{} docker exec {} ping -c 1 -w 10 10.1.0.1");
    leave(&hosts, "red");
    central.northbound_returns_to(&before.1);
    host.returns_to(&before.0);
}
