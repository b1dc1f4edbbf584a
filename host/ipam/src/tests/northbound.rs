//! A database that goes away and comes back, and hosts that do not.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use ovsdb::{Client, Delete, MonitorSpec, NORTHBOUND, TableSpec};
use tokio::time::{Instant, sleep};

use super::server::Server;
use super::support::{Memory, database, driver, endpoint, gateway, ip, net, shortly, soon, subnet};
use crate::WantedPool;

/// The rows that there are, ours or not: name and `external_ids`.
async fn rows(server: &Server) -> Vec<(String, BTreeMap<String, String>)> {
    let spec = MonitorSpec::database(NORTHBOUND).table(TableSpec::new("Address_Set").columns(["name", "external_ids"]));
    let client = Client::start(server.remote(), spec).unwrap();
    client.wait_connected(soon()).await.unwrap();
    let copy = client.snapshot();
    copy.rows("Address_Set").map(|row| (row.get("name").unwrap(), row.get("external_ids").unwrap())).collect()
}

/// Hosts of other releases read it, and so do people.
#[tokio::test]
async fn a_pool_is_a_row_that_says_whose_everything_is() {
    let server = database();
    let driver = driver("h1", &Arc::default(), Some(&server));
    let blue = WantedPool { vrf: "blue".parse().unwrap(), range: Some(net("10.1.0.0/28")), ..subnet("10.1.0.0/24") };
    let pool = driver.pool(&blue).await;
    driver.gets(&pool, &gateway(None)).await;
    driver.gets(&pool, &endpoint(Some("10.1.0.9"), "02:00:00:00:00:09")).await;
    let [(name, ids)] = &rows(&server).await[..] else { panic!("one row") };
    assert!(name.starts_with("docker_ovs_") && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'));
    let about = |key: &str| ids[key].as_str();
    assert_eq!([about("docker-ovs-ipam"), about("vrf"), about("subnet")], ["1", "blue", "10.1.0.0/24"]);
    assert_eq!(about(&format!("claim {}", pool.claim)), "h1-1234 h1 10.1.0.0/28");
    assert_eq!([about("10.1.0.1"), about(&format!("10.1.0.1 {}", pool.claim))], ["gateway", "shares"]);
    let endpoint = about("10.1.0.9");
    assert!(endpoint.starts_with(&pool.claim.to_string()) && endpoint.ends_with(" 02:00:00:00:00:09"), "{endpoint}");
    assert_eq!(ids.len(), 7);
}

#[tokio::test]
async fn without_an_answer_nothing_is_given_and_the_own_store_does_not_step_in() {
    let mut server = database();
    let driver = driver("h1", &Arc::default(), Some(&server));
    let pool = driver.pool(&subnet("10.1.0.0/24")).await;
    server.kill();
    let asked = Instant::now();
    for said in [
        driver.request_pool(&subnet("10.2.0.0/24"), shortly()).await.unwrap_err().to_string(),
        driver.request_address(&pool, &endpoint(None, "m1"), shortly()).await.unwrap_err().to_string(),
    ] {
        assert!(said.starts_with("OVN's northbound database (unix:"), "{said}");
        assert!(said.contains("keeps the addresses, and does not do so"), "{said}");
    }
    assert!(asked.elapsed() < Duration::from_secs(5));
    server.restart();
    assert!(driver.ask(&pool, &endpoint(None, "m1")).await.is_ok());
}

/// Docker's release succeeds, and is done when the database is back: by this driver or, if it died, by its successor.
#[tokio::test]
async fn what_is_let_go_of_meanwhile_is_gone_when_the_database_is_back() {
    for restarted in [false, true] {
        let (mut server, records) = (database(), Arc::<Memory>::default());
        let mut driver = Arc::new(driver("h1", &records, Some(&server)));
        let (pool, kept) = (driver.pool(&subnet("10.1.0.0/24")).await, driver.pool(&subnet("10.2.0.0/24")).await);
        driver.gets(&pool, &gateway(None)).await;
        driver.gets(&kept, &endpoint(Some("10.2.0.9"), "m1")).await;
        server.kill();
        driver.release_address(&kept, ip("10.2.0.9"), shortly()).await;
        driver.release_pool(&pool, shortly()).await;
        assert_eq!(driver.owed(), 2);
        if restarted {
            driver = Arc::new(super::support::driver("h1", &records, Some(&server)));
        }
        let running = Arc::clone(&driver);
        let task = tokio::spawn(async move { running.run().await });
        server.restart();
        let patience = soon();
        while driver.owed() > 0 {
            assert!(Instant::now() < patience, "{:?}", driver.all().await);
            sleep(Duration::from_millis(10)).await;
        }
        task.abort();
        let [left] = &driver.all().await[..] else { panic!("one pool") };
        assert!(left.key == kept.key && left.pool.taken.is_empty(), "{left:?}");
        assert!(!records.written().iter().any(|(name, _)| name.starts_with(crate::owed::OWED)));
    }
}

/// An endpoint that came later is not let go of instead of the one that was meant.
#[tokio::test]
async fn what_is_owed_is_owed_for_one_giving_of_an_address_only() {
    let (mut server, records) = (database(), Arc::<Memory>::default());
    let driver = driver("h1", &records, Some(&server));
    let pool = driver.pool(&subnet("10.1.0.0/24")).await;
    driver.gets(&pool, &endpoint(Some("10.1.0.9"), "m1")).await;
    server.kill();
    driver.release_address(&pool, ip("10.1.0.9"), shortly()).await;
    let owed = records.written();
    server.restart();
    driver.release_address(&pool, ip("10.1.0.9"), soon()).await;
    driver.gets(&pool, &endpoint(Some("10.1.0.9"), "m2")).await;
    // As a driver that was killed before it could note that it had been done.
    let successor = crate::Ipam::new(
        driver.holder().clone(),
        Arc::<Memory>::default(),
        crate::Written::read(owed).unwrap(),
        Some(super::support::at(&server)),
    );
    let _ = tokio::time::timeout(Duration::from_millis(500), successor.run()).await;
    assert_eq!(successor.owed(), 0);
    assert!(driver.all().await[0].pool.taken.contains_key(&ip("10.1.0.9")));
}

#[tokio::test]
async fn what_a_host_held_that_is_gone_an_operator_reclaims() {
    let server = database();
    let (gone, here) = (driver("gone", &Arc::default(), Some(&server)), driver("here", &Arc::default(), Some(&server)));
    let (lost, own) = (gone.pool(&subnet("10.1.0.0/24")).await, here.pool(&subnet("10.1.0.0/24")).await);
    gone.gets(&lost, &gateway(Some("10.1.0.1"))).await;
    gone.gets(&lost, &endpoint(Some("10.1.0.9"), "m1")).await;
    here.gets(&own, &gateway(None)).await;
    gone.pool(&subnet("10.2.0.0/24")).await;
    assert_eq!(here.reclaim_instance("gone", soon()).await.unwrap(), [], "a host may have several drivers");
    assert_eq!(here.reclaim_instance("here-1234", soon()).await.unwrap(), [], "a driver never takes its own");
    let reclaimed = here.reclaim_instance("gone-1234", soon()).await.unwrap();
    assert_eq!(
        reclaimed.iter().map(|held| held.key.subnet.to_string()).collect::<Vec<_>>(),
        ["10.1.0.0/24", "10.2.0.0/24"]
    );
    let [left] = &here.all().await[..] else { panic!("one pool") };
    assert_eq!(left.pool.taken.keys().copied().collect::<Vec<_>>(), [ip("10.1.0.1")]);
    assert_eq!(left.pool.claims.keys().copied().collect::<Vec<_>>(), [own.claim]);
}

#[tokio::test]
async fn a_row_that_somebody_removed_is_made_again_when_it_is_needed() {
    let server = database();
    let driver = driver("h1", &Arc::default(), Some(&server));
    let pool = driver.pool(&subnet("10.1.0.0/24")).await;
    let client = Client::start(server.remote(), MonitorSpec::database(NORTHBOUND)).unwrap();
    client.transact(client.transaction().delete(Delete::every_row("Address_Set")), soon()).await.unwrap();
    driver.gets(&pool, &endpoint(Some("10.1.0.9"), "m1")).await;
    assert_eq!(rows(&server).await.len(), 1);
}
