//! The same addresses never lie behind two ways of this host, whichever of them came first.

use std::sync::Arc;

use docker_api::NetworkDriver;
use libtest_mimic::Trial;
use tokio::task::JoinHandle;

use crate::house::{House, NETWORK, OTHER, context, network};
use crate::test;

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("a network of a subnet that this host routes elsewhere is refused", second),
        test("so is a VRF's way out whose own subnet another network has", join),
        test("of two networks that come at once with one subnet, not both are made", at_once),
        test("a network that goes for good leaves its subnet to the next", gone),
    ]
}

const ROUTED: [(&str, &str); 1] = [("mode", "ovn")];
const NAT: [(&str, &str); 1] = [("mode", "nat")];

async fn refused(house: &House, subnet: &str, options: &[(&str, &str)]) {
    let before = house.fake.world().there.clone();
    let said = house.create_in(OTHER, subnet, options).await.unwrap_err().to_string();
    assert!(said.contains(NETWORK) && said.contains("to which this host has a way already"), "{said}");
    assert_eq!(house.fake.world().there, before);
}

async fn second() {
    for (first, then) in [(&ROUTED, &NAT), (&NAT, &ROUTED), (&NAT, &NAT), (&ROUTED, &ROUTED)] {
        let house = House::new().await;
        house.create(first).await.unwrap();
        refused(&house, "10.9.0.0/16", then).await;
        house.create_in(OTHER, "10.8.0.0/24", then).await.unwrap();
    }
    let house = House::new().await;
    house.create(&ROUTED).await.unwrap();
    refused(&house, "10.9.0.0/24", &[("mode", "flat"), ("host_address", "10.9.0.9")]).await;
    house.create_as(OTHER, &[("mode", "flat")]).await.unwrap();
}

async fn join() {
    let house = House::new().await;
    house.create_in(NETWORK, "100.64.0.0/10", &NAT).await.unwrap();
    refused(&house, "10.8.0.0/24", &ROUTED).await;
    house.delete(NETWORK).await;
    house.create(&ROUTED).await.unwrap();
    refused(&house, "100.64.0.0/10", &NAT).await;
    house.create_in(OTHER, "10.8.0.0/24", &ROUTED).await.unwrap();
}

fn creating(house: &House, id: &'static str, vrf: &'static str) -> JoinHandle<bool> {
    let (driver, request) = (Arc::clone(&house.driver), network(id, &[("mode", "ovn"), ("vrf", vrf)]));
    tokio::spawn(async move { driver.create_network(context(), request).await.is_ok() })
}

async fn at_once() {
    let house = House::new().await;
    for _ in 0..50 {
        let (one, other) = (creating(&house, NETWORK, "red"), creating(&house, OTHER, "blue"));
        assert!(one.await.unwrap() != other.await.unwrap());
        house.delete(NETWORK).await;
        house.delete(OTHER).await;
    }
}

async fn gone() {
    let house = House::new().await;
    house.create(&NAT).await.unwrap();
    house.fake.world().undo_fails = true;
    house.delete(NETWORK).await;
    house.create_as(OTHER, &NAT).await.unwrap();
}
