//! Who has what in OVN's northbound database, and what a host left that is gone.

use admin::{FailureKind, Operations};
use libtest_mimic::Trial;
use plumbing::Holding;

use crate::house::House;
use crate::test;

pub(crate) fn all() -> Vec<Trial> {
    vec![test("what a host had that is gone is let go, by its name, and nothing of our own", reclaimed)]
}

fn holding(instance: &str, host: &str, own: bool) -> Holding {
    let instance = plan::InstanceId::new(instance).unwrap();
    let networks = [plan::NetworkId::new("net").unwrap()].into();
    Holding { instance, host: host.to_owned(), own, networks, rows: 4, ports: 1 }
}

async fn reclaimed() {
    let house = House::joined().await;
    let all = [holding("00000001", "here (c1)", true), holding("00000002", "there (c2)", false)];
    house.fake.world().holdings = all.to_vec();
    let hosts = async || -> Vec<String> {
        house.driver.holdings().await.unwrap().into_iter().map(|holding| holding.host).collect()
    };
    assert_eq!(hosts().await, ["here (c1)", "there (c2)"]);
    for name in ["here", "nobody"] {
        let failure = house.driver.reclaim(name.to_owned()).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::NotFound, "{failure}");
    }
    let reclaimed = house.driver.reclaim("c2".to_owned()).await.unwrap();
    assert_eq!((reclaimed.len(), reclaimed[0].networks.len(), reclaimed[0].ports), (1, 1, 1));
    assert_eq!(hosts().await, ["here (c1)"]);
    house.fake.world().away = true;
    assert_eq!(house.driver.holdings().await.unwrap_err().kind, FailureKind::Unavailable);
}
