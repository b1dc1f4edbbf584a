//! What is written down passes the guard again before it is made again; no module is needed for that.

use admin::Operations;
use admin::report::Health;
use libtest_mimic::Trial;
use plan::{BridgeOwner, HostBridge};
use plumbing::Event;

use crate::house::{ENDPOINT, House, endpoint, free_port, until};
use crate::listening::is_free;
use crate::test;

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("a restart needs no module", no_module),
        test("a network's plan that is no longer granted is not made again", network),
        test("an endpoint's plan that is no longer granted is not made again", narrowed_endpoint),
        test("published ports that are no longer granted are not made again", published),
        test("a switch that is away is no denial", away),
    ]
}

async fn no_module() {
    let (house, port) = (House::joined().await, free_port());
    house.program(ENDPOINT, &[port]).await.unwrap();
    let before = house.fake.kinds();
    house.fake.world().there.clear();
    let house = house.restart_without_modules().await;
    assert_eq!(house.fake.kinds(), before);
    assert_eq!(house.fake.world().rules, 5, "of the network, and of the port");
    assert!(!is_free(port), "the port is held");
    assert!(house.reconcile().await.broken.is_empty());
    house.endpoint("another", "10.9.0.3/24").await.unwrap_err();
}

/// Checks that all is there again but for one kind, and that this is told with what would be right.
async fn all_but(house: &House, missing: &[&str], right: &str) {
    let kinds = house.fake.kinds();
    for kind in ["bridge", "endpoint-port", "forward", "host-port", "masquerade", "publish"] {
        assert_eq!(kinds.contains(&kind.to_owned()), !missing.contains(&kind), "{kind}: {kinds:?}");
    }
    let broken = house.reconcile().await.broken;
    assert!(broken.len() == 1 && broken[0].problem.contains("the guard no longer admits"), "{broken:?}");
    assert!(broken[0].repair.as_ref().unwrap().contains(right), "{broken:?}");
}

async fn joined_and_published() -> (House, u16) {
    let (house, port) = (House::joined().await, free_port());
    house.program(ENDPOINT, &[port]).await.unwrap();
    house.fake.world().there.clear();
    (house, port)
}

async fn network() {
    let (house, _) = joined_and_published().await;
    let house = house.restart_granting("nat", &["bridge", "host-address", "publish"]).await;
    all_but(&house, &["bridge", "host-port", "forward", "masquerade"], "an operator may add \"nat\"").await;
    assert_eq!(house.fake.world().rules, 1, "only the port's are put back");
    assert_eq!(house.inspect().await.summary.health, Health::Broken);
    let house = house.restart_granting("nat", &["bridge", "host-address", "publish", "nat"]).await;
    assert_eq!(house.fake.kinds().len(), 6);
    assert_eq!(house.inspect().await.summary.health, Health::Healthy);
}

async fn published() {
    let (house, port) = joined_and_published().await;
    let house = house.restart_granting("nat", &["bridge", "host-address", "nat"]).await;
    all_but(&house, &["publish"], "an operator may add \"publish\"").await;
    assert_eq!(house.fake.world().rules, 4, "only the network's are put back");
    assert!(is_free(port), "nor is the port held");
    let problem = house.inspect().await.endpoint_list[0].problem.clone().unwrap();
    assert!(problem.contains("publish is not granted"), "{problem}");
}

async fn narrowed_endpoint() {
    let house = House::new().await;
    house.create(&[("mode", "flat")]).await.unwrap();
    let mut request = endpoint(ENDPOINT, "10.9.0.2/24");
    request.options.driver.insert("vlan".to_owned(), "12".to_owned());
    docker_api::NetworkDriver::create_endpoint(&*house.driver, crate::house::context(), request).await.unwrap();
    house.join(ENDPOINT).await.unwrap();
    house.fake.world().there.clear();
    let house = house.restart_granting("flat", &["bridge", "vlan=100-199"]).await;
    assert_eq!(house.fake.kinds(), ["bridge"]);
    let problem = house.inspect().await.endpoint_list[0].problem.clone().unwrap();
    assert!(problem.contains("the guard no longer admits") && problem.contains("vlan=12"), "{problem}");
}

async fn away() {
    let house = House::new().await;
    let lan = HostBridge {
        name: "br-lan".to_owned(),
        owner: BridgeOwner::Stranger,
        controller: false,
        interfaces: Vec::new(),
    };
    house.fake.world().facts.bridges = vec![lan];
    house.create(&[("mode", "flat"), ("bridge", "br-lan")]).await.unwrap();
    house.fake.world().there.clear();
    house.fake.world().away = true;
    house.driver.reconcile(None).await.unwrap_err();
    let detail = house.inspect().await;
    assert!(detail.drift.is_empty() && detail.summary.health == Health::Unknown, "{detail:?}");
    house.fake.world().away = false;
    house.fake.say(Event::OvsUp);
    until(async || house.fake.kinds() == ["bridge"]).await;
    assert_eq!(house.inspect().await.summary.health, Health::Healthy);
}
