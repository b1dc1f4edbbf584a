//! Three servers, of which one is lost.

use std::sync::Arc;

use futures_util::future::join_all;
use tokio::sync::Semaphore;

use super::northbound::{Northbound, Station, port, routed, switch, wait_until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leader_that_dies_loses_nothing_and_leaves_nothing() {
    let mut servers = Northbound::cluster();
    wait_until("leader", || servers.iter().any(Northbound::leads));
    let before = servers[0].contents();
    let hosts: Vec<Station> = (0..10).map(|number| Station::new(&servers.iter().collect::<Vec<_>>(), number)).collect();
    let rows = routed("10.1.0.0/16", "10.1.0.1/16");
    let made = Arc::new(Semaphore::new(0));
    let lives = || {
        let (rows, made) = (&rows, &made);
        join_all(hosts.iter().zip(0u8..).map(move |(host, index)| async move {
            host.make(rows).await.unwrap();
            // Of an address there is one on a switch.
            for number in (2..7).map(|number| number + 8 * index) {
                let end = host.endpoint(&format!("end-{}-{number}", host.who.host.name));
                let port = port(&end, &switch("10.1.0.0/16"), number);
                end.make(std::slice::from_ref(&port)).await.unwrap();
                made.add_permits(1);
                end.remove(&[port]).await.unwrap();
            }
            host.remove(rows).await.unwrap();
        }))
    };
    let leader = servers.iter().position(Northbound::leads).unwrap();
    let mut victim = servers.remove(leader);
    // In the middle of it: fifteen of fifty ports were made.
    let middle = Arc::clone(&made);
    let killed = tokio::spawn(async move {
        middle.acquire_many(15).await.unwrap().forget();
        victim.kill();
        victim
    });
    lives().await;
    let _victim = killed.await.unwrap();
    wait_until("leader", || servers.iter().any(Northbound::leads));
    let leader = servers.iter().find(|server| server.leads()).unwrap();
    assert_eq!(leader.contents(), before);
}
