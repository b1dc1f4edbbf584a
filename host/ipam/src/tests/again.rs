//! An address that its endpoint asks for again, while it is still owed that it is let go of: a container with `--ip` and
//! `--mac-address` that was restarted while the database was away.

use std::sync::Arc;

use tokio::time::Instant;

use super::support::{Memory, database, driver, endpoint, ip, pays, shortly, soon, subnet};
use crate::Ipam;

async fn is_taken(driver: &Ipam, address: &str) -> bool {
    driver.all().await[0].pool.taken.contains_key(&ip(address))
}

#[tokio::test]
async fn what_is_owed_of_an_earlier_giving_does_not_free_it() {
    let (mut server, records) = (database(), Arc::<Memory>::default());
    let driver = Arc::new(driver("h1", &records, Some(&server)));
    let pool = driver.pool(&subnet("10.1.0.0/24")).await;
    driver.gets(&pool, &endpoint(Some("10.1.0.9"), "m1")).await;
    server.kill();
    driver.release_address(&pool, ip("10.1.0.9"), shortly()).await;
    assert_eq!(driver.owed(), 1);
    server.restart();
    assert_eq!(driver.gets(&pool, &endpoint(Some("10.1.0.9"), "m1")).await, "10.1.0.9/24");
    pays(&driver).await;
    assert!(is_taken(&driver, "10.1.0.9").await, "given to a container, and free for others");
    driver.release_address(&pool, ip("10.1.0.9"), soon()).await;
    assert!(!is_taken(&driver, "10.1.0.9").await);
}

/// The server hangs while it is asked, and does all that it was asked once it goes on.
#[tokio::test]
async fn nor_does_what_is_owed_of_a_request_that_nobody_waited_for() {
    let server = database();
    let driver = Arc::new(driver("h1", &Arc::default(), Some(&server)));
    let pool = driver.pool(&subnet("10.1.0.0/24")).await;
    server.signal("STOP");
    driver.request_address(&pool, &endpoint(Some("10.1.0.9"), "m1"), shortly()).await.unwrap_err();
    assert_eq!(driver.owed(), 1);
    server.signal("CONT");
    let patience = soon();
    while !is_taken(&driver, "10.1.0.9").await {
        assert!(Instant::now() < patience, "nobody took it");
    }
    driver.gets(&pool, &endpoint(Some("10.1.0.9"), "m1")).await;
    pays(&driver).await;
    assert!(is_taken(&driver, "10.1.0.9").await, "given to a container, and free for others");
}

/// A driver that never saw the database since it began does not know which giving it is to let go of.
#[tokio::test]
async fn nor_what_is_owed_whichever_giving_it_is() {
    let (mut server, records) = (database(), Arc::<Memory>::default());
    let pool = {
        let driver = driver("h1", &records, Some(&server));
        let pool = driver.pool(&subnet("10.1.0.0/24")).await;
        driver.gets(&pool, &endpoint(Some("10.1.0.9"), "m1")).await;
        pool
    };
    server.kill();
    let driver = Arc::new(driver("h1", &Arc::default(), Some(&server)));
    driver.release_address(&pool, ip("10.1.0.9"), shortly()).await;
    server.restart();
    driver.gets(&pool, &endpoint(Some("10.1.0.9"), "m1")).await;
    pays(&driver).await;
    assert!(is_taken(&driver, "10.1.0.9").await, "given to a container, and free for others");
}
