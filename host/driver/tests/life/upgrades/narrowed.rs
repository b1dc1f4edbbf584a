//! What is taken back where the guard no longer lets all of it be what it was: what the upgrade made goes all the same.

use std::collections::BTreeMap;

use libtest_mimic::Trial;
use plan::{Action, AdmittedStep};

use super::taken_back::{busy, interrupted, turns, upgrading};
use super::{ISOLATED, NETDEV, ROUTED, created, digest, isolated, lab, world};
use crate::house::until;
use crate::test;

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("what the guard denies by now is not put back, and the rest is", network),
        test("so it is with a container's ports", ports),
        test("a failure says what the guard does not let it put back", meanwhile),
    ]
}

async fn network() {
    let mut house = created(&[]).await;
    house.has_now(&[lab("0.2.0", &[NETDEV])], &[]);
    let (before, old) = (world(&house), digest(&house).await);
    interrupted(&house, 2).await;
    assert_eq!(house.fake.kinds().iter().filter(|kind| *kind == "bridge").count(), 2, "both are there");

    let house = house.restart_granting("lab", &["bridge", "host-address"]).await;
    let objects: BTreeMap<_, _> = before.clone().into_iter().filter(|(_, step)| step.name.is_some()).collect();
    assert_eq!((world(&house), digest(&house).await), (objects, old.clone()), "no rule is made, no object is lost");
    let told = house.reconcile().await;
    assert!(told.repaired.is_empty() && told.broken.len() == 1, "{told:?}");
    assert!(told.broken[0].problem.contains("the guard no longer admits"), "{told:?}");

    let house = house.restart_granting("lab", &["bridge", "host-address", "nat"]).await;
    assert_eq!((world(&house), digest(&house).await), (before, old));
}

async fn ports() {
    for turn in 1..=turns().await {
        let house = busy().await;
        let before = world(&house);
        interrupted(&house, turn).await;
        let house = house.restart_granting("lab", &["bridge", "host-address", "nat"]).await;
        let publishes = |step: &AdmittedStep| matches!(step.action, Action::Publish(_));
        let rest = |steps: BTreeMap<_, AdmittedStep>| -> BTreeMap<_, _> {
            steps.into_iter().filter(|(_, step)| !publishes(step)).collect()
        };
        assert_eq!(rest(world(&house)), rest(before.clone()), "turn {turn}");
        let made = world(&house).into_values().find(publishes);
        assert!(made.is_none() || turn == 1, "the old one is not performed in the new one's place: {made:?}");
        let problem = house.inspect().await.endpoint_list[0].problem.clone().unwrap();
        assert!(problem.contains("publish is not granted"), "{problem}");
        let house = house.restart_granting("lab", &["bridge", "host-address", "nat", "publish"]).await;
        assert_eq!(world(&house), before);
    }
}

async fn meanwhile() {
    let mut house = busy().await;
    let at = house.fake.world().turns + 2;
    house.fake.world().hanging_turn = Some(at);
    house.fake.world().failing_turns = at..at + 1;
    let call = upgrading(&house).await;
    until(async || house.fake.world().turns == at).await;
    house.has_now(&[lab("0.2.0", &[ISOLATED, ROUTED])], &[("lab", &["bridge", "host-address", "publish"])]);
    house.fake.go_on.notify_one();
    let failure = call.await.unwrap().unwrap_err();
    for words in ["nothing of the kind", "what was made is undone", "no longer admits", "nat is not granted"] {
        assert!(failure.message.contains(words), "{failure}");
    }
    assert!(!house.fake.kinds().contains(&"masquerade".to_owned()), "{:?}", house.fake.kinds());
    assert!(!isolated(&house), "the container's port is what it was");
    assert_eq!(house.reconcile().await.broken.len(), 1);
}
