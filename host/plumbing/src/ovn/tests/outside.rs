//! VRFs in one physical network.

use super::northbound::{Northbound, Station, label};
use crate::ovn::row::{self, Router};

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
