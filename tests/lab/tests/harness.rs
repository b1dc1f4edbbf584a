//! The lab itself, proven on Docker's own bridge driver: what these tests can see, the others can rely on.

use lab::{Docker, LONG, OUTSIDE, Place as _, World};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

fn bridge_network_comes_and_goes(docker: Docker) {
    let mut world = World::new();
    let host = world.docker_host(docker);
    // Docker keeps some tables and chains of its first bridge network for good.
    host.sh(
        "docker network create first && docker run --rm --network first -p 1:1 lab true && docker network rm first",
    );
    let before = host.snapshot();
    host.sh("docker network create --subnet 10.77.0.0/24 web");
    let left = host.start_container("left", "--network web -p 8080:5000 -p 8080:5000/udp");
    let right = host.start_container("right", "--network web");

    left.pings("right");
    right.pings(&left.address("web"));
    left.exchanges("right", 64);
    assert_eq!(left.asks("udp", "right", 5001).name, "right");
    assert_eq!(left.asks("tcp", OUTSIDE, 5000).from, "192.0.2.1", "hidden behind the host");
    assert_eq!(world.outside.asks("tcp", "192.0.2.1", 8080).name, "left");
    assert_eq!(world.outside.asks("udp", "192.0.2.1", 8080).name, "left");
    world.outside.cannot_ask("tcp", "192.0.2.1", 5000);
    world.outside.sh("ip route add 10.77.0.0/24 via 192.0.2.1");
    world.outside.cannot_ask("tcp", &right.address("web"), 5000);

    let difference = before.difference(&host.snapshot());
    for trace in ["+ br-", "+ veth", "10.77.0.1/24", "+ tcp 0.0.0.0:8080", "+ web bridge", "  + left\n"] {
        assert!(difference.contains(trace), "no `{trace}` in {difference}");
    }
    host.sh("docker rm -f left right && docker network rm web");
    host.returns_to(&before);
}

#[test]
fn bridge_network_comes_and_goes_on_stable() {
    bridge_network_comes_and_goes(Docker::Stable);
}

#[test]
fn bridge_network_comes_and_goes_on_newest() {
    bridge_network_comes_and_goes(Docker::Newest);
}

/// What somebody does to a host, and how it is undone.
const DEEDS: [(&str, &str); 12] = [
    ("ovs-vsctl set-fail-mode br0 secure", "ovs-vsctl del-fail-mode br0"),
    ("ovs-vsctl set bridge br0 mcast_snooping_enable=true", "ovs-vsctl set bridge br0 mcast_snooping_enable=false"),
    (
        "ovs-vsctl set bridge br0 other_config:hwaddr=02:00:00:00:00:07",
        "ovs-vsctl remove bridge br0 other_config hwaddr",
    ),
    ("ovs-vsctl set bridge br0 protocols=OpenFlow13", "ovs-vsctl clear bridge br0 protocols"),
    ("ovs-vsctl set port eth1 vlan_mode=trunk trunks=7", "ovs-vsctl clear port eth1 vlan_mode trunks"),
    (
        "ovs-vsctl set port eth1 qos=@q -- --id=@q create qos type=linux-noop",
        "ovs-vsctl clear port eth1 qos && ovs-vsctl --all destroy qos",
    ),
    ("ovs-vsctl set interface eth1 ingress_policing_rate=9", "ovs-vsctl set interface eth1 ingress_policing_rate=0"),
    (
        "ovs-vsctl set open_vswitch . other_config:n-handler-threads=1",
        "ovs-vsctl remove open_vswitch . other_config n-handler-threads",
    ),
    ("ip link set eth1 down", "ip link set eth1 up"),
    ("echo 0 >/proc/sys/net/ipv6/conf/eth0/accept_ra", "echo 1 >/proc/sys/net/ipv6/conf/eth0/accept_ra"),
    ("echo 1 >/proc/sys/net/ipv4/conf/eth0/proxy_arp", "echo 0 >/proc/sys/net/ipv4/conf/eth0/proxy_arp"),
    ("nft add table inet mine", "nft delete table inet mine"),
];

#[test]
fn a_snapshot_sees_what_is_done_to_a_host_and_that_it_is_undone() {
    let mut world = World::new();
    let mut host = world.bare_host(Docker::Stable);
    host.start_ovs();
    host.sh("ovs-vsctl add-br br0 -- set bridge br0 datapath_type=netdev -- add-port br0 eth1");
    let before = host.snapshot();
    for (deed, undo) in DEEDS {
        host.sh(deed);
        assert_ne!(before.difference(&host.snapshot()), "", "nothing is seen of: {deed}");
        host.sh(undo);
        host.returns_to(&before);
    }
}

#[test]
#[should_panic(expected = "ovsdb-client")]
fn a_snapshot_that_cannot_look_is_none() {
    let mut world = World::new();
    let mut host = world.bare_host(Docker::Stable);
    host.start_ovs();
    host.sh("kill $(cat /run/lab/ovsdb-server.pid)");
    host.until(LONG, "! kill -0 $(cat /run/lab/ovsdb-server.pid)");
    let _ = host.snapshot();
}

#[test]
fn a_dropped_world_leaves_nothing() {
    let mut world = World::new();
    let host = world.docker_host(Docker::Stable);
    host.start_container("left", "");
    let logs = world.logs().to_path_buf();
    assert!(logs.exists());
    let id = host.id().to_owned();
    assert!(has_control_group(&id), "the host has a control group");
    drop(host);
    drop(world);
    assert!(!logs.exists());
    assert!(!has_control_group(&id), "a control group is left of {id}");
}

/// What `make demo` runs, how it ended, and that nothing is left of it.
fn demo(end: impl Fn(&mut Child, &[String]) -> ExitStatus) -> ExitStatus {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let mut demo = Command::new(env!("CARGO_BIN_EXE_lab-demo"));
    demo.env("TMPDIR", folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut demo = demo.spawn().expect("the demo starts");
    let nodes: Vec<String> = (0..4).map(|number| format!("lab-{}-{number}", demo.id())).collect();
    let status = end(&mut demo, &nodes);
    wait_until("its nodes are gone", || !nodes.iter().any(|node| has_control_group(node)));
    wait_until("its folder is gone", || folder.path().read_dir().is_ok_and(|mut left| left.next().is_none()));
    status
}

#[test]
fn a_killed_process_leaves_nothing() {
    demo(|demo, nodes| {
        wait_until("its host is there", || has_control_group(&nodes[3]));
        demo.kill().expect("it still runs");
        demo.wait().expect("it has ended")
    });
}

#[test]
fn the_demo_ends_well() {
    assert!(demo(|demo, _| demo.wait().expect("it ends")).success());
}

/// Whether there are processes of a node, or could be.
fn has_control_group(node: &str) -> bool {
    ["/sys/fs/cgroup", "/sys/fs/cgroup/pids"].iter().any(|top| Path::new(top).join(node).exists())
}

fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + LONG;
    while !holds() {
        assert!(Instant::now() < deadline, "not in time: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn two_hosts_and_the_router_share_the_wire() {
    let mut world = World::new();
    let (one, two) = (world.bare_host(Docker::Stable), world.bare_host(Docker::Newest));
    one.pings("192.0.2.2");
    two.pings("2001:db8::1");
    assert_eq!(one.asks("tcp", OUTSIDE, 5000).from, "192.0.2.1");
    one.sh("ip address add 10.9.0.1/24 dev eth1");
    assert_eq!(one.asks("tcp", lab::ROUTER, 5000).name, "router");
}

#[test]
fn open_vswitch_carries_traffic() {
    let mut world = World::new();
    let mut host = world.bare_host(Docker::Stable);
    host.start_ovs();
    host.sh("ovs-vsctl add-br br0 -- set bridge br0 datapath_type=netdev -- add-port br0 eth1
             ip link set br0 up && ip addr add 10.9.0.1/24 dev br0");
    host.pings(lab::ROUTER);
    host.kill_vswitchd();
    host.start_vswitchd();
    host.until(LONG, "ping -c 1 -w 1 10.9.0.254");
    host.stop_ovs();
}
