//! Addresses of the driver's own pools: what is remembered, and what becomes of those that Docker forgot.

use std::net::IpAddr;
use std::time::Duration;

use admin::{FailureKind, Operations, Releasing};
use docker_api::{ADDRESS_SPACE, CreateEndpoint, IpamDriver, NetworkDriver, Refusal, RequestAddress, RequestPool};
use libtest_mimic::Trial;

use crate::house::{ENDPOINT, House, NETWORK, context, endpoint, network, reference};
use crate::test;

const FIRST: &str = "02:00:00:00:00:01";
const SECOND: &str = "02:00:00:00:00:02";

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("pools and addresses outlive the driver", remembered),
        test("an address that no endpoint of the driver's networks has is given back", lost),
        test("what another driver's networks have is left alone", strangers),
        test("pools and addresses that Docker forgot are given back when somebody says so", forgotten),
        test("an option of address management that there is not is refused", unknown_option),
    ]
}

/// A pool, as Docker names it from then on.
async fn pool(house: &House) -> String {
    let (pool, options) = (Some("10.9.0.0/24".parse().unwrap()), [].into());
    let request = RequestPool { address_space: ADDRESS_SPACE.to_owned(), pool, range: None, options, v6: false };
    house.driver.request_pool(context(), request).await.unwrap().id
}

/// An endpoint's wish for an address.
async fn address(house: &House, pool: &str, address: &str, mac: &str) -> Result<String, Refusal> {
    let address: IpAddr = address.parse().unwrap();
    let pool = pool.parse().unwrap();
    let (gateway, mac, beside) = (false, Some(mac.parse().unwrap()), [].into());
    let request = RequestAddress { pool, address: Some(address), gateway, mac, beside };
    house.driver.request_address(context(), request).await.map(|address| address.to_string())
}

/// Makes a network whose addresses are of the driver's own pools.
async fn create(house: &House) {
    let mut request = network(NETWORK, &[]);
    request.ipv4.iter_mut().for_each(|data| data.address_space = ADDRESS_SPACE.to_owned());
    house.driver.create_network(context(), request).await.unwrap();
}

async fn remembered() {
    let house = House::new().await;
    let pool = pool(&house).await;
    assert_eq!(address(&house, &pool, "10.9.0.7", FIRST).await.unwrap(), "10.9.0.7/24");
    let house = house.restart().await;
    let said = address(&house, &pool, "10.9.0.7", SECOND).await.unwrap_err();
    assert!(said.message().contains("in use: by 02:00:00:00:00:01"), "{said}");
    house.driver.release_pool(context(), pool.parse().unwrap()).await.unwrap();
    assert!(house.restart().await.driver.pools().await.unwrap().is_empty());
}

async fn lost() {
    let house = House::new().await.restart_after(Duration::ZERO).await;
    let pool = pool(&house).await;
    create(&house).await;
    for (wanted, mac) in [("10.9.0.7", FIRST), ("10.9.0.8", SECOND)] {
        address(&house, &pool, wanted, mac).await.unwrap();
    }
    let request = CreateEndpoint { mac: Some(FIRST.parse().unwrap()), ..endpoint(ENDPOINT, "10.9.0.7/24") };
    house.driver.create_endpoint(context(), request).await.unwrap();
    // The first look remembers what nobody uses, a later one gives it back.
    for _ in 0..2 {
        house.driver.reconcile(None).await.unwrap();
    }
    assert!(address(&house, &pool, "10.9.0.8", FIRST).await.is_ok(), "Docker died before it made the endpoint");
    let said = address(&house, &pool, "10.9.0.7", SECOND).await.unwrap_err();
    assert!(said.message().contains("in use"), "{said}");
    let said = address(&house, &pool, "10.9.0.7", FIRST).await.unwrap_err();
    assert!(said.message().contains("in use"), "an endpoint has it: {said}");

    // Docker took the endpoint away and nobody heard it give the address back.
    house.driver.delete_endpoint(context(), reference(ENDPOINT)).await.unwrap();
    for _ in 0..2 {
        house.driver.reconcile(None).await.unwrap();
    }
    assert!(address(&house, &pool, "10.9.0.7", SECOND).await.is_ok());
}

async fn strangers() {
    let house = House::new().await.restart_after(Duration::ZERO).await;
    let theirs = pool(&house).await;
    address(&house, &theirs, "10.9.0.7", FIRST).await.unwrap();
    for _ in 0..2 {
        house.driver.reconcile(None).await.unwrap();
    }
    assert!(address(&house, &theirs, "10.9.0.7", SECOND).await.is_err());
    // Nor where one network of several is of this driver: whose the others are is not known.
    pool(&house).await;
    create(&house).await;
    for _ in 0..2 {
        house.driver.reconcile(None).await.unwrap();
    }
    assert!(address(&house, &theirs, "10.9.0.7", SECOND).await.is_err());
}

/// All of the pool, or some addresses of it.
fn of_pool(addresses: &[&str]) -> Releasing {
    let addresses = addresses.iter().map(|address| (*address).to_owned()).collect();
    Releasing { vrf: "default".to_owned(), subnet: "10.9.0.0/24".to_owned(), addresses }
}

async fn forgotten() {
    let house = House::new().await;
    let (lost, pool) = (pool(&house).await, pool(&house).await);
    create(&house).await;
    address(&house, &lost, "10.9.0.7", FIRST).await.unwrap();
    address(&house, &pool, "10.9.0.8", SECOND).await.unwrap();
    let request = CreateEndpoint { mac: Some(SECOND.parse().unwrap()), ..endpoint(ENDPOINT, "10.9.0.8/24") };
    house.driver.create_endpoint(context(), request).await.unwrap();
    let described = house.driver.pools().await.unwrap();
    assert_eq!((described[0].own_networks, described[0].own_endpoints.len()), (2, 2));
    for (releasing, kind) in [
        (of_pool(&[]), FailureKind::Refused),
        (of_pool(&["10.9.0.7", "10.9.0.8"]), FailureKind::Refused),
        (of_pool(&["10.9.0.9"]), FailureKind::NotFound),
        (of_pool(&["10.9.0"]), FailureKind::Invalid),
        (Releasing { vrf: "blue".to_owned(), ..of_pool(&[]) }, FailureKind::NotFound),
    ] {
        let failure = house.driver.release(releasing.clone()).await.unwrap_err();
        assert_eq!(failure.kind, kind, "{releasing:?}: {failure}");
    }
    assert_eq!(house.driver.pools().await.unwrap(), described, "nothing was given back");
    let released = house.driver.release(of_pool(&["10.9.0.7"])).await.unwrap();
    assert_eq!((released.networks, released.addresses), (0, vec!["10.9.0.7".to_owned()]));
    assert!(address(&house, &pool, "10.9.0.7", SECOND).await.is_ok());

    house.delete(NETWORK).await;
    let released = house.driver.release(of_pool(&[])).await.unwrap();
    assert_eq!((released.networks, released.addresses.len()), (2, 2));
    assert!(house.restart().await.driver.pools().await.unwrap().is_empty());
}

async fn unknown_option() {
    let house = House::new().await;
    let options = [("wrf".to_owned(), "blue".to_owned())].into();
    let request = RequestPool { address_space: String::new(), pool: None, range: None, options, v6: false };
    let said = house.driver.request_pool(context(), request).await.unwrap_err();
    assert_eq!(said.message(), "no ipam option wrf: there is vrf");
}
