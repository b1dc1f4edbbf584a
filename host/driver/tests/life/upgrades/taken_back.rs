//! What fails, or dies in the middle, is taken back.

use std::sync::Arc;

use admin::report::UpgradeStage;
use admin::{Operations, Upgrading};
use libtest_mimic::Trial;

use super::{ISOLATED, ROUTED, digest, isolated, joined, lab, look, upgrade, world};
use crate::house::{ENDPOINT, House, NETWORK, free_port, until};
use crate::test;

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("whatever fails, all is taken back", failures),
        test("a driver that dies in the middle leaves the network as it was", crashes),
        test("what cannot be taken back at once is taken back later", halfway),
        test("a network can go in the middle of it", removed),
    ]
}

/// A network with a container that publishes a port, and a version that changes something of everything.
async fn busy() -> House {
    let mut house = joined(&[]).await;
    house.program(ENDPOINT, &[free_port()]).await.unwrap();
    house.has_now(&[lab("0.2.0", &[ISOLATED, ROUTED])], &[]);
    house
}

/// How many turns an upgrade of [`busy`] takes.
async fn turns() -> usize {
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

async fn crashes() {
    for turn in 1..=turns().await {
        let house = busy().await;
        let (before, old) = (world(&house), digest(&house).await);
        let at = house.fake.world().turns + turn;
        house.fake.world().hanging_turn = Some(at);
        let shown = look(&house).await.unwrap();
        let driver = Arc::clone(&house.driver);
        let upgrading = Upgrading { to: None, confirmation: Some(shown.confirmation) };
        let call = tokio::spawn(async move { driver.upgrade(NETWORK.parse().unwrap(), upgrading).await });
        until(async || house.fake.world().turns == at).await;
        call.abort();
        let _ = call.await;
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
    assert!(house.inspect().await.drift[0].problem.contains("an upgrade failed"));
    assert_eq!(house.reconcile().await.broken.len(), 1);
    house.fake.world().failing_turns = 0..0;
    let repaired = house.reconcile().await.repaired;
    assert!(repaired.iter().any(|change| change.what.contains("taken back")), "{repaired:?}");
    assert_eq!((world(&house), digest(&house).await), (before, old));
    assert!(house.reconcile().await.repaired.is_empty());
    upgrade(&house).await.unwrap();
}

async fn removed() {
    let house = busy().await;
    let next = house.fake.world().turns + 1;
    house.fake.world().failing_turns = next + 1..usize::MAX;
    upgrade(&house).await.unwrap_err();
    house.fake.world().failing_turns = 0..0;
    house.delete(NETWORK).await;
    assert!(world(&house).is_empty(), "{:?}", world(&house));
    let house = house.restart().await;
    assert!(house.reconcile().await.removed.is_empty());
}
