//! Three servers that agree: one leads, any may die.

use crate::support::{SCHEMA, Server, connected, everything, failure, soon};
use ovsdb::{Client, Event, Insert, Link, Options, Remote, Transaction};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// A cluster of three.
fn cluster() -> Vec<Server> {
    Server::cluster(SCHEMA)
}

fn options(servers: &[Server]) -> Options {
    Options::new(servers.iter().map(Server::remote))
}

/// The index of the leader among these servers.
fn leader(servers: &[Server], among: &[usize]) -> usize {
    let patience = Instant::now() + Duration::from_secs(30);
    loop {
        match among.iter().copied().find(|index| servers[*index].leads("Test")) {
            Some(leader) => return leader,
            None => assert!(Instant::now() < patience, "no leader"),
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn insert(name: &str) -> Transaction {
    Transaction::new("Test").insert(Insert::into("Thing").set("name", name))
}

fn server_of(client: &Client) -> Remote {
    let Link::Up { remote } = client.link() else { panic!("not connected") };
    remote
}

fn others(index: usize) -> Vec<usize> {
    (0..3).filter(|other| *other != index).collect()
}

#[tokio::test]
async fn the_leader_is_followed_when_it_dies() {
    let mut servers = cluster();
    let first = leader(&servers, &[0, 1, 2]);
    let client = connected(options(&servers), everything()).await;
    assert_eq!(server_of(&client), servers[first].remote());
    client.transact(insert("before"), soon()).await.unwrap();
    let mut changes = client.changes();
    servers[first].kill();
    assert!(matches!(changes.next().await, Some(Event::Disconnected(_))));
    client.transact(insert("after"), soon()).await.unwrap();
    let second = leader(&servers, &others(first));
    assert_eq!(server_of(&client), servers[second].remote());
    assert!(matches!(changes.next().await, Some(Event::Connected(_))));
    assert!(matches!(changes.next().await, Some(Event::Resynced)), "nothing has changed");
    assert!(matches!(changes.next().await, Some(Event::Row(_))));
    assert_eq!(client.snapshot().rows("Thing").count(), 2);
    assert_eq!(client.metrics().resumed, 1, "the new leader knew where the old one had been");
}

#[tokio::test]
async fn a_leader_that_steps_down_is_left() {
    let servers = cluster();
    let first = leader(&servers, &[0, 1, 2]);
    let client = connected(options(&servers), everything()).await;
    let mut changes = client.changes();
    servers[first].signal("STOP");
    leader(&servers, &others(first));
    servers[first].signal("CONT");
    let Some(Event::Disconnected(cause)) = changes.next().await else { panic!("still connected") };
    assert!(cause.to_string().contains("not the leader") || cause.to_string().contains("out of touch"), "{cause}");
    client.transact(insert("after"), soon()).await.unwrap();
    assert_ne!(server_of(&client), servers[first].remote());
}

#[tokio::test]
async fn a_follower_will_do_for_who_does_not_insist() {
    let servers = cluster();
    let follower = others(leader(&servers, &[0, 1, 2]))[0];
    let options = Options { leader_only: false, ..servers[follower].options() };
    let client = connected(options, everything()).await;
    client.transact(insert("passed on"), soon()).await.unwrap();
    assert!(client.snapshot().find("Thing", "name", "passed on").is_some());
    let insisting = Client::start(servers[follower].options(), everything()).unwrap();
    assert!(failure(&insisting).await.to_string().contains("not the leader"));
}

#[tokio::test]
async fn a_write_without_a_majority_is_done_once_by_its_uuid() {
    let servers = cluster();
    let first = leader(&servers, &[0, 1, 2]);
    let client = connected(options(&servers), everything()).await;
    for other in others(first) {
        servers[other].signal("STOP");
    }
    let uuid = Uuid::new_v4();
    let insert = || Transaction::new("Test").insert(Insert::into("Thing").uuid(uuid).set("name", "once"));
    let error = client.transact(insert(), Duration::from_millis(500)).await.unwrap_err();
    assert!(error.is_unknown(), "{error}");
    for other in others(first) {
        servers[other].signal("CONT");
    }
    let patience = Instant::now() + Duration::from_secs(30);
    loop {
        match client.transact(insert(), soon()).await {
            Ok(_) => break,
            Err(error) if error.is_duplicate() => break,
            Err(error) => assert!(error.can_retry() || error.is_unknown(), "{error}"),
        }
        assert!(Instant::now() < patience, "the cluster is not back");
    }
    let there = |snapshot: &ovsdb::Snapshot| snapshot.row("Thing", uuid).map(|_| snapshot.rows("Thing").count());
    assert_eq!(client.wait_until(there, soon()).await.unwrap(), 1);
}
