//! What Docker has forgotten is removed when an operator says so.

use std::sync::Arc;

use admin::report::{EndpointState, NetworkState, Removed};
use admin::{Failure, FailureKind, Operations};
use libtest_mimic::Trial;

use crate::house::{ENDPOINT, House, NETWORK, context, network, until};
use crate::test;

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("a forgotten network goes with its endpoints", forgotten_network),
        test("a forgotten endpoint goes alone, whatever it had come to", forgotten_endpoint),
        test("what cannot be removed now is kept, told and tried again", kept),
        test("a network that is being created is not removed", creating),
    ]
}

async fn remove(house: &House, endpoint: Option<&str>) -> Result<Removed, Failure> {
    house.driver.remove(NETWORK.parse().unwrap(), endpoint.map(|id| id.parse().unwrap())).await
}

async fn forgotten_network() {
    let house = House::joined().await;
    house.endpoint("planned", "10.9.0.3/24").await.unwrap();
    let mut removed = remove(&house, None).await.unwrap();
    removed.endpoints.sort_unstable();
    assert_eq!(removed.endpoints, [ENDPOINT, "planned"]);
    assert_eq!((removed.network.as_str(), removed.kept.len()), (NETWORK, 0));
    assert!(house.fake.kinds().is_empty());
    let house = house.restart().await;
    assert_eq!(remove(&house, None).await.unwrap_err().kind, FailureKind::NotFound);
}

async fn forgotten_endpoint() {
    let house = House::joined().await;
    let with = house.fake.kinds();
    house.endpoint("planned", "10.9.0.3/24").await.unwrap();
    let house = house.restart().await;
    let states: Vec<_> = house.inspect().await.endpoint_list.iter().map(|endpoint| endpoint.state).collect();
    assert_eq!(states, [EndpointState::Joined, EndpointState::Planned]);
    let removed = remove(&house, Some("planned")).await.unwrap();
    assert_eq!((removed.endpoint.as_deref(), removed.kept.len()), (Some("planned"), 0));
    assert_eq!(house.fake.kinds(), with, "the other one is as it was");
    remove(&house, Some(ENDPOINT)).await.unwrap();
    assert!(!house.fake.kinds().contains(&"endpoint-port".to_owned()));
    assert!(house.inspect().await.endpoint_list.is_empty());
    assert_eq!(remove(&house, Some(ENDPOINT)).await.unwrap_err().kind, FailureKind::NotFound);
}

async fn kept() {
    let house = House::joined().await;
    house.fake.world().undo_fails = true;
    let removed = remove(&house, Some(ENDPOINT)).await.unwrap();
    assert!(removed.kept[0].last_error.as_ref().unwrap().contains("not now"), "{removed:?}");
    let removed = remove(&house, None).await.unwrap();
    assert_eq!(removed.kept.len(), 2, "the network waits for its endpoint: {removed:?}");
    assert_eq!(house.inspect().await.summary.state, NetworkState::Removing);
    house.fake.world().undo_fails = false;
    house.reconcile().await;
    assert!(house.fake.kinds().is_empty());
}

async fn creating() {
    let house = House::new().await;
    house.fake.world().perform_hangs = true;
    let driver = Arc::clone(&house.driver);
    let call = tokio::spawn(async move {
        docker_api::NetworkDriver::create_network(&*driver, context(), network(NETWORK, &[])).await
    });
    until(async || !house.driver.networks().await.unwrap().is_empty()).await;
    assert_eq!(house.driver.networks().await.unwrap()[0].state, NetworkState::Creating);
    let failure = remove(&house, None).await.unwrap_err();
    assert!(failure.message.contains("is being created"), "{failure}");
    house.fake.world().perform_hangs = false;
    house.fake.go_on.notify_one();
    call.await.unwrap().unwrap();
    assert_eq!(house.inspect().await.summary.state, NetworkState::Ready);
}
