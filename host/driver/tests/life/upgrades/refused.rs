//! What is refused before anything is changed.

use admin::FailureKind;
use admin::report::StepFate;
use libtest_mimic::Trial;
use plan::Action;

use super::{ISOLATED, NETDEV, ROUTED, SMALL, ask, created, digest, joined, lab, lab_of, look, upgrade, world};
use crate::house::{ENDPOINT, OTHER, free_port};
use crate::listening::is_free;
use crate::test;

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("what was not shown is not done", not_shown),
        test("a module without an option that was given is refused", vanished),
        test("a module that plans what it may not is refused", denied),
        test("a module that says no is refused", refused),
        test("a container's link is never made again", live_link),
        test("a module that publishes no port of a container that runs is refused", unpublished),
        test("what another network holds is refused", taken),
    ]
}

async fn not_shown() {
    let mut house = joined(&[]).await;
    house.has_now(&[lab("0.2.0", &[ISOLATED])], &[]);
    let shown = look(&house).await.unwrap();
    assert_eq!(look(&house).await.unwrap().confirmation, shown.confirmation);
    house.endpoint("another", "10.9.0.3/24").await.unwrap();
    let before = world(&house);
    let failure = ask(&house, None, Some(shown.confirmation.clone())).await.unwrap_err();
    assert!(failure.kind == FailureKind::Refused && failure.message.contains("look at it again"), "{failure}");
    house.remove("another").await;
    house.has_now(&[lab("0.3.0", &[ISOLATED])], &[]);
    ask(&house, None, Some(shown.confirmation)).await.unwrap_err();
    assert_eq!(world(&house), before);
    upgrade(&house).await.unwrap();
}

async fn vanished() {
    let mut house = joined(&[("host_binding", "127.0.0.1")]).await;
    house.has_now(&[lab("0.2.0", &[("key = \"host_binding\"", "key = \"publish_at\"")])], &[]);
    let before = world(&house);
    let failure = upgrade(&house).await.unwrap_err();
    assert!(failure.kind == FailureKind::Refused && failure.message.contains("no option host_binding"), "{failure}");
    assert_eq!(world(&house), before);
}

async fn denied() {
    let mut house = joined(&[]).await;
    let (before, old) = (world(&house), digest(&house).await);
    house.has_now(&[lab("0.2.0", &[ISOLATED])], &[("lab", &["bridge", "host-address"])]);
    let failure = upgrade(&house).await.unwrap_err();
    assert!(failure.kind == FailureKind::Refused && failure.message.contains("nat is not granted"), "{failure}");
    assert_eq!((world(&house), digest(&house).await), (before, old));

    house.has_now(&[lab("0.2.0", &[("[\"bridge\", ", "[\"uplink\", \"bridge\", ")])], &[]);
    let shown = look(&house).await.unwrap();
    assert_eq!((shown.granted, shown.lost.is_empty()), (vec!["uplink".to_owned()], true));
}

async fn refused() {
    let mut house = joined(&[("masquerade", "true")]).await;
    house.has_now(&[lab("0.2.0", &[ROUTED])], &[]);
    let (before, failure) = (world(&house), upgrade(&house).await.unwrap_err());
    assert!(failure.kind == FailureKind::Refused && failure.message.contains("gateway_mode=routed"), "{failure}");
    assert_eq!(world(&house), before);
}

async fn live_link() {
    let mut house = joined(&[]).await;
    house.has_now(&[lab("0.2.0", &[SMALL])], &[]);
    let (before, failure) = (world(&house), look(&house).await.unwrap_err());
    assert!(failure.message.contains(ENDPOINT) && failure.message.contains("MTU 1500 and would get 1400"), "{failure}");
    house.has_now(&[lab("0.2.0", &[NETDEV])], &[]);
    let failure = look(&house).await.unwrap_err();
    assert!(failure.kind == FailureKind::Refused && failure.message.contains("on another bridge"), "{failure}");
    assert_eq!(world(&house), before);

    house.leave(ENDPOINT).await;
    house.has_now(&[lab("0.2.0", &[SMALL])], &[]);
    let done = upgrade(&house).await.unwrap();
    assert_eq!(done.endpoints[0].steps[0].change, StepFate::Replaced);
    house.join(ENDPOINT).await.unwrap();
    let mtus = world(&house).into_values().filter_map(|step| match step.action {
        Action::EndpointPort(port) => port.mtu,
        Action::HostPort(port) => port.mtu,
        _ => None,
    });
    assert_eq!(mtus.collect::<Vec<_>>(), [1400, 1400]);
}

async fn unpublished() {
    let (mut house, port) = (joined(&[]).await, free_port());
    house.program(ENDPOINT, &[port]).await.unwrap();
    house.has_now(&[lab_of("flat", "0.2.0", &[("default = \"refuse\"", "default = \"ignore\"")])], &[]);
    let before = world(&house);
    let failure = upgrade(&house).await.unwrap_err();
    assert!(failure.message.contains("publishes no port") && failure.message.contains(&port.to_string()), "{failure}");
    assert_eq!((world(&house), is_free(port)), (before, false));
}

async fn taken() {
    const NAMED: (&str, &str) =
        ("key = \"bridge\"\ntype = \"text\"", "key = \"bridge\"\ntype = \"text\"\ndefault = \"br-lab\"");
    let mut house = created(&[]).await;
    house.create_in(OTHER, "10.8.0.0/24", &[("mode", "lab"), ("bridge", "br-lab")]).await.unwrap();
    house.has_now(&[lab("0.2.0", &[NAMED])], &[]);
    let before = world(&house);
    let failure = upgrade(&house).await.unwrap_err();
    assert!(
        failure.message.contains("bridge br-lab belongs to network") && failure.message.contains(OTHER),
        "{failure}"
    );
    assert_eq!(world(&house), before);
    house.delete(OTHER).await;
    upgrade(&house).await.unwrap();
    house.create_in(OTHER, "10.8.0.0/24", &[("mode", "lab")]).await.unwrap_err();
    house.has_now(&[lab("0.3.0", &[])], &[]);
    upgrade(&house).await.unwrap();
    let house = house.restart().await;
    house.create_in(OTHER, "10.8.0.0/24", &[("mode", "lab"), ("bridge", "br-lab")]).await.unwrap();
}
