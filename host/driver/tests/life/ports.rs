//! Published ports: bound before the mode is asked, replaced whole, released for good.

use std::net::TcpListener;

use libtest_mimic::Trial;

use crate::house::{ENDPOINT, House, NETWORK, free_port};
use crate::test;

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("a published port is held, and free again when it is revoked", held),
        test("a busy port is said, and leaves nothing", busy),
        test("programming again replaces", replaced),
        test("a port survives a restart of the driver", survives),
        test("leave releases what nobody revoked", released_by_leave),
        test("rules that cannot be made leave no socket", no_rules),
        test("flat refuses to publish, or ignores it if told so", flat),
    ]
}

fn is_free(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).is_ok()
}

fn published(house: &House) -> usize {
    house.fake.kinds().iter().filter(|kind| *kind == "publish").count()
}

async fn held() {
    let (house, port) = (House::joined().await, free_port());
    house.program(ENDPOINT, &[port]).await.unwrap();
    assert!(!is_free(port));
    assert_eq!(published(&house), 1);
    assert_eq!(house.inspect().await.endpoint_list[0].published[0].host_port, port);
    house.revoke(ENDPOINT).await;
    assert_eq!(published(&house), 0);
    crate::house::until(async || is_free(port)).await;
}

async fn busy() {
    let house = House::joined().await;
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let (taken, free) = (other.local_addr().unwrap().port(), free_port());
    let error = house.program(ENDPOINT, &[free, taken]).await.unwrap_err();
    assert!(error.message().contains(&taken.to_string()) && error.message().contains("has it"), "{error}");
    assert!(is_free(free));
    assert_eq!(published(&house), 0);
}

async fn replaced() {
    let (house, one, other) = (House::joined().await, free_port(), free_port());
    house.program(ENDPOINT, &[one]).await.unwrap();
    house.program(ENDPOINT, &[one]).await.unwrap();
    house.program(ENDPOINT, &[other]).await.unwrap();
    assert_eq!(published(&house), 1);
    crate::house::until(async || is_free(one)).await;
    assert!(!is_free(other));
    house.program(ENDPOINT, &[]).await.unwrap();
    assert_eq!(published(&house), 0);
}

async fn survives() {
    let (house, port) = (House::joined().await, free_port());
    house.program(ENDPOINT, &[port]).await.unwrap();
    let house = house.restart().await;
    assert!(!is_free(port));
    assert_eq!(published(&house), 1);
    house.revoke(ENDPOINT).await;
    assert_eq!(published(&house), 0);
}

async fn released_by_leave() {
    let (house, port) = (House::joined().await, free_port());
    house.program(ENDPOINT, &[port]).await.unwrap();
    house.leave(ENDPOINT).await;
    assert_eq!(published(&house), 0);
    crate::house::until(async || is_free(port)).await;
}

async fn no_rules() {
    let (house, port) = (House::joined().await, free_port());
    house.fake.world().perform_fails = Some("no nft");
    assert!(house.program(ENDPOINT, &[port]).await.unwrap_err().message().contains("no nft"));
    assert!(is_free(port));
    assert!(house.inspect().await.endpoint_list[0].published.is_empty());
}

async fn flat() {
    for (publish, accepted) in [("refuse", false), ("ignore", true)] {
        let (house, port) = (House::new().await, free_port());
        house.create(&[("mode", "flat"), ("publish", publish)]).await.unwrap();
        house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
        house.join(ENDPOINT).await.unwrap();
        assert_eq!(house.program(ENDPOINT, &[port]).await.is_ok(), accepted, "publish={publish}");
        assert!(is_free(port), "nothing is published by a flat network");
        house.delete(NETWORK).await;
    }
}
