//! A switch that is somebody else's, and one without a way out.

use super::{create, hosts, hosts_with, leave};
use lab::{Central, Docker, Host, LONG, OUTSIDE, Place as _, World};

on_both_dockers!(an_internal_network_has_no_way_out_and_no_way_in);

/// A switch with a router that is not ours.
const THEIRS: &str = "ls-add lan -- lr-add theirs -- lrp-add theirs theirs-lan 02:00:00:00:00:fe 10.1.0.1/24 \
-- lsp-add lan lan-theirs -- lsp-set-type lan-theirs router -- lsp-set-addresses lan-theirs router \
-- lsp-set-options lan-theirs router-port=theirs-lan";

/// Lets a host find the northbound database by a socket of its own, as one that runs its server does.
fn has_it_locally(host: &Host, central: &Central) {
    let remote = central.northbound_remotes();
    host.sh(&format!(
        "ovs-vsctl remove Open_vSwitch . external_ids ovn-nb
         setsid socat UNIX-LISTEN:/run/ovn/ovnnb_db.sock,fork {remote} >/dev/null 2>&1 </dev/null &"
    ));
    let found = "docker-ovs check | grep 'northbound database answers at unix:/run/ovn/ovnnb_db.sock'";
    host.until(LONG, found);
}

/// Tells a host's driver where the northbound database is, and nobody else there.
fn is_told(host: &mut Host, central: &Central) {
    host.stop_driver();
    host.sh("ovs-vsctl remove Open_vSwitch . external_ids ovn-nb");
    host.configure_driver(&format!("ovn_nb = \"{}\"", central.northbound_remotes()));
    host.start_driver();
}

#[test]
fn a_switch_that_is_named_is_joined_and_stays() {
    let mut world = World::new();
    let central = world.central();
    let mut hosts = hosts(&mut world, &central);
    is_told(&mut hosts[0], &central);
    has_it_locally(&hosts[1], &central);
    let [one, two] = &hosts;
    let missing = "docker network create -d ovs -o mode=ovn -o ovn.switch=lan --subnet 10.1.0.0/24 lan 2>&1";
    let said = one.fails(missing);
    assert!(said.contains("there is no logical switch lan"), "{said}");
    central.nbctl(THEIRS);
    let before = central.northbound();
    create(&hosts, "-o ovn.switch=lan --subnet 10.1.0.0/24 lan");
    let left = one.start_container("left", "--network lan --ip 10.1.0.5");
    two.start_container("right", "--network lan --ip 10.1.0.6");
    assert_eq!(left.asks("tcp", "10.1.0.6", 5000).name, "right");
    left.pings("10.1.0.1");
    leave(&hosts, "lan");
    central.northbound_returns_to(&before);
}

fn an_internal_network_has_no_way_out_and_no_way_in(docker: Docker) {
    let mut world = World::new();
    let central = world.central();
    let before = central.northbound();
    let hosts = hosts_with(docker, &mut world, &central);
    let [one, two] = &hosts;
    create(&hosts, "--internal --subnet 10.1.0.0/24 closed");
    create(&hosts[1..], "--subnet 10.2.0.0/24 open");
    let left = one.start_container("left", "--network closed --ip 10.1.0.5 --cap-add NET_ADMIN -p 8080:5000");
    two.start_container("right", "--network closed --ip 10.1.0.6");
    let other = two.start_container("other", "--network open --ip 10.2.0.5");
    assert_eq!(left.asks("tcp", "10.1.0.6", 5000).name, "right");
    left.cannot_reach(&[OUTSIDE, "10.2.0.5"]);
    left.does("ip route add default via 10.1.0.1");
    left.cannot_reach(&[OUTSIDE, "10.2.0.5"]);
    other.cannot_reach(&["10.1.0.5"]);
    world.outside.cannot_ask("tcp", "192.0.2.1", 8080);
    leave(&hosts[..1], "closed");
    leave(&hosts[1..], "closed open");
    central.northbound_returns_to(&before);
}
