//! A `nat` network: containers reach each other and the world, and nothing of it stays.

use lab::{Host, OUTSIDE, Place as _, World};

/// What the user has made of a bridge.
const MINE: &str = "ovs-vsctl set bridge mine external_ids:owner=me fail_mode=secure protocols=OpenFlow13,OpenFlow14 \
mcast_snooping_enable=true other_config:mac-aging-time=77 other_config:hwaddr=02:00:00:00:00:77 \
-- add-port mine tap0 tag=7 vlan_mode=native-untagged trunks=7,8 -- set interface tap0 type=internal \
-- set port tap0 qos=@q -- --id=@q create QoS type=linux-noop other_config:max-rate=1000000
ovs-ofctl -O OpenFlow13 add-flow mine actions=normal";

on_both_dockers!(
    on_a_host: containers_reach_each_other_and_the_world, a_network_has_several_subnets,
    a_bridge_of_the_users_is_used_and_left_alone,
);

fn containers_reach_each_other_and_the_world(_: &World, host: &Host) {
    let before = host.snapshot();
    host.sh("docker network create -d ovs --opt mode=nat web");
    let empty = host.snapshot();
    let left = host.start_container("left", "--network web");
    let right = host.start_container("right", "--network web");

    for peer in ["right", &right.address("web")] {
        left.pings(peer);
        left.exchanges(peer, 64);
        assert_eq!(left.asks("udp", peer, 5001).from, left.address("web"));
    }
    let datapath = if host.has_kernel_datapath() { "system" } else { "netdev" };
    assert_eq!(
        host.sh("ovs-vsctl --bare --columns=datapath_type list Bridge"),
        datapath,
        "what the kernel has is used"
    );
    left.pings(OUTSIDE);
    left.exchanges(OUTSIDE, 64);
    assert_eq!(left.asks("tcp", OUTSIDE, 5000).from, "192.0.2.1", "hidden behind the host's address");
    assert_eq!(left.asks("udp", OUTSIDE, 5000).from, "192.0.2.1", "hidden behind the host's address");
    left.does("test $(ls /sys/class/net | wc -l) = 2");

    host.sh("docker rm -f left right");
    host.returns_to(&empty);
    host.sh("docker network rm web");
    host.returns_to(&before);
}

fn a_network_has_several_subnets(_: &World, host: &Host) {
    let before = host.snapshot();
    host.sh("docker network create -d ovs --opt mode=nat --subnet 10.77.0.0/24 --subnet 10.78.0.0/24 web");
    for (name, address) in [("one", "10.77.0.5"), ("two", "10.78.0.5")] {
        let container = host.start_container(name, &format!("--network web --ip {address}"));
        container.pings(&address.replace(".0.5", ".0.1"));
        assert_eq!(container.asks("tcp", OUTSIDE, 5000).from, "192.0.2.1", "each by its own gateway");
    }
    host.sh("docker rm -f one two && docker network rm web");
    host.returns_to(&before);
}

fn a_bridge_of_the_users_is_used_and_left_alone(_: &World, host: &Host) {
    host.add_bridge("mine");
    host.sh(MINE);
    let before = host.snapshot();
    host.sh("docker network create -d ovs --opt mode=nat --opt bridge=mine web");
    let empty = host.snapshot();
    let left = host.start_container("left", "--network web");
    host.start_container("right", "--network web");
    left.pings("right");
    assert!(host.sh("ovs-vsctl list-ports mine").lines().count() > 1, "the containers' ports are on the user's bridge");
    host.sh("docker rm -f left right");
    host.returns_to(&empty);
    host.sh("docker network rm web");
    host.returns_to(&before);
    host.sh("ovs-vsctl del-br mine && ovs-vsctl --all destroy QoS");
}
