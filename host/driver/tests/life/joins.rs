//! A join is written down while it is performed: whatever comes first when the driver dies, what is left is right.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use libtest_mimic::Trial;

use crate::house::{ENDPOINT, House, until};
use crate::test;

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("a join that fails is forgotten for good", failed),
        test("a crash before the port was made leaves no endpoint", nothing_made),
        test("a crash before the record was written leaves no port", nothing_written),
        test("a link that no container takes after a crash is removed", never_taken),
        test("a link that a container takes after a crash stays", taken_late),
    ]
}

fn has_port(house: &House) -> bool {
    house.fake.kinds().contains(&"endpoint-port".to_owned())
}

/// A network, and an endpoint that nobody has joined.
async fn planned() -> House {
    let house = House::new().await;
    house.create(&[]).await.unwrap();
    house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
    house
}

async fn failed() {
    let house = planned().await;
    house.fake.world().perform_fails = Some("could not open network device");
    house.join(ENDPOINT).await.unwrap_err();
    house.fake.world().perform_fails = None;
    let house = house.restart().await;
    assert!(!has_port(&house));
    let endpoints = house.inspect().await.endpoint_list;
    assert_eq!(endpoints[0].state, admin::report::EndpointState::Planned);
    house.join(ENDPOINT).await.unwrap();
}

async fn nothing_made() {
    let house = planned().await;
    let sandboxes = tempfile::tempdir().unwrap();
    house.fake.world().perform_hangs = true;
    let (driver, sandbox) = (Arc::clone(&house.driver), sandboxes.path().join("1"));
    let join = tokio::spawn(async move { House::join_on(&driver, ENDPOINT, sandbox.to_str().unwrap()).await });
    let store = house.directory().join("docker-ovs.redb");
    let written = || String::from_utf8_lossy(&fs::read(&store).unwrap()).contains("\"state\":\"joined\"");
    until(async || written()).await;
    join.abort();
    let _ = join.await;
    house.fake.world().perform_hangs = false;
    house.fake.world().vanished.insert(ENDPOINT.to_owned());
    let house = house.restart().await;
    assert!(house.inspect().await.endpoint_list.is_empty(), "its container never started");
    assert!(!has_port(&house));
}

async fn nothing_written() {
    let house = planned().await;
    house.join(ENDPOINT).await.unwrap();
    let joined = house.fake.world().there.clone();
    house.leave(ENDPOINT).await;
    house.remove(ENDPOINT).await;
    house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
    house.fake.world().there = joined;
    let house = house.restart().await;
    assert!(!has_port(&house));
    house.join(ENDPOINT).await.unwrap();
}

async fn never_taken() {
    let house = House::joined().await;
    house.fake.world().unclaimed = true;
    let house = house.restart().await;
    assert!(has_port(&house), "Docker may be about to take it");
    let house = house.restart_after(Duration::ZERO).await;
    assert!(!has_port(&house));
    assert!(house.inspect().await.endpoint_list.is_empty());
}

async fn taken_late() {
    let house = House::joined().await;
    house.fake.world().unclaimed = true;
    let house = house.restart().await;
    house.fake.world().unclaimed = false;
    house.reconcile().await;
    let house = house.restart_after(Duration::ZERO).await;
    assert!(has_port(&house));
}
