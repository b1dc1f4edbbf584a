//! What fails, or dies in the middle, is taken back.

use std::sync::Arc;

use admin::report::{Upgrade, UpgradeStage};
use admin::{Failure, Operations, Upgrading};
use docker_api::{NetworkDriver, NetworkId};
use libtest_mimic::Trial;
use plumbing::Event;
use tokio::task::JoinHandle;

use super::{ISOLATED, NETDEV, ROUTED, ask, created, digest, isolated, joined, lab, look, upgrade, world};
use crate::house::{ENDPOINT, House, NETWORK, context, free_port, until};
use crate::test;

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("whatever fails, all is taken back", failures),
        test("a driver that dies in the middle leaves the network as it was", crashes),
        test("what cannot be taken back at once is taken back later", halfway),
        test("a network can go in the middle of it", removed),
        test("a look takes nothing back", looked_at),
        test("who puts rules back waits for nobody who waits for the switch", unhindered),
    ]
}

/// A network with a container that publishes a port, and a version that changes something of everything.
pub(super) async fn busy() -> House {
    let mut house = joined(&[]).await;
    house.program(ENDPOINT, &[free_port()]).await.unwrap();
    house.has_now(&[lab("0.2.0", &[ISOLATED, ROUTED])], &[]);
    house
}

/// How many turns an upgrade of [`busy`] takes.
pub(super) async fn turns() -> usize {
    let house = busy().await;
    let before = house.fake.world().turns;
    upgrade(&house).await.unwrap();
    let after = house.fake.world().turns;
    assert!(after - before >= 2, "the network, and the endpoint");
    after - before
}

async fn failures() {
    for turn in 1..=turns().await {
        let house = busy().await;
        let (before, old) = (world(&house), digest(&house).await);
        let at = house.fake.world().turns + turn;
        house.fake.world().failing_turns = at..at + 1;
        let failure = upgrade(&house).await.unwrap_err();
        for words in ["step", "nothing of the kind", "all is again as it was"] {
            assert!(failure.message.contains(words), "{failure}");
        }
        assert_eq!((world(&house), digest(&house).await), (before, old), "turn {turn}");
        let house = house.restart().await;
        assert!(house.reconcile().await.repaired.is_empty());
        upgrade(&house).await.unwrap();
        assert!(isolated(&house));
    }
}

/// An upgrade of a house that is under way, beside the test.
pub(super) async fn upgrading(house: &House) -> JoinHandle<Result<Upgrade, Failure>> {
    let confirmation = Some(look(house).await.unwrap().confirmation);
    let driver = Arc::clone(&house.driver);
    let upgrading = Upgrading { to: None, confirmation };
    tokio::spawn(async move { driver.upgrade(NETWORK.parse().unwrap(), upgrading).await })
}

/// Lets an upgrade come to one of its turns and no further, as in a driver that dies there.
pub(super) async fn interrupted(house: &House, turn: usize) {
    let at = house.fake.world().turns + turn;
    house.fake.world().hanging_turn = Some(at);
    let call = upgrading(house).await;
    until(async || house.fake.world().turns == at).await;
    call.abort();
    let _ = call.await;
}

/// Lets an upgrade fail in its second turn, and going back with it.
async fn stuck(house: &House) {
    let next = house.fake.world().turns + 1;
    house.fake.world().failing_turns = next + 1..usize::MAX;
    upgrade(house).await.unwrap_err();
    house.fake.world().failing_turns = 0..0;
}

async fn crashes() {
    for turn in 1..=turns().await {
        let house = busy().await;
        let (before, old) = (world(&house), digest(&house).await);
        interrupted(&house, turn).await;
        let house = house.restart().await;
        assert_eq!((world(&house), digest(&house).await), (before, old), "turn {turn}");
        assert_eq!(look(&house).await.unwrap().stage, UpgradeStage::Planned);
        upgrade(&house).await.unwrap();
        let house = house.restart().await;
        assert!(isolated(&house));
    }
}

async fn halfway() {
    let house = busy().await;
    let (before, old, next) = (world(&house), digest(&house).await, house.fake.world().turns + 1);
    house.fake.world().failing_turns = next + 1..usize::MAX;
    let failure = upgrade(&house).await.unwrap_err();
    assert!(failure.message.contains("the driver tries again"), "{failure}");
    assert_ne!(world(&house), before);
    assert!(house.inspect().await.drift[0].problem.contains("a change of its plan failed"));
    assert_eq!(house.reconcile().await.broken.len(), 1);
    house.fake.world().failing_turns = 0..0;
    let repaired = house.reconcile().await.repaired;
    assert!(repaired.iter().any(|change| change.what.contains("taken back")), "{repaired:?}");
    assert_eq!((world(&house), digest(&house).await), (before, old));
    assert!(house.reconcile().await.repaired.is_empty());
    upgrade(&house).await.unwrap();
}

/// What was there before can no longer be made: nothing of it has to be, for it to go.
async fn removed() {
    let house = busy().await;
    stuck(&house).await;
    house.fake.world().change_fails = true;
    house.delete(NETWORK).await;
    assert!(world(&house).is_empty(), "{:?}", world(&house));
    let house = house.restart().await;
    assert!(house.reconcile().await.removed.is_empty());
}

async fn looked_at() {
    let house = busy().await;
    stuck(&house).await;
    let (halfway, turns) = (world(&house), house.fake.world().turns);
    assert_eq!(look(&house).await.unwrap().stage, UpgradeStage::Planned);
    ask(&house, None, Some("another one".to_owned())).await.unwrap_err();
    assert_eq!((world(&house), house.fake.world().turns), (halfway, turns));
    upgrade(&house).await.unwrap();
    assert!(isolated(&house));
    let house = house.restart().await;
    assert!(isolated(&house) && house.reconcile().await.repaired.is_empty());
}

async fn unhindered() {
    let mut house = created(&[]).await;
    house.has_now(&[lab("0.2.0", &[NETDEV])], &[]);
    stuck(&house).await;
    house.fake.world().away = true;
    let call = upgrading(&house).await;
    until(async || house.fake.world().patient > 0).await;
    rules_are_put_back(&house, 4).await;
    assert!(!call.is_finished(), "it still waits");
    call.await.unwrap().unwrap_err();

    let (driver, id) = (Arc::clone(&house.driver), NetworkId::new(NETWORK).unwrap());
    let call = tokio::spawn(async move { driver.delete_network(context(), id).await });
    until(async || house.fake.kinds() == ["bridge", "bridge", "host-port", "host-port"]).await;
    rules_are_put_back(&house, 0).await;
    assert!(!call.is_finished(), "it still waits");
    house.fake.world().away = false;
    call.await.unwrap().unwrap();
    assert!(world(&house).is_empty(), "{:?}", world(&house));
}

/// Says that somebody changed the firewall, and waits until so many steps have their rules again.
async fn rules_are_put_back(house: &House, steps: usize) {
    house.fake.world().rules = usize::MAX;
    house.fake.say(Event::FirewallChanged);
    until(async || house.fake.world().rules != usize::MAX).await;
    assert_eq!(house.fake.world().rules, steps);
}
