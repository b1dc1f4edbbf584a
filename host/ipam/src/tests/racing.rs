//! Many hosts on one database, all at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::task::JoinSet;

use super::support::{database, driver, endpoint, gateway, ip, soon, subnet, whatever};
use crate::{Ipam, PoolId};

const HOSTS: usize = 5;
const EACH: usize = 50;

fn hosts(server: &super::server::Server) -> Vec<Arc<Ipam>> {
    (0..HOSTS).map(|number| Arc::new(driver(&format!("h{number}"), &Arc::default(), Some(server)))).collect()
}

async fn all<T: Send + 'static>(work: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>) -> Vec<T> {
    work.into_iter().collect::<JoinSet<_>>().join_all().await
}

#[tokio::test(flavor = "multi_thread")]
async fn no_two_get_the_same_address_and_nothing_stays() {
    let server = database();
    let hosts = hosts(&server);
    let claim = |host: Arc<Ipam>| async move {
        let pool = host.pool(&subnet("10.1.0.0/23")).await;
        assert_eq!(host.gets(&pool, &gateway(None)).await, "10.1.0.1/23");
        (host, pool)
    };
    let claimed: Vec<(Arc<Ipam>, PoolId)> = all(hosts.into_iter().map(claim)).await;
    let take = |(host, pool): (Arc<Ipam>, PoolId), number: usize| async move {
        host.ask(&pool, &endpoint(None, &format!("m{number}"))).await.unwrap()
    };
    let wishes = (0..EACH).flat_map(|number| claimed.clone().into_iter().map(move |host| (host, number)));
    let given = all(wishes.map(|(host, number)| take(host, number))).await;
    assert_eq!(given.iter().collect::<BTreeSet<_>>().len(), HOSTS * EACH);

    // All go at once, and a newcomer comes and goes meanwhile.
    let newcomer = Arc::new(driver("late", &Arc::default(), Some(&server)));
    let come_and_go = async {
        for _ in 0..10 {
            let pool = newcomer.pool(&subnet("10.1.0.0/23")).await;
            newcomer.gets(&pool, &gateway(None)).await;
            newcomer.gets(&pool, &endpoint(None, "late")).await;
            newcomer.release_pool(&pool, soon()).await;
        }
    };
    let go = claimed.into_iter().map(|(host, pool)| async move {
        host.release_pool(&pool, soon()).await;
        assert_eq!(host.owed(), 0);
    });
    tokio::join!(all(go), come_and_go);
    assert_eq!(newcomer.all().await, [], "the row went with the last");
}

/// The first host does not run while the second one lets go: its copy is as old as can be.
#[test]
fn a_pool_is_full_only_if_it_is_so_now() {
    let host = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (server, first, second) = (database(), host(), host());
    let begin = async |name: &str| driver(name, &Arc::default(), Some(&server));
    let (one, other) = (first.block_on(begin("h1")), second.block_on(begin("h2")));
    let mine = first.block_on(one.pool(&subnet("10.1.0.0/30")));
    let theirs = second.block_on(other.pool(&subnet("10.1.0.0/30")));
    for wanted in ["10.1.0.1", "10.1.0.2"] {
        second.block_on(other.gets(&theirs, &endpoint(Some(wanted), wanted)));
    }
    first.block_on(one.is_refused(&mine, &endpoint(None, "m1")));
    second.block_on(other.release_address(&theirs, ip("10.1.0.2"), soon()));
    assert_eq!(first.block_on(one.gets(&mine, &endpoint(None, "m1"))), "10.1.0.2/30");
    second.block_on(other.release_address(&theirs, ip("10.1.0.1"), soon()));
    assert_eq!(first.block_on(one.gets(&mine, &gateway(None))), "10.1.0.1/30");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_one_address_only_one_gets_it() {
    let server = database();
    let ask = |host: Arc<Ipam>| async move {
        let pool = host.pool(&subnet("10.1.0.0/24")).await;
        host.ask(&pool, &endpoint(Some("10.1.0.9"), host.holder().host.as_str())).await.is_ok()
    };
    let given = all(hosts(&server).into_iter().map(ask)).await;
    assert_eq!(given.into_iter().filter(|given| *given).count(), 1);
}

/// Each sees the other one, or only the second does: both never stay.
#[tokio::test(flavor = "multi_thread")]
async fn of_overlapping_subnets_at_most_one_is_made() {
    let server = database();
    let hosts = hosts(&server);
    for round in 0..20 {
        let wishes = [format!("10.{round}.0.0/16"), format!("10.{round}.1.0/24")];
        let ask = |(host, wish): (Arc<Ipam>, String)| async move { host.request_pool(&subnet(&wish), soon()).await };
        let made = all(hosts.iter().cloned().zip(wishes).map(ask)).await;
        let made = made.into_iter().flatten().count();
        let left = hosts[0].all().await;
        let left = left.iter().filter(|pool| pool.key.subnet.to_string().starts_with(&format!("10.{round}."))).count();
        assert!(made <= 1 && left == made, "{made} made, {left} left");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn subnets_that_are_chosen_are_different_ones() {
    let server = database();
    let choose = |host: Arc<Ipam>| async move { host.pool(&whatever(false)).await.key.subnet };
    let chosen = all(hosts(&server).into_iter().map(choose)).await;
    assert_eq!(chosen.iter().collect::<BTreeSet<_>>().len(), HOSTS);
}
