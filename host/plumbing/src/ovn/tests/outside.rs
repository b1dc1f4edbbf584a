//! The ways out of VRFs: what is no other VRF's, and no network's.

use super::northbound::{Northbound, Station, label, nets, routed, soon};
use crate::ovn::row::{self, Router, Switch};

#[tokio::test]
async fn an_address_of_a_physical_network_is_one_vrfs() {
    let server = Northbound::start();
    let before = server.contents();
    let (one, two) = (Station::new(&[&server], 1), Station::new(&[&server], 2));
    let of = |vrf: &str, vlan, address: &str| {
        let (router, address) = (Router::of(vrf), address.parse().unwrap());
        vec![
            row::logical_router(&label("router"), &router),
            row::outside_address(&label("localnet"), &router, "wan", vlan, address),
        ]
    };
    let red = of("red", None, "203.0.113.10");
    one.make(&red).await.unwrap();
    two.make(&red).await.unwrap();
    two.remove(&red).await.unwrap();
    for host in [&one.network("other"), &two] {
        let error = host.make(&of("blue", None, "203.0.113.10")).await.unwrap_err().to_string();
        assert_eq!(
            error,
            "address 203.0.113.10 of physical network wan is there with VRF red, not VRF blue, for network net on host1 \
             (id1): a VRF leaves by an [ovn.external.NAME] section of its own, with an address of its own"
        );
    }
    assert!(!server.contents().contains("blue"), "nothing of it was done");
    for elsewhere in [of("blue", Some(7), "203.0.113.10"), of("blue", None, "203.0.113.11")] {
        two.make(&elsewhere).await.unwrap();
        two.remove(&elsewhere).await.unwrap();
    }
    one.remove(&red).await.unwrap();
    let blue = of("blue", None, "203.0.113.10");
    two.make(&blue).await.unwrap();
    two.remove(&blue).await.unwrap();
    assert_eq!(server.contents(), before);
}

#[tokio::test]
async fn the_subnets_of_a_vrf_are_those_of_networks() {
    let server = Northbound::start();
    let one = Station::new(&[&server], 1);
    let router = Router::of("default");
    let mut rows = routed("10.1.0.0/16", "10.1.0.1/16");
    for (subnet, address) in [("100.64.0.4/30", "100.64.0.5/30"), ("203.0.113.0/24", "203.0.113.10/24")] {
        let switch = Switch::of("default", &nets(&[subnet]), None);
        rows.push(row::logical_switch(&label("outside"), &switch));
        rows.extend(row::router_port(&label("port"), &router, &switch, &nets(&[address]), &[]));
        rows.push(match subnet {
            "100.64.0.4/30" => row::host_port(&label("host"), &switch, &nets(&["100.64.0.6/30"])),
            _ => row::localnet(&label("localnet"), &switch, "wan", None),
        });
    }
    one.make(&rows).await.unwrap();
    let vrfs = one.session.view(soon()).await.unwrap().vrfs();
    assert_eq!(vrfs["default"], nets(&["10.1.0.0/16"]));
}
