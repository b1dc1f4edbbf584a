//! A database that does not know any more what it gave: emptied, restored from an old copy, or another one.

use std::sync::Arc;
use std::time::Duration;

use ovsdb::{Client, Delete, MonitorSpec, NORTHBOUND};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use super::server::Server;
use super::support::{Memory, database, driver, endpoint, gateway, ip, shortly, soon, subnet};
use crate::{Ipam, Listed, PoolId, Wanted};

async fn empty(server: &Server) {
    let client = Client::start(server.remote(), MonitorSpec::database(NORTHBOUND)).unwrap();
    client.transact(client.transaction().delete(Delete::every_row("Address_Set")), soon()).await.unwrap();
}

/// The driver's own work.
fn run(driver: &Arc<Ipam>) -> JoinHandle<()> {
    let running = Arc::clone(driver);
    tokio::spawn(async move { running.run().await })
}

/// Waits until the pools are as they are meant to be.
async fn become_as(driver: &Ipam, meant: &[Listed]) {
    let patience = soon();
    while driver.all().await != meant {
        assert!(Instant::now() < patience, "{:?} instead of {meant:?}", driver.all().await);
        sleep(Duration::from_millis(10)).await;
    }
}

/// A network with a container, its gateway and another machine.
async fn a_network(driver: &Ipam) -> PoolId {
    let pool = driver.pool(&subnet("10.1.0.0/24")).await;
    driver.gets(&pool, &gateway(Some("10.1.0.1"))).await;
    driver.gets(&pool, &Wanted::Auxiliary { address: ip("10.1.0.2") }).await;
    driver.gets(&pool, &endpoint(Some("10.1.0.9"), "m1")).await;
    pool
}

#[tokio::test]
async fn what_containers_have_is_taken_again_before_others_are_given_it() {
    let server = database();
    let one = Arc::new(driver("h1", &Arc::default(), Some(&server)));
    a_network(&one).await;
    let before = one.all().await;
    let running = run(&one);
    empty(&server).await;
    become_as(&one, &before).await;
    running.abort();
    let two = driver("h2", &Arc::default(), Some(&server));
    let theirs = two.pool(&subnet("10.1.0.0/24")).await;
    for (held, words) in [("10.1.0.9", "by m1 on h1"), ("10.1.0.1", "a gateway on h1"), ("10.1.0.2", "auxiliary")] {
        let said = two.is_refused(&theirs, &endpoint(Some(held), "m2")).await;
        assert!(said.contains(words), "{said}");
    }
}

/// The copy that is restored is older than the driver's process, or it is another database that knows nothing.
#[tokio::test]
async fn a_driver_that_began_later_knows_what_was_given_before() {
    let (old, new, records) = (database(), database(), Arc::<Memory>::default());
    let first = driver("h1", &records, Some(&old));
    let pool = a_network(&first).await;
    first.gets(&pool, &endpoint(Some("10.1.0.10"), "m2")).await;
    first.release_address(&pool, ip("10.1.0.10"), soon()).await;
    let given = first.all().await;
    drop(first);
    let second = Arc::new(driver("h1", &records, Some(&new)));
    let running = run(&second);
    become_as(&second, &given).await;
    second.release_pool(&pool, soon()).await;
    assert_eq!(second.all().await, []);
    running.abort();
    let left = crate::Written::read(records.written()).unwrap();
    assert!(left.given.is_empty() && left.debts.is_empty(), "{left:?}");
}

/// Nothing of it is done in the background here: whoever needs the pool sees what is missing.
#[tokio::test]
async fn a_host_does_not_give_its_own_containers_addresses_again() {
    let server = database();
    let driver = driver("h1", &Arc::default(), Some(&server));
    let pool = driver.pool(&subnet("10.1.0.0/30")).await;
    driver.gets(&pool, &endpoint(Some("10.1.0.1"), "m1")).await;
    empty(&server).await;
    assert_eq!(driver.gets(&pool, &endpoint(None, "m2")).await, "10.1.0.2/30");
    assert!(driver.is_refused(&pool, &endpoint(None, "m3")).await.contains("no address is left"));
}

#[tokio::test]
async fn what_others_were_given_meanwhile_stays_theirs_and_the_rest_is_taken_again() {
    let server = database();
    let one = Arc::new(driver("h1", &Arc::default(), Some(&server)));
    let mine = a_network(&one).await;
    one.gets(&mine, &endpoint(Some("10.1.0.10"), "m2")).await;
    empty(&server).await;
    let two = driver("h2", &Arc::default(), Some(&server));
    let theirs = two.pool(&subnet("10.1.0.0/24")).await;
    two.gets(&theirs, &endpoint(Some("10.1.0.9"), "m3")).await;
    let running = run(&one);
    let patience = soon();
    while !two.all().await[0].pool.taken.contains_key(&ip("10.1.0.10")) {
        assert!(Instant::now() < patience, "it was not taken again");
        sleep(Duration::from_millis(10)).await;
    }
    one.release_address(&mine, ip("10.1.0.9"), soon()).await;
    running.abort();
    let said = one.is_refused(&mine, &endpoint(Some("10.1.0.9"), "m5")).await;
    assert!(said.contains("by m3 on h2"), "{said}");
}

/// What Docker gave back while the database was away, another copy of it may still have, or not: it is free then.
#[tokio::test]
async fn what_was_let_go_of_is_not_taken_again() {
    let (mut old, new, records) = (database(), database(), Arc::<Memory>::default());
    let first = driver("h1", &records, Some(&old));
    let pool = a_network(&first).await;
    first.gets(&pool, &endpoint(Some("10.1.0.10"), "m2")).await;
    let mut meant = first.all().await;
    old.kill();
    first.release_address(&pool, ip("10.1.0.10"), shortly()).await;
    drop(first);
    Arc::make_mut(&mut meant[0].pool).taken.remove(&ip("10.1.0.10"));
    let second = Arc::new(driver("h1", &records, Some(&new)));
    let running = run(&second);
    become_as(&second, &meant).await;
    running.abort();
}
