//! The lab's OVN, proven by hand: what the tests of mode `ovn` can rely on, and what its plans rely on.

use lab::{Central, Docker, Host, LONG, World};

/// Makes a logical port `name` on `switch`, and a namespace of that name on `host` that is bound to it.
fn plug(central: &Central, host: &Host, switch: &str, name: &str, last: u8) {
    let (mac, address) = (format!("02:0a:00:00:00:{last:02x}"), format!("10.10.10.{last}"));
    central.nbctl(&format!("lsp-add {switch} {name} -- lsp-set-addresses {name} \"{mac} {address}\""));
    host.sh(&format!(
        "ip netns add {name}; ip link add {name}-h type veth peer name eth0 netns {name}; ip link set {name}-h mtu 1442 up
         ip netns exec {name} sh -c 'ethtool -K eth0 tx off; ip link set eth0 address {mac} mtu 1442 up; \
           ip addr add {address}/24 dev eth0; ip route add default via 10.10.10.1'
         ovs-vsctl add-port br-int {name}-h -- set interface {name}-h external_ids:iface-id={name}"
    ));
    let installed = format!("ovs-vsctl get interface {name}-h external_ids:ovn-installed | grep true");
    host.until(LONG, &installed);
}

#[test]
fn chassis_of_one_central_reach_each_other_at_full_size() {
    let mut world = World::new();
    let central = world.central();
    let hosts = [(); 2].map(|()| world.chassis(Docker::Stable, &central));
    hosts[0].meets(&[&hosts[1]]);
    let before = central.northbound();
    central.nbctl("ls-add lan");
    plug(&central, &hosts[0], "lan", "left", 5);
    plug(&central, &hosts[1], "lan", "right", 6);
    // 1500 less 58 for the tunnel, less 28 for the headers of IP and ICMP.
    hosts[0].sh("ip netns exec left ping -c 1 -w 10 -M do -s 1414 10.10.10.6");
    hosts[0].fails("ip netns exec left ping -c 1 -w 1 -M do -s 1415 10.10.10.6");

    let difference = before.difference(&central.northbound());
    assert!(difference.contains("Logical_Switch_Port"), "{difference}");
    central.nbctl("ls-del lan");
    central.northbound_returns_to(&before);
}

/// What mode `ovn` plans for `egress=host`, and the driver's plumbing waits for.
#[test]
fn a_localport_is_the_same_on_every_host_and_never_called_installed() {
    let mut world = World::new();
    let central = world.central();
    let hosts = [(); 2].map(|()| world.chassis(Docker::Stable, &central));
    let (own, host) = ("02:00:00:00:64:01", "02:00:00:00:64:02");
    central.nbctl(&format!(
        "ls-add lan -- ls-add join -- lr-add vrf \
         -- lrp-add vrf vrf-lan 02:00:00:00:0a:01 10.10.10.1/24 -- lrp-add vrf vrf-join {own} 100.64.0.1/30 \
         -- lsp-add lan lan-vrf -- lsp-set-type lan-vrf router -- lsp-set-addresses lan-vrf router \
         -- lsp-set-options lan-vrf router-port=vrf-lan \
         -- lsp-add join join-vrf -- lsp-set-type join-vrf router -- lsp-set-addresses join-vrf router \
         -- lsp-set-options join-vrf router-port=vrf-join \
         -- lsp-add join host -- lsp-set-type host localport -- lsp-set-addresses host \"{host} 100.64.0.2\" \
         -- lr-route-add vrf 0.0.0.0/0 100.64.0.2"
    ));
    for (node, (name, last)) in hosts.iter().zip([("c1", 5), ("c2", 6)]) {
        node.sh(&format!(
            "ovs-vsctl add-port br-int foot -- set interface foot type=internal mac='\"{host}\"' external_ids:iface-id=host
             ip addr add 100.64.0.2/30 dev foot; ip link set foot mtu 1442 up; ip route add 10.10.10.0/24 via 100.64.0.1"
        ));
        plug(&central, node, "lan", name, last);
        node.sh(&format!("ip netns exec {name} ping -c 1 -w 10 100.64.0.2"));
        let told = node.sh("ovs-vsctl get interface foot external_ids");
        assert!(!told.contains("ovn-installed"), "{told}");
    }
}

#[test]
fn a_cluster_that_loses_its_leader_goes_on() {
    let world = World::new();
    let mut central = world.central_with_cluster();
    central.nbctl("ls-add before");
    central.kill_leader();
    central.until(LONG, &format!("ovn-nbctl --timeout=5 --db={} ls-add after", central.northbound_remotes()));
    central.start_northbound();
    assert!(central.nbctl("ls-list").contains("(before)"));
}
