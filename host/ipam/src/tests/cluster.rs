//! Three servers that keep the pools together, of which one is lost.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use ovsdb::NORTHBOUND;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use super::server::Server;
use super::support::{at_any, driver_at, endpoint, gateway, pays, schema, soon, subnet};
use crate::{Ipam, PoolId, Use};

const HOSTS: usize = 4;
const EACH: usize = 30;
/// How many of all are given before the leader is lost.
const BEFORE: usize = 20;

async fn leader(servers: &[Server]) -> usize {
    let patience = soon();
    loop {
        match servers.iter().position(|server| server.leads(NORTHBOUND)) {
            Some(leader) => return leader,
            None => assert!(Instant::now() < patience, "no leader"),
        }
        sleep(Duration::from_millis(20)).await;
    }
}

/// Drivers on hosts, each with a claim on the same pool.
async fn claimed(servers: &[Server]) -> Vec<(Arc<Ipam>, PoolId)> {
    let mut hosts = Vec::new();
    for number in 0..HOSTS {
        let host = driver_at(&format!("h{number}"), &Arc::default(), Some(at_any(servers)));
        let pool = host.pool(&subnet("10.1.0.0/24")).await;
        host.gets(&pool, &gateway(Some("10.1.0.1"))).await;
        hosts.push((Arc::new(host), pool));
    }
    hosts
}

/// The addresses that the database says are endpoints'.
async fn taken(host: &Ipam) -> BTreeSet<IpAddr> {
    let is_endpoints = |(_, of): &(&IpAddr, &Use)| matches!(of, Use::Endpoint { .. });
    let all = host.all().await;
    all.iter().flat_map(|pool| pool.pool.taken.iter().filter(is_endpoints)).map(|(address, _)| *address).collect()
}

/// In a call's time there is a new leader, so that nobody notices.
#[tokio::test(flavor = "multi_thread")]
async fn a_leader_that_dies_in_the_middle_costs_no_address_and_none_is_given_twice() {
    let mut servers = Server::cluster(&schema());
    let hosts = claimed(&servers).await;
    let (told, mut hears) = tokio::sync::mpsc::unbounded_channel();
    let mut asking = JoinSet::new();
    for (host, pool) in hosts.clone() {
        let told = told.clone();
        asking.spawn(async move {
            let mut given = Vec::new();
            for number in 0..EACH {
                let mac = format!("{}-{number}", host.holder().host);
                given.push(host.ask(&pool, &endpoint(None, &mac)).await.unwrap());
                told.send(()).unwrap();
            }
            given
        });
    }
    drop(told);
    for _ in 0..BEFORE {
        hears.recv().await.expect("addresses are given");
    }
    let first = leader(&servers).await;
    servers[first].kill();
    let given: Vec<IpNet> = asking.join_all().await.into_iter().flatten().collect();
    let distinct: BTreeSet<IpAddr> = given.iter().map(IpNet::addr).collect();
    assert_eq!((given.len(), distinct.len()), (HOSTS * EACH, HOSTS * EACH));
    assert_eq!(taken(&hosts[0].0).await, distinct, "and nothing else is taken");
    assert_ne!(leader(&servers).await, first);
    for (host, pool) in &hosts {
        host.release_pool(pool, soon()).await;
    }
    assert_eq!(hosts[0].0.all().await, [], "what was given before the leader died is let go of after it");
}

/// Two of three do not agree on anything: whoever asks is told so in time, and what may have been done is undone.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_majority_requests_fail_in_time_and_leave_nothing() {
    let servers = Server::cluster(&schema());
    let hosts = claimed(&servers).await;
    let (host, pool) = &hosts[0];
    host.gets(pool, &endpoint(Some("10.1.0.9"), "before")).await;
    let first = leader(&servers).await;
    let others = || servers.iter().enumerate().filter(|(index, _)| *index != first).map(|(_, server)| server);
    others().for_each(|server| server.signal("STOP"));
    let asked = Instant::now();
    let deadline = asked + Duration::from_secs(1);
    let said = host.request_address(pool, &endpoint(Some("10.1.0.10"), "meanwhile"), deadline).await.unwrap_err();
    assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
    assert!(said.to_string().starts_with("OVN's northbound database (unix:"), "{said}");
    others().for_each(|server| server.signal("CONT"));

    pays(host).await;
    assert_eq!(taken(&hosts[1].0).await, BTreeSet::from(["10.1.0.9".parse().unwrap()]));
    let (other, theirs) = &hosts[1];
    assert_eq!(other.gets(theirs, &endpoint(Some("10.1.0.10"), "after")).await, "10.1.0.10/24");
}
