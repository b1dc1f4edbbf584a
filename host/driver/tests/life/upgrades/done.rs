//! What is done, and what of it stays.

use std::collections::BTreeMap;

use admin::FailureKind;
use admin::report::{StepFate, UpgradeStage};
use libtest_mimic::Trial;
use plan::{Action, AdmittedStep};

use super::{ISOLATED, NETDEV, ROUTED, SMALL, ask, created, digest, isolated, joined, lab, look, upgrade, world};
use crate::house::{ENDPOINT, NETWORK, OTHER, free_port, until};
use crate::listening::is_free;
use crate::test;

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("a look at an upgrade changes nothing, and what it showed is done", shown_and_done),
        test("a network that has the module already is told so", current),
        test("what a user gave stays, whatever the new default", given),
        test("a bridge without containers is made anew", other_bridge),
        test("published ports are planned anew, and stay held", published),
        test("endpoints that nobody joined are planned anew", planned),
        test("a digest leads back", back),
    ]
}

async fn shown_and_done() {
    let mut house = joined(&[]).await;
    house.has_now(&[lab("0.2.0", &[ISOLATED])], &[]);
    let (before, old) = (world(&house), digest(&house).await);
    let shown = look(&house).await.unwrap();
    assert_eq!(world(&house), before);
    assert_eq!(
        (shown.stage, shown.from.version.as_deref(), shown.to.version.as_deref()),
        (UpgradeStage::Planned, Some("0.1.0"), Some("0.2.0"))
    );
    assert_eq!((&shown.from.digest, shown.options[0].field.as_str()), (&old, "icc"));
    let [forward] = &shown.steps[..] else { panic!("{shown:?}") };
    assert_eq!(
        (forward.change, forward.step.label.as_str(), forward.fields[0].field.as_str()),
        (StepFate::Changed, "forward", "hairpin")
    );
    let [port] = &shown.endpoints[0].steps[..] else { panic!("{shown:?}") };
    assert_eq!(
        (port.change, port.fields[0].field.as_str(), port.fields[0].after.as_bool()),
        (StepFate::Changed, "isolated", Some(true))
    );
    assert_eq!((shown.endpoints.len(), shown.unchanged_endpoints), (1, 0));

    let done = ask(&house, None, Some(shown.confirmation.clone())).await.unwrap();
    assert_eq!((done.stage, &done.steps), (UpgradeStage::Done, &shown.steps));
    assert!(isolated(&house));
    assert_eq!(world(&house).keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>(), "no name is another one");
    assert_eq!(digest(&house).await, shown.to.digest);
    assert!(house.reconcile().await.repaired.is_empty());

    // The old module is gone, and nobody misses it.
    let house = house.restart().await;
    assert!(isolated(&house) && house.reconcile().await.removed.is_empty());
    assert_eq!(ask(&house, Some(&old), None).await.unwrap_err().kind, FailureKind::NotFound);
    house.endpoint("another", "10.9.0.3/24").await.unwrap();
    house.leave(ENDPOINT).await;
    house.delete(NETWORK).await;
    assert!(world(&house).is_empty());
}

async fn current() {
    let house = joined(&[]).await;
    for confirmation in [None, Some("anything".to_owned())] {
        let told = ask(&house, None, confirmation).await.unwrap();
        assert_eq!((told.stage, &told.from, told.unchanged_endpoints), (UpgradeStage::Current, &told.to, 1));
    }
}

async fn given() {
    let mut house = joined(&[("com.docker.network.bridge.enable_icc", "true"), ("mtu", "1500")]).await;
    house.has_now(&[lab("0.2.0", &[ISOLATED, SMALL])], &[]);
    let (before, done) = (world(&house), upgrade(&house).await.unwrap());
    assert!(done.steps.is_empty() && done.endpoints.is_empty() && done.options.is_empty(), "{done:?}");
    assert_eq!((done.unchanged_endpoints, done.stage), (1, UpgradeStage::Done));
    assert_eq!((world(&house), digest(&house).await), (before, done.to.digest));
}

async fn other_bridge() {
    let mut house = created(&[]).await;
    house.has_now(&[lab("0.2.0", &[NETDEV])], &[]);
    let before = world(&house);
    let fates: Vec<_> =
        upgrade(&house).await.unwrap().steps.into_iter().map(|step| (step.step.label, step.change)).collect();
    let fate = |label: &str| fates.iter().find(|(of, _)| of == label).unwrap().1;
    assert_eq!(
        (fate("bridge"), fate("host"), fate("forward")),
        (StepFate::Replaced, StepFate::Replaced, StepFate::Changed)
    );
    let after = world(&house);
    assert_eq!(
        (after.len(), house.fake.kinds()),
        (before.len(), ["bridge", "forward", "host-port", "masquerade"].map(str::to_owned).to_vec())
    );
    let links = |there: BTreeMap<_, AdmittedStep>| there.into_values().filter_map(|step| step.name).collect::<Vec<_>>();
    let (before, after) = (links(before), links(after));
    assert!(before.iter().all(|name| !after.contains(name)), "a name is never used twice: {before:?} {after:?}");
    house.delete(NETWORK).await;
    assert!(world(&house).is_empty());
}

async fn published() {
    let (mut house, port) = (joined(&[]).await, free_port());
    house.program(ENDPOINT, &[port]).await.unwrap();
    house.has_now(&[lab("0.2.0", &[ROUTED])], &[]);
    let done = upgrade(&house).await.unwrap();
    assert_eq!(done.steps[0].change, StepFate::Removed, "nothing is hidden any more");
    assert_eq!(done.endpoints[0].steps[0].fields[0].field, "translate");
    let translates = world(&house).into_values().find_map(|step| match step.action {
        Action::Publish(publish) => Some(publish.translate),
        _ => None,
    });
    assert_eq!((translates, is_free(port)), (Some(false), false));
    assert!(!house.fake.kinds().contains(&"masquerade".to_owned()));
    let house = house.restart().await;
    assert!(!is_free(port));
    house.revoke(ENDPOINT).await;
    until(async || is_free(port)).await;
    assert!(!house.fake.kinds().contains(&"publish".to_owned()));
}

async fn planned() {
    let mut house = created(&[]).await;
    house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
    house.has_now(&[lab("0.2.0", &[ISOLATED])], &[]);
    assert_eq!(upgrade(&house).await.unwrap().endpoints.len(), 1);
    assert!(!house.fake.kinds().contains(&"endpoint-port".to_owned()), "it is only planned");
    let house = house.restart().await;
    house.join(ENDPOINT).await.unwrap();
    assert!(isolated(&house));
}

async fn back() {
    let mut house = joined(&[]).await;
    house.create_in(OTHER, "10.8.0.0/24", &[("mode", "lab")]).await.unwrap();
    house.has_now(&[lab("0.2.0", &[ISOLATED])], &[]);
    let old = format!("sha256:{}", upgrade(&house).await.unwrap().from.digest);
    for (to, kind, words) in [
        ("lba", FailureKind::NotFound, "did you mean lab?"),
        ("sha256:12", FailureKind::Invalid, "the whole digest"),
        (&"0".repeat(64), FailureKind::NotFound, "neither among the modes"),
    ] {
        let failure = ask(&house, Some(to), None).await.unwrap_err();
        assert!(failure.kind == kind && failure.message.contains(words), "{to}: {failure}");
    }
    // Another network still has the old module.
    let shown = ask(&house, Some(&old), None).await.unwrap();
    assert_eq!(shown.to.version.as_deref(), Some("0.1.0"));
    ask(&house, Some(&old), Some(shown.confirmation)).await.unwrap();
    assert!(!isolated(&house));
    assert_eq!(format!("sha256:{}", digest(&house).await), old);
}
