//! What has no name: rows of OVN's northbound database and routes are known by what they say. Of the versions of mode ovn
//! here each says what a user did not.

use docker_api::{EndpointOptions, PortBinding};
use libtest_mimic::Trial;
use plan::AdmittedStep;
use policy::BuiltIn;

use super::taken_back::interrupted;
use super::{ISOLATED, digest, lab_of, look, upgrade, world};
use crate::house::{ENDPOINT, House, NETWORK, OTHER, binding, free_port, until};
use crate::listening::is_free;
use crate::test;

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("rows that the new plan does not say go, and others stay", rows_go),
        test("rows come and go as if they had never been, whatever fails", taken_back),
        test("a driver that dies in the middle leaves the rows as they were", crashes),
        test("a network that goes in the middle leaves no row", removed),
        test("a container's link is not moved to another switch", other_switch),
        test("ports at the router are planned anew", published),
        test("ports move from the router to the host, and back", moved),
        test("a way to addresses that this host has a way to already is refused", ways),
        test("containers are told what is so now", live),
    ]
}

const EGRESS: &str = "choices = [\"host\", \"external\", \"docker\", \"none\"]";
const RED: (&str, &str) = ("default = \"default\"", "default = \"red\"");

/// A version in which networks leave like this if nobody says how.
fn leaving(version: &str, egress: &str, replaced: &[(&str, &str)]) -> BuiltIn {
    let said = format!("{EGRESS}\ndefault = \"{egress}\"");
    lab_of("ovn", version, &[&[(EGRESS, said.as_str())], replaced].concat())
}

async fn created(mode: BuiltIn) -> House {
    let house = House::with(&[mode]).await;
    house.create(&[("mode", "lab")]).await.unwrap();
    house
}

async fn joined(mode: BuiltIn) -> House {
    let house = created(mode).await;
    house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
    house.join(ENDPOINT).await.unwrap();
    house
}

/// Publishes a port at every address.
async fn publish(house: &House) -> u16 {
    let port = free_port();
    let binding = PortBinding { host_address: None, ..binding(port) };
    house
        .program_with(ENDPOINT, EndpointOptions { port_map: vec![binding], ..EndpointOptions::default() })
        .await
        .unwrap();
    port
}

/// What there is that has no name.
fn said(house: &House) -> Vec<(String, Option<String>, String)> {
    world(house).into_iter().filter(|(_, step)| step.name.is_none()).map(|(key, _)| key).collect()
}

fn kinds(house: &House, kind: &str) -> usize {
    house.fake.kinds().iter().filter(|it| *it == kind).count()
}

async fn rows_go() {
    let versions: [&dyn Fn(&str) -> BuiltIn; 5] = [
        &|version| leaving(version, "host", &[]),
        &|version| leaving(version, "host", &[ISOLATED]),
        &|version| leaving(version, "external", &[]),
        &|version| leaving(version, "none", &[]),
        &|version| leaving(version, "external", &[RED, ISOLATED]),
    ];
    let mut house = created(versions[4]("0.1.0")).await;
    for (at, version) in versions.iter().enumerate() {
        house.has_now(&[version("0.2.0")], &[]);
        upgrade(&house).await.unwrap();
        let fresh = created(version("0.2.0")).await;
        assert_eq!(said(&house), said(&fresh), "version {at}");
        assert_eq!(world(&house).len(), world(&fresh).len(), "version {at}");
    }
    house.delete(NETWORK).await;
    assert!(world(&house).is_empty());
}

/// A container that publishes a port at the router, and a version by which it does so on the host.
async fn busy() -> House {
    let mut house = joined(leaving("0.1.0", "external", &[ISOLATED])).await;
    publish(&house).await;
    house.has_now(&[leaving("0.2.0", "host", &[])], &[]);
    house
}

async fn turns() -> usize {
    let house = busy().await;
    let before = house.fake.world().turns;
    upgrade(&house).await.unwrap();
    house.fake.world().turns - before
}

async fn taken_back() {
    let turns = turns().await;
    assert!(turns > 4, "the shared part, the network and the endpoint come, and go: {turns}");
    for turn in 1..=turns {
        let house = busy().await;
        let (before, old, at) = (world(&house), digest(&house).await, house.fake.world().turns + turn);
        house.fake.world().failing_turns = at..at + 1;
        let failure = upgrade(&house).await.unwrap_err();
        assert!(failure.message.contains("all is again as it was"), "{failure}");
        assert_eq!((world(&house), digest(&house).await), (before, old), "turn {turn}");
    }
}

async fn crashes() {
    for turn in 1..=turns().await {
        let house = busy().await;
        let (before, old) = (world(&house), digest(&house).await);
        interrupted(&house, turn).await;
        let house = house.restart().await;
        assert_eq!((world(&house), digest(&house).await), (before, old), "turn {turn}");
    }
}

async fn removed() {
    for turn in [2, turns().await] {
        let house = busy().await;
        let at = house.fake.world().turns + turn;
        house.fake.world().failing_turns = at..usize::MAX;
        upgrade(&house).await.unwrap_err();
        house.fake.world().failing_turns = 0..0;
        house.delete(NETWORK).await;
        assert!(world(&house).is_empty(), "turn {turn}: {:?}", world(&house));
    }
}

async fn other_switch() {
    let mut house = joined(leaving("0.1.0", "none", &[])).await;
    house.has_now(&[leaving("0.2.0", "none", &[RED])], &[]);
    let (before, failure) = (world(&house), look(&house).await.unwrap_err());
    assert!(failure.message.contains("on another bridge or switch"), "{failure}");
    assert_eq!(world(&house), before);
    house.leave(ENDPOINT).await;
    upgrade(&house).await.unwrap();
    house.join(ENDPOINT).await.unwrap();
}

async fn published() {
    let mut house = joined(leaving("0.1.0", "external", &[])).await;
    let port = publish(&house).await;
    assert_eq!((kinds(&house, "load-balancer"), is_free(port)), (1, true));
    house.has_now(&[leaving("0.2.0", "external", &[ISOLATED])], &[]);
    upgrade(&house).await.unwrap();
    assert_eq!((kinds(&house, "load-balancer"), is_free(port)), (1, true));
    let house = house.restart().await;
    assert_eq!((kinds(&house, "load-balancer"), is_free(port)), (1, true));
    house.revoke(ENDPOINT).await;
    assert_eq!(kinds(&house, "load-balancer"), 0);
}

async fn moved() {
    let mut house = joined(leaving("0.1.0", "external", &[ISOLATED])).await;
    let port = publish(&house).await;
    let old = leaving("0.3.0", "external", &[ISOLATED]);
    for (next, counts) in [(leaving("0.2.0", "host", &[]), (0, 1)), (old, (1, 0))] {
        house.has_now(&[next], &[]);
        upgrade(&house).await.unwrap();
        assert_eq!((kinds(&house, "load-balancer"), kinds(&house, "publish")), counts);
        until(async || is_free(port) == (counts.1 == 0)).await;
        let lost = |step: &AdmittedStep| step.peer.is_some();
        assert_eq!(world(&house).into_values().filter(lost).count(), 1, "the container has its link");
    }
}

async fn ways() {
    let mut house = House::with(&[leaving("0.1.0", "none", &[])]).await;
    house.create_as(OTHER, &[("mode", "lab"), ("egress", "host")]).await.unwrap();
    let refused = house.create(&[("mode", "lab"), ("vrf", "red"), ("egress", "host")]).await.unwrap_err().to_string();
    assert!(refused.contains("to which this host has a way already") && refused.contains(OTHER), "{refused}");
    house.create(&[("mode", "lab"), ("vrf", "red")]).await.unwrap();
    let before = world(&house);
    house.has_now(&[leaving("0.2.0", "host", &[])], &[]);
    let failure = look(&house).await.unwrap_err();
    assert!(failure.kind == admin::FailureKind::Refused && failure.message.contains("a way already"), "{failure}");
    assert_eq!(world(&house), before);
    house.delete(NETWORK).await;
    let own = [("mode", "lab"), ("egress", "host")];
    let refused = house.create(&own).await.unwrap_err().to_string();
    assert!(refused.contains("a way already"), "in one VRF, too: there is one route of the host for both: {refused}");
    house.delete(OTHER).await;
    house.create(&own).await.unwrap();
}

async fn live() {
    let mut house = House::with(&[leaving("0.1.0", "docker", &[])]).await;
    let subnets = |house: &House, subnets: &[&str]| {
        let nets = subnets.iter().map(|subnet| subnet.parse().unwrap()).collect();
        house.fake.world().facts.vrfs.insert("default".to_owned(), nets);
    };
    let routes = async |house: &House| {
        let routes = house.join(ENDPOINT).await.unwrap().routes;
        routes.iter().map(|route| route.destination.to_string()).collect::<Vec<_>>()
    };
    subnets(&house, &["10.9.0.0/24"]);
    house.create(&[("mode", "lab")]).await.unwrap();
    subnets(&house, &["10.8.0.0/24", "10.9.0.0/24"]);
    house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
    assert_eq!(routes(&house).await, ["10.8.0.0/24"], "it came when there was another subnet");
    house.leave(ENDPOINT).await;
    subnets(&house, &["10.7.0.0/24", "10.8.0.0/24", "10.9.0.0/24"]);
    house.has_now(&[leaving("0.2.0", "docker", &[ISOLATED])], &[]);
    upgrade(&house).await.unwrap();
    assert_eq!(routes(&house).await, ["10.7.0.0/24", "10.8.0.0/24"]);
}
