//! A restart loses nothing, and finishes or undoes what it interrupted.

use libtest_mimic::Trial;
use plumbing::{Event, Marked, MarkedKind};

use crate::house::{ENDPOINT, House, NETWORK, network, until};
use crate::test;

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("networks and endpoints survive", survive),
        test("an endpoint that was planned can still be joined", planned),
        test("a network that was being created is undone", creating),
        test("what went while the driver was down is made again", made_again),
        test("what goes while the driver runs is made again", event),
        test("a firewall reload puts every rule back at once", firewall),
        test("a network that is made while the firewall is reloaded has its rules", meanwhile),
        test("another boot voids every endpoint and keeps the networks", another_boot),
        test("things with our mark and no record are removed, others are not", strays),
        test("a reconcile that cannot look says so", cannot_look),
    ]
}

async fn survive() {
    let house = House::joined().await;
    let before = house.fake.kinds();
    let house = house.restart().await;
    assert_eq!(house.fake.kinds(), before);
    house.join(ENDPOINT).await.unwrap();
    house.endpoint("another", "10.9.0.3/24").await.unwrap();
    house.join("another").await.unwrap();
    house.leave(ENDPOINT).await;
    house.remove(ENDPOINT).await;
    house.delete(NETWORK).await;
    assert!(house.fake.kinds().is_empty());
}

async fn planned() {
    let house = House::new().await;
    house.create(&[]).await.unwrap();
    house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
    let house = house.restart().await;
    house.join(ENDPOINT).await.unwrap();
}

async fn creating() {
    let house = House::new().await;
    house.fake.world().perform_hangs = true;
    let driver = std::sync::Arc::clone(&house.driver);
    let call = tokio::spawn(async move {
        docker_api::NetworkDriver::create_network(&*driver, crate::house::context(), network(NETWORK, &[])).await
    });
    until(async || !admin::Operations::networks(&*house.driver).await.unwrap().is_empty()).await;
    call.abort();
    let _ = call.await;
    house.fake.world().perform_hangs = false;
    let house = house.restart().await;
    assert!(admin::Operations::networks(&*house.driver).await.unwrap().is_empty());
    house.create(&[]).await.unwrap();
}

async fn made_again() {
    let house = House::joined().await;
    house.fake.world().there.clear();
    let house = house.restart().await;
    assert_eq!(house.fake.kinds(), ["bridge", "endpoint-port", "forward", "host-port", "masquerade"]);
}

async fn event() {
    let house = House::joined().await;
    house.fake.world().there.clear();
    house.fake.say(Event::OvsUp);
    until(async || house.fake.kinds().len() == 5).await;
}

async fn firewall() {
    let (house, port) = (House::joined().await, crate::house::free_port());
    house.program(ENDPOINT, &[port]).await.unwrap();
    house.fake.world().rules = 0;
    house.fake.say(Event::FirewallChanged);
    until(async || house.fake.world().rules == 5).await;
}

async fn meanwhile() {
    let house = House::new().await;
    house.fake.world().rules = 999;
    house.fake.world().perform_hangs = true;
    let driver = std::sync::Arc::clone(&house.driver);
    let creating = tokio::spawn(async move {
        docker_api::NetworkDriver::create_network(&*driver, crate::house::context(), network(NETWORK, &[])).await
    });
    until(async || !admin::Operations::networks(&*house.driver).await.unwrap().is_empty()).await;
    house.fake.say(Event::FirewallChanged);
    // The driver hears of it, and has to wait.
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    house.fake.world().perform_hangs = false;
    until(async || {
        house.fake.go_on.notify_waiters();
        creating.is_finished()
    })
    .await;
    creating.await.unwrap().unwrap();
    until(async || house.fake.world().rules != 999).await;
    assert_eq!(house.fake.world().rules, 4, "bridge, host port, masquerade and forward");
}

async fn another_boot() {
    let house = House::joined().await;
    let house = house.restart_in("boot-2").await;
    assert_eq!(house.fake.kinds(), ["bridge", "forward", "host-port", "masquerade"]);
    assert!(house.inspect().await.endpoint_list.is_empty());
    house.endpoint("after", "10.9.0.2/24").await.unwrap();
    house.join("after").await.unwrap();
}

async fn strays() {
    let house = House::joined().await;
    let stray = Marked {
        kind: MarkedKind::Link,
        name: "ove0".to_owned(),
        network: plan::NetworkId::new("gone").unwrap(),
        endpoint: None,
    };
    house.fake.world().marked.push(stray.clone());
    // Somebody may be making it just now; before the driver started, nobody was.
    assert!(house.reconcile().await.removed.is_empty());
    let house = house.restart().await;
    assert_eq!(house.fake.world().removed, [stray]);
    assert_eq!(house.fake.kinds().len(), 5);
}

async fn cannot_look() {
    let house = House::joined().await;
    house.fake.world().rules_fail = true;
    let broken = house.reconcile().await.broken;
    assert!(broken.len() == 1 && broken[0].problem.contains("the firewall's rules are not as planned"), "{broken:?}");

    house.fake.world().away = true;
    for only in [None, Some(NETWORK.parse().unwrap())] {
        let failure = admin::Operations::reconcile(&*house.driver, only).await.unwrap_err();
        assert_eq!(failure.kind, admin::FailureKind::Unavailable);
        assert!(failure.message.contains("could not look: Open vSwitch does not answer at fake"), "{failure}");
    }
    assert_eq!(house.inspect().await.summary.health, admin::report::Health::Unknown);
}
