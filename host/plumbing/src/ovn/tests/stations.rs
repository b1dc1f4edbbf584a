//! Containers of hosts that give out addresses each for itself.

use super::northbound::{Northbound, Station, label, nets, port, routed, switch};
use crate::Error;
use crate::ovn::row::{self, LogicalPortSpec, RowSpec, Switch};

const SUBNET: &str = "10.1.0.0/16";

/// Two hosts on one switch, with a container each.
async fn two(server: &Northbound) -> [Station; 2] {
    let hosts = [1, 2].map(|number| Station::new(&[server], number));
    for host in &hosts {
        host.make(&routed(SUBNET, "10.1.0.1/16")).await.unwrap();
    }
    hosts.map(|host| host.endpoint(&format!("end{}", host.who.host.name)))
}

/// A container's port on a switch, with its address and with what it may have, too.
fn with(station: &Station, switch: &Switch, mac: u8, address: &str, allowed: &str) -> RowSpec {
    let (addresses, allowed) = (nets(&[address]), [(None, nets(&[allowed])[0])]);
    let mac = plan::MacAddress([2, 0, 0, 0, 0, mac]);
    let spec = LogicalPortSpec { switch, mac, addresses: &addresses, secured: true, allowed: &allowed };
    row::endpoint_port(&label("port"), &station.who.mark, spec)
}

#[tokio::test]
async fn the_second_container_with_an_address_of_a_shared_switch_is_refused() {
    let server = Northbound::start();
    let [one, two] = two(&server).await;
    let first = [port(&one, &switch(SUBNET), 2)];
    one.make(&first).await.unwrap();
    one.make(&first).await.unwrap();
    let error = two.make(&[port(&two, &switch(SUBNET), 2)]).await.unwrap_err().to_string();
    assert_eq!(
        error,
        "port endhost2 of docker-ovs-default-10.1.0.0/16 cannot have 10.1.0.2: a container of network net on host1 (id1) \
         has it. Hosts that share a switch give out the same addresses unless each makes the network with --ipam-driver \
         ovs and the same pool: --ipam-opt vrf=NAME as in -o vrf=NAME, on every host (docker-ovs ipam ls shows the \
         pools); if that host is gone for good, docker-ovs ovn reclaim frees what it had"
    );
    assert_eq!(server.nbctl("--bare --columns=name find Logical_Switch_Port type=\"\""), "endhost1");
    two.make(&[port(&two, &switch(SUBNET), 3)]).await.unwrap();
    one.remove(&first).await.unwrap();
    let third = two.endpoint("third");
    third.make(&[port(&third, &switch(SUBNET), 2)]).await.unwrap();
}

/// The database says it of every port at the moment it is made, and not of a copy.
#[tokio::test]
async fn of_two_that_come_at_once_one_is_refused() {
    let server = Northbound::start();
    let [one, two] = two(&server).await;
    for number in 2..22 {
        let (first, second) = ([port(&one, &switch(SUBNET), number)], [port(&two, &switch(SUBNET), number)]);
        let (made, refused) = tokio::join!(one.make(&first), two.make(&second));
        assert!(made.is_ok() != refused.is_ok(), "{made:?} {refused:?}");
        let refused = made.and(refused).unwrap_err();
        assert!(matches!(refused, Error::AddressTaken { .. }), "{refused}");
        one.remove(&first).await.unwrap();
        two.remove(&second).await.unwrap();
    }
}

#[tokio::test]
async fn on_other_switches_and_what_several_may_have_an_address_may_be_twice() {
    let server = Northbound::start();
    let [one, two] = two(&server).await;
    server.nbctl("ls-add theirs");
    let named = Switch::of("default", &nets(&[SUBNET]), Some("theirs"));
    one.make(&[with(&one, &switch(SUBNET), 2, "10.1.0.2/16", "10.1.0.9/32")]).await.unwrap();
    two.make(&[with(&two, &named, 2, "10.1.0.2/16", "10.1.0.9/32")]).await.unwrap();
    let third = two.endpoint("third");
    third.make(&[with(&third, &switch(SUBNET), 3, "10.1.0.3/16", "10.1.0.9/32")]).await.unwrap();
    let fourth = one.endpoint("fourth");
    let error = fourth.make(&[with(&fourth, &named, 4, "10.1.0.2/16", "10.1.0.9/32")]).await.unwrap_err().to_string();
    assert!(
        error.contains("port fourth of theirs cannot have 10.1.0.2") && error.contains("on host2 (id2)"),
        "{error}"
    );
}

/// Docker gives an address out again at once; what had it is removed when the database is back.
#[tokio::test]
async fn what_a_host_has_still_to_remove_is_in_its_own_way_no_more_than_before() {
    let server = Northbound::start();
    let [one, _] = two(&server).await;
    one.make(&[port(&one, &switch(SUBNET), 2)]).await.unwrap();
    let next = one.endpoint("next");
    next.make(&[port(&next, &switch(SUBNET), 2)]).await.unwrap();
}
