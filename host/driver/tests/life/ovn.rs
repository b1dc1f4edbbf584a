//! Who has what in OVN's northbound database, and what a host left that is gone.

use admin::{FailureKind, Operations, Reclaiming};
use libtest_mimic::Trial;
use plumbing::Holding;

use crate::house::House;
use crate::test;

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("what a host had that is gone is let go, by its name, and nothing of our own", reclaimed),
        test("a name that several hosts have is not taken for one of them", ambiguous),
    ]
}

fn holding(instance: &str, host: &str, own: bool) -> Holding {
    let instance = plan::InstanceId::new(instance).unwrap();
    let networks = [plan::NetworkId::new("net").unwrap()].into();
    Holding { instance, host: host.to_owned(), own, networks, rows: 4, ports: 1 }
}

fn gone(host: &str) -> Reclaiming {
    Reclaiming { host: host.to_owned(), only_look: false }
}

async fn reclaimed() {
    let house = House::joined().await;
    let all = [holding("00000001", "here (c1)", true), holding("00000002", "there (c2)", false)];
    house.fake.world().holdings = all.to_vec();
    let hosts = async || -> Vec<String> {
        house.driver.holdings().await.unwrap().into_iter().map(|holding| holding.host).collect()
    };
    assert_eq!(hosts().await, ["here (c1)", "there (c2)"]);
    for name in ["here", "nobody", "ther", ""] {
        let failure = house.driver.reclaim(gone(name)).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::NotFound, "{failure}");
    }
    let seen = house.driver.reclaim(Reclaiming { only_look: true, ..gone("c2") }).await.unwrap();
    assert_eq!((seen.len(), hosts().await.len()), (1, 2), "a look changes nothing");
    let reclaimed = house.driver.reclaim(gone("c2")).await.unwrap();
    assert_eq!(reclaimed, seen);
    assert_eq!((reclaimed.len(), reclaimed[0].networks.len(), reclaimed[0].ports), (1, 1, 1));
    assert_eq!(hosts().await, ["here (c1)"]);
    house.fake.world().away = true;
    assert_eq!(house.driver.holdings().await.unwrap_err().kind, FailureKind::Unavailable);
}

/// Hosts made from one image have one name, until somebody gives them another.
async fn ambiguous() {
    let house = House::joined().await;
    let holdings = [
        holding("00000001", "node (c1)", true),
        holding("00000002", "node (c2)", false),
        holding("00000003", "node (c2)", false),
    ];
    house.fake.world().holdings = holdings.to_vec();
    let failure = house.driver.reclaim(gone("node")).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Ambiguous);
    assert!(failure.message.contains("node (c1), node (c2)"), "{failure}");
    let here: Vec<_> = house.driver.holdings().await.unwrap().iter().map(|holding| holding.here).collect();
    assert_eq!(here, [true, false, false]);
    assert_eq!(house.driver.reclaim(gone("c2")).await.unwrap().len(), 2, "both drivers that were on it");
    assert_eq!(house.driver.holdings().await.unwrap().len(), 1);
}
