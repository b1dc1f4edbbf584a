//! What is in the way of OVN's tunnels, which no plan says.

use admin::Operations;
use admin::report::Health;
use libtest_mimic::Trial;

use crate::house::{ENDPOINT, House, NETWORK, OTHER};
use crate::log::Log;
use crate::test;

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("what is in the way of OVN's tunnels refuses nothing, and is told until it is put right", told),
        test("a network on OVN that is made where its tunnels end is named in the log", logged),
    ]
}

const FAULT: &str = "the address is on the wrong link";

/// How the networks are, on OVN and beside it.
async fn healths(house: &House) -> [Health; 2] {
    let networks = house.driver.networks().await.unwrap();
    [NETWORK, OTHER].map(|id| networks.iter().find(|network| network.id == id).unwrap().health)
}

/// What a reconcile and a look say of tunnels.
async fn faults(house: &House) -> [Vec<String>; 2] {
    let found = house.reconcile().await.broken;
    [found, house.inspect().await.drift].map(|drift| {
        assert!(drift.iter().all(|drift| drift.network == NETWORK && drift.repair.is_none()), "{drift:?}");
        drift.into_iter().map(|drift| drift.problem).collect()
    })
}

async fn told() {
    let house = House::new().await;
    house.fake.world().tunnel_fault = Some(FAULT);
    house.create(&[("mode", "ovn")]).await.unwrap();
    house.create_in(OTHER, "10.8.0.0/24", &[("mode", "nat")]).await.unwrap();
    assert_eq!(healths(&house).await, [Health::Broken, Health::Healthy], "at once");
    let said = format!("its containers reach none on other hosts: {FAULT}");
    assert_eq!(faults(&house).await, [vec![said.clone()], vec![said.clone()]]);
    house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
    house.join(ENDPOINT).await.unwrap();

    house.fake.world().tunnel_fault = None;
    assert_eq!(healths(&house).await, [Health::Healthy; 2], "nobody has to reconcile");
    assert_eq!(faults(&house).await, [Vec::<String>::new(), Vec::new()]);
    house.fake.world().tunnel_fault = Some(FAULT);
    assert_eq!(faults(&house).await, [vec![said.clone()], vec![said]], "it can go wrong later");
}

async fn logged() {
    let house = House::new().await;
    let log = Log::new();
    house.create_in(OTHER, "10.8.0.0/24", &[("mode", "ovn")]).await.unwrap();
    house.fake.world().tunnel_fault = Some(FAULT);
    house.create(&[("mode", "ovn")]).await.unwrap();
    let warnings = log.warnings();
    let [warning] = &warnings[..] else { panic!("{warnings:?}") };
    assert!(warning.contains(NETWORK) && warning.contains(FAULT), "{warning}");
}
