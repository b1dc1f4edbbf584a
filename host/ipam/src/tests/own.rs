//! The driver's own records.

use std::sync::Arc;

use super::support::{Memory, driver, endpoint, gateway, ip, soon, subnet};

#[tokio::test]
async fn after_a_restart_all_is_known() {
    let records = Arc::<Memory>::default();
    let first = driver("h1", &records, None);
    let pool = first.pool(&subnet("10.1.0.0/24")).await;
    first.gets(&pool, &gateway(None)).await;
    first.gets(&pool, &endpoint(Some("10.1.0.9"), "m1")).await;
    first.gets(&pool, &endpoint(Some("10.1.0.10"), "m2")).await;
    first.release_address(&pool, ip("10.1.0.10"), soon()).await;
    let second = driver("h1", &records, None);
    assert_eq!(second.all().await, first.all().await);
    second.release_pool(&pool, soon()).await;
    assert_eq!(records.written(), []);
}

#[tokio::test]
async fn what_could_not_be_written_down_was_not_given() {
    let records = Arc::<Memory>::default();
    let driver = driver("h1", &records, None);
    let pool = driver.pool(&subnet("10.1.0.0/24")).await;
    let before = driver.all().await;
    records.fill(true);
    assert_eq!(driver.is_refused(&pool, &endpoint(None, "m1")).await, "no space left");
    assert_eq!(driver.is_refused(&pool, &gateway(None)).await, "no space left");
    assert!(driver.request_pool(&subnet("10.2.0.0/24"), soon()).await.is_err());
    assert_eq!(driver.all().await, before);
}

/// Docker does not ask a second time, and the records have it written in the end.
#[tokio::test]
async fn what_was_let_go_of_is_free_though_it_cannot_be_written_down() {
    let records = Arc::<Memory>::default();
    let driver = driver("h1", &records, None);
    let pool = driver.pool(&subnet("10.1.0.0/24")).await;
    driver.gets(&pool, &endpoint(Some("10.1.0.9"), "m1")).await;
    records.fill(true);
    driver.release_address(&pool, ip("10.1.0.9"), soon()).await;
    assert!(driver.all().await[0].pool.taken.is_empty());
}

#[tokio::test]
async fn an_address_that_was_let_go_of_is_not_the_next_one() {
    let driver = driver("h1", &Arc::default(), None);
    let pool = driver.pool(&subnet("10.1.0.0/24")).await;
    assert_eq!(driver.gets(&pool, &endpoint(None, "m1")).await, "10.1.0.1/24");
    driver.release_address(&pool, ip("10.1.0.1"), soon()).await;
    assert_eq!(driver.gets(&pool, &endpoint(None, "m2")).await, "10.1.0.2/24");
}
