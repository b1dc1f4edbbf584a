//! Open vSwitch is away: nobody waits for it behind a lock, and what needed it is done when it is back.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use admin::Operations;
use admin::report::{Health, StepState};
use docker_api::NetworkDriver;
use libtest_mimic::Trial;
use plan::{Action, AdmittedStep};
use plumbing::Event;
use tokio::time::{sleep, timeout};

use crate::house::{ENDPOINT, House, LONG, NETWORK, OTHER, context, free_port, network, reference, until};
use crate::listening::is_free;
use crate::test;

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("a look at everything begins with nothing while Open vSwitch is away", nothing_begun),
        test("what is looked at when Open vSwitch goes away is let go", let_go),
        test("rules are put back while Open vSwitch hangs", rules_beside),
        test("rules are put back while a network waits to be made", rules_beside_creation),
        test("rules are put back while an endpoint and its network wait to be undone", rules_beside_removal),
        test("what could not be undone is undone when Open vSwitch is back", undone_later),
        test(
            "what is not known while OVN's northbound database is away is told, and the rest is repaired",
            unknown_north,
        ),
        test("a new holder of an address does not wait until the old one is undone", new_holder),
    ]
}

/// Less than a call of Docker's waits here for an Open vSwitch that is away.
async fn at_once<T>(what: &str, call: impl Future<Output = T>) -> T {
    timeout(LONG, call).await.unwrap_or_else(|_| panic!("{what} waits"))
}

/// Waits until the rules are put back, of so many steps.
async fn rules_return(house: &House, steps: usize) {
    house.fake.world().rules = 999;
    house.fake.say(Event::FirewallChanged);
    at_once("who puts rules back", until(async || house.fake.world().rules == steps)).await;
}

fn goes_away(house: &House) {
    house.fake.world().away = true;
    house.fake.say(Event::OvsDown);
}

fn comes_back(house: &House) {
    house.fake.world().away = false;
    house.fake.say(Event::OvsUp);
}

async fn nothing_begun() {
    let house = House::joined().await;
    goes_away(&house);
    house.fake.world().rules = 999;
    // As the timer does.
    house.fake.say(Event::Lost);
    until(async || house.fake.world().rules == 4).await;
    for number in 3..9 {
        let (id, address) = (format!("endpoint-{number}"), format!("10.9.0.{number}/24"));
        at_once("CreateEndpoint", house.endpoint(&id, &address)).await.unwrap();
        sleep(Duration::from_millis(30)).await;
    }
    assert_eq!(house.fake.world().waited, 0, "nobody waits with a lock in hand");
    house.fake.world().there.clear();
    comes_back(&house);
    until(async || house.fake.kinds().len() == 5).await;
}

async fn let_go() {
    let house = House::joined().await;
    house.fake.world().perform_hangs = true;
    house.fake.say(Event::Lost);
    until(async || house.fake.world().hanging > 0).await;
    let waiting = timeout(Duration::from_millis(20), house.endpoint("other", "10.9.0.3/24")).await;
    assert!(waiting.is_err(), "the network is being looked at");
    goes_away(&house);
    at_once("CreateEndpoint", house.endpoint("another", "10.9.0.4/24")).await.unwrap();
    house.fake.world().perform_hangs = false;
    house.fake.world().there.clear();
    comes_back(&house);
    until(async || house.fake.kinds().len() == 5).await;
}

async fn rules_beside() {
    let house = House::joined().await;
    house.fake.world().perform_hangs = true;
    house.fake.say(Event::Lost);
    until(async || house.fake.world().hanging > 0).await;
    rules_return(&house, 4).await;
}

async fn rules_beside_creation() {
    let house = House::new().await;
    // The mode is compiled by then.
    house.create_in(OTHER, "10.8.0.0/24", &[]).await.unwrap();
    goes_away(&house);
    let driver = Arc::clone(&house.driver);
    let creating = tokio::spawn(async move { driver.create_network(context(), network(NETWORK, &[])).await });
    until(async || house.fake.world().patient > 0).await;
    rules_return(&house, 4).await;
    comes_back(&house);
    creating.await.unwrap().unwrap();
    rules_return(&house, 8).await;
}

async fn rules_beside_removal() {
    let (house, port) = (House::joined().await, free_port());
    house.program(ENDPOINT, &[port]).await.unwrap();
    rules_return(&house, 5).await;
    goes_away(&house);
    let driver = Arc::clone(&house.driver);
    let removing = tokio::spawn(async move {
        driver.leave(context(), reference(ENDPOINT)).await.unwrap();
        driver.delete_endpoint(context(), reference(ENDPOINT)).await.unwrap();
        driver.delete_network(context(), reference(ENDPOINT).network).await.unwrap();
    });
    until(async || house.fake.world().waited == 1).await;
    rules_return(&house, 4).await;
    assert!(!house.fake.kinds().contains(&"publish".to_owned()), "what needs no Open vSwitch goes at once");
    comes_back(&house);
    removing.await.unwrap();
    assert!(house.fake.kinds().is_empty());
    rules_return(&house, 0).await;
}

async fn undone_later() {
    let (house, port) = (House::joined().await, free_port());
    house.program(ENDPOINT, &[port]).await.unwrap();
    house.endpoint("other", "10.9.0.3/24").await.unwrap();
    house.join_in("other", "/nowhere/netns/2").await.unwrap();
    goes_away(&house);
    let shortly = || docker_api::Context { deadline: tokio::time::Instant::now(), ..context() };
    house.driver.leave(shortly(), reference("other")).await.unwrap();
    house.driver.leave(shortly(), reference(ENDPOINT)).await.unwrap();
    house.driver.delete_endpoint(shortly(), reference(ENDPOINT)).await.unwrap();
    assert_eq!(house.driver.to_be_undone().await.unwrap().len(), 1);
    // Another container gets the port meanwhile: its rule has the same key.
    house.endpoint("next", "10.9.0.4/24").await.unwrap();
    assert_eq!(house.fake.kinds().iter().filter(|kind| *kind == "endpoint-port").count(), 2);
    assert!(!house.fake.kinds().contains(&"publish".to_owned()));
    let undone = house.fake.world().undone.clone();
    assert_eq!(undone.iter().filter(|kind| **kind == "publish").count(), 1);

    comes_back(&house);
    until(async || house.driver.to_be_undone().await.unwrap().is_empty()).await;
    until(async || house.fake.kinds() == ["bridge", "forward", "host-port", "masquerade"]).await;
    let undone = house.fake.world().undone.clone();
    assert_eq!(undone.iter().filter(|kind| **kind == "publish").count(), 1, "nobody's rule is undone twice");
    house.join_in("other", "/nowhere/netns/2").await.unwrap();
}

async fn unknown_north() {
    let house = House::new().await;
    house.create(&[("mode", "ovn")]).await.unwrap();
    let before = house.fake.kinds();
    let is_foot = |step: &AdmittedStep| matches!(step.action, Action::HostPort(_));
    house.fake.world().north_away = true;
    house.fake.world().there.retain(|_, step| !is_foot(step));
    let report = house.reconcile().await;
    assert_eq!(house.fake.kinds(), before);
    assert_eq!(report.repaired.iter().map(|change| &*change.kind).collect::<Vec<_>>(), ["host-port"]);
    let [shared, own] = &report.broken[..] else { panic!("{:?}", report.broken) };
    for (told, step) in [(shared, "router"), (own, "switch")] {
        assert!(told.problem.starts_with(&format!("nothing is known of {step}, ")), "{told:?}");
        assert!(told.problem.ends_with("the north does not answer") && told.repair.is_some(), "{told:?}");
    }
    let detail = house.inspect().await;
    assert_eq!((detail.summary.health, detail.drift.len()), (Health::Unknown, 2));
    for step in &detail.steps {
        let known = ["host-port", "forward", "masquerade"].contains(&&*step.kind);
        assert_eq!(step.state, if known { StepState::Present } else { StepState::Unknown }, "{step:?}");
    }
    house.fake.world().north_away = false;
    house.fake.say(Event::NorthboundUp);
    until(async || house.inspect().await.drift.is_empty()).await;
    assert_eq!(house.inspect().await.summary.health, Health::Healthy);
}

async fn new_holder() {
    let (house, port) = (House::joined().await, free_port());
    house.program(ENDPOINT, &[port]).await.unwrap();
    goes_away(&house);
    at_once("CreateEndpoint", house.endpoint("next", "10.9.0.2/24")).await.unwrap();
    assert!(is_free(port) && !house.fake.kinds().contains(&"publish".to_owned()));
    comes_back(&house);
    until(async || !house.fake.kinds().contains(&"endpoint-port".to_owned())).await;
    house.join_in("next", "/nowhere/netns/2").await.unwrap();
    house.program("next", &[port]).await.unwrap();
}
