//! Who has what in OVN's northbound database, and what a host left that is gone.

use std::sync::Arc;

use admin::{FailureKind, Operations, Reclaiming};
use ipam::{Holder, Ipam, Must, Record, Records, WantedPool, Writing, Written};
use libtest_mimic::Trial;
use plumbing::Holding;

use crate::house::{House, context, northbound};
use crate::server::{Server, shared_file};
use crate::test;

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("what a host had that is gone is let go, by its name, and nothing of our own", reclaimed),
        test("what keeps a row of a lost host keeps no address pool of it, and both are told", kept),
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

/// The records of a driver whose host is lost with them.
#[derive(Debug)]
struct Forgetful;

impl Records for Forgetful {
    fn write(&self, _: Vec<Record>, _: Must) -> Writing<'_> {
        Box::pin(async { Ok(()) })
    }
}

async fn kept() {
    let mut server = Server::with_schema(&std::fs::read_to_string(shared_file("ovn-nb.ovsschema")).unwrap());
    let house = House::with_pools_in(server.remote()).await;
    let holder = Holder { instance: "00000002".to_owned(), host: "there".to_owned() };
    let at = Some(northbound(server.remote()));
    let lost = Ipam::new(holder, Arc::new(Forgetful), Written::read(Vec::new()).unwrap(), at);
    let subnet = Some("10.1.0.0/24".parse().unwrap());
    let wanted = WantedPool { vrf: "default".parse().unwrap(), subnet, range: None, v6: false, avoid: Vec::new() };
    let claim = async || lost.request_pool(&wanted, context().deadline).await.unwrap();
    let in_use = || plumbing::Error::RowInUse { what: "switch red".to_owned(), by: "port theirs".to_owned() };
    let pools = async || house.driver.holdings().await.unwrap()[0].pools;
    house.fake.world().holdings = vec![holding("00000002", "there (c2)", false)];

    claim().await;
    assert_eq!(pools().await, 1);
    house.fake.world().reclaim_fails = Some(Box::new(in_use));
    let failure = house.driver.reclaim(gone("c2")).await.unwrap_err();
    assert_eq!((failure.kind, failure.message), (FailureKind::Unavailable, in_use().to_string()));
    assert_eq!(pools().await, 0);

    claim().await;
    house.fake.world().reclaim_fails = Some(Box::new(move || {
        server.kill();
        in_use()
    }));
    let failure = house.driver.reclaim(gone("c2")).await.unwrap_err();
    let pools = failure.message.strip_prefix(&format!("{}; ", in_use())).unwrap_or_default();
    assert!(pools.starts_with("OVN's northbound database (unix:"), "{failure}");
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
