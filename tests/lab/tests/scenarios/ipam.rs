//! Addresses of the driver's own pools, `--ipam-driver ovs`: what Docker's own address management promises, and that hosts
//! on one northbound database never give out the same one.

use lab::{Docker, Host, LONG, Place as _, World};
use std::collections::BTreeSet;

on_both_dockers!(
    networks_get_what_they_ask_for_and_leave_nothing,
    what_was_given_outlives_the_driver_and_docker,
    the_same_subnet_in_two_vrfs_is_two_pools,
);

/// The addresses that containers have in network web, as Docker shows them.
pub(crate) const ADDRESSES: &str =
    "docker network inspect web -f '{{range .Containers}}{{.IPv4Address}} {{end}}' | xargs -n 1 | sort";
/// How many pools the driver has.
const POOLS: &str = "docker-ovs ipam ls --json | jq length";

fn networks_get_what_they_ask_for_and_leave_nothing(docker: Docker) {
    let mut world = World::new();
    let host = world.host(docker);
    let before = host.snapshot();
    host.sh(
        "docker network create -d ovs --ipam-driver ovs --opt mode=nat --subnet 10.77.0.0/24 --gateway 10.77.0.254 \
         --ip-range 10.77.0.128/29 --aux-address router=10.77.0.129 --ipv6 --subnet fd77::/64 web",
    );
    let left = host.start_container("left", "--network web --ip 10.77.0.9 --ip6 fd77::77");
    let right = host.start_container("right", "--network web");
    assert_eq!((left.address("web"), left.address_v6("web")), ("10.77.0.9".to_owned(), "fd77::77".to_owned()));
    assert_eq!(right.address("web"), "10.77.0.128");
    let inside = left.does("ip address; ip route");
    for part in ["inet 10.77.0.9/24", "inet6 fd77::77/64", "default via 10.77.0.254"] {
        assert!(inside.contains(part), "no {part} in {inside}");
    }
    left.pings("10.77.0.128");
    right.pings("fd77::77");
    assert_eq!(left.asks("tcp", lab::OUTSIDE, 5000).from, "192.0.2.1");
    for (taken, why) in [("10.77.0.9", "in use: by"), ("10.77.0.129", "it is an auxiliary address")] {
        let said = host.fails(&format!("docker run --rm --network web --ip {taken} lab true 2>&1"));
        assert!(said.contains(why), "{said}");
    }
    host.start_container("third", "--network web");
    assert_eq!(host.container("third").address("web"), "10.77.0.130", "the router's is left out");
    host.sh("docker network create -d ovs --ipam-driver ovs --opt mode=flat --subnet 10.78.0.0/24 segment");
    host.sh("docker network create -d ovs --ipam-driver ovs --opt mode=nat whatever");
    host.start_container("fourth", "--network segment");
    host.start_container("fifth", "--network whatever").pings(lab::OUTSIDE);
    let said = host.fails("docker network create -d ovs --ipam-driver ovs --subnet 10.77.0.0/16 over 2>&1");
    assert!(said.contains("overlaps 10.77.0.0/24"), "{said}");
    host.sh("docker rm -f left right third fourth fifth && docker network rm web segment whatever");
    assert_eq!(host.sh(POOLS), "0");
    host.returns_to(&before);
}

fn what_was_given_outlives_the_driver_and_docker(docker: Docker) {
    let mut world = World::new();
    let mut host = world.host(docker);
    host.sh("docker network create -d ovs --ipam-driver ovs --opt mode=nat --subnet 10.77.0.0/29 web");
    host.sh("for name in c1 c2; do docker run -d --name $name --network web lab sleep 900; done");
    let given = host.sh(ADDRESSES);
    host.kill_driver();
    host.start_driver();
    host.sh("docker run -d --name c3 --network web lab sleep 900 && docker rm -f c1");
    assert_eq!(host.sh(ADDRESSES).lines().count(), 2);
    assert!(!given.contains(&host.container("c3").address("web")), "{given}");

    // Docker dies over its containers, and gives back what they had when it is there again.
    host.kill_docker();
    host.start_docker();
    host.sh("docker rm -f c2 c3");
    host.sh("for number in 1 2 3 4 5; do docker run -d --name d$number --network web lab sleep 900; done");
    let said = host.fails("docker run --rm --network web lab true 2>&1");
    assert!(said.contains("no address is left in 10.77.0.0/29"), "{said}");
    host.sh("docker rm -f d1 d2 d3 d4 d5 && docker network rm web");
    assert_eq!(host.sh(POOLS), "0");
}

fn the_same_subnet_in_two_vrfs_is_two_pools(docker: Docker) {
    let mut world = World::new();
    let host = world.host(docker);
    let before = host.snapshot();
    for vrf in ["blue", "red"] {
        host.sh(&format!(
            "docker network create -d ovs --ipam-driver ovs --ipam-opt vrf={vrf} --opt mode=flat --subnet 10.77.0.0/24 {vrf}"
        ));
        host.start_container(&format!("in-{vrf}"), &format!("--network {vrf} --ip 10.77.0.9"));
    }
    let refused =
        host.fails("docker network create -d ovs --ipam-driver ovs --ipam-opt wrf=blue --subnet 10.9.9.0/24 x 2>&1");
    assert!(refused.contains("no ipam option wrf: there is vrf"), "{refused}");
    let listed = host.sh("docker-ovs ipam ls");
    assert!(listed.contains("blue") && listed.contains("red"), "{listed}");
    host.sh("docker rm -f in-blue in-red && docker network rm blue red");
    host.returns_to(&before);
}

/// A host whose Open vSwitch says where the northbound database is.
fn host_of(world: &mut World, docker: Docker, northbound: &str) -> Host {
    let mut host = world.docker_host(docker);
    host.sh(&format!("ovs-vsctl set Open_vSwitch . external_ids:ovn-nb='\"{northbound}\"'"));
    host.start_driver_with_own_deadlines();
    host
}

#[test]
fn hosts_on_one_northbound_database_never_give_out_the_same_address() {
    const CREATE: &str =
        "docker network create -d ovs --ipam-driver ovs --opt mode=flat --subnet 10.77.0.0/23 --gateway 10.77.0.1 web";
    let mut world = World::new();
    let mut central = world.central();
    let before = central.northbound();
    let hosts =
        [Docker::Stable, Docker::Newest].map(|docker| host_of(&mut world, docker, &central.northbound_remotes()));
    hosts.iter().for_each(|host| drop(host.sh(CREATE)));
    let start = "seq 50 | xargs -P 8 -I{} docker run -d --name c{} --network web lab sleep 900";
    let running = hosts.each_ref().map(|host| host.start_sh(start));
    running.into_iter().for_each(|running| drop(running.finish()));
    let given: Vec<String> =
        hosts.iter().flat_map(|host| host.sh(ADDRESSES).lines().map(str::to_owned).collect::<Vec<_>>()).collect();
    assert_eq!(given.len(), 100);
    assert_eq!(given.iter().collect::<BTreeSet<_>>().len(), 100, "{given:?}");
    let listed = hosts[0].sh("docker-ovs ipam ls");
    assert!(listed.contains("h1, h2") && listed.contains("10.77.0.0/23"), "{listed}");

    // A database that was emptied is told again what containers have.
    central.nbctl("--all destroy Address_Set");
    hosts[0].until(LONG, "test $(docker-ovs ipam ls --json | jq '.[0].endpoints') = 100");

    // Without the database nothing is given, and what is given back is so when it is there again.
    central.kill_northbound();
    let said = hosts[0].fails("docker run --rm --network web lab true 2>&1");
    assert!(said.contains("OVN's northbound database") && said.contains("keeps the addresses"), "{said}");
    hosts[0].sh("docker rm -f c1 c2");
    central.start_northbound();
    hosts[0].until(LONG, "test $(docker-ovs ipam ls --json | jq '.[0].endpoints') = 98");

    // The first goes as it should; the second is gone for good, and an operator says so.
    hosts[0].sh("docker rm -f $(docker ps -aq)");
    // Docker 20.10 may count for another moment what it is removing.
    hosts[0].until(LONG, "docker network rm web");
    let [here, gone] = hosts;
    drop(gone);
    let said = here.fails("docker-ovs ovn reclaim nobody 2>&1");
    assert!(said.contains("nobody"), "{said}");
    let said = here.sh("docker-ovs ovn reclaim h2");
    assert!(said.contains("h2") && said.contains("1 address pools"), "{said}");
    central.northbound_returns_to(&before);
}

/// What `hostname -f` says is in OVN's rows (`ovs-ctl` writes it down), what the kernel says in pools.
#[test]
fn a_host_that_is_gone_gives_its_pools_back_by_whatever_name_it_is_called() {
    let mut world = World::new();
    let central = world.central();
    let before = central.northbound();
    let [here, gone] = [(); 2].map(|()| world.ovn_host(Docker::Newest, &central));
    gone.sh("ovs-vsctl set Open_vSwitch . external_ids:hostname=node7.example.net external_ids:system-id=chassis7");
    for host in [&here, &gone] {
        host.sh("docker network create -d ovs --ipam-driver ovs -o mode=ovn --subnet 10.77.0.0/24 web");
    }
    drop(gone);
    for name in ["node7.example.net", "chassis7"] {
        let said = here.sh(&format!("docker-ovs ovn reclaim --dry-run {name}"));
        assert!(said.contains("node7.example.net (chassis7)") && said.contains("1 address pools"), "{said}");
    }
    here.sh("docker-ovs ovn reclaim node7.example.net");
    let said = here.fails("docker-ovs ovn reclaim chassis7 2>&1");
    assert!(said.contains("chassis7"), "{said}");
    here.sh("docker network rm web");
    central.northbound_returns_to(&before);
}
