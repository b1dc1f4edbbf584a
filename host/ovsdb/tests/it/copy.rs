//! The copy and what is told about it.

use crate::support::{Meddle, Proxy, Server, connected, everything, failure, soon, things};
use ovsdb::{
    Changes, Client, Condition, ConnectError, Delete, Error, Event, Insert, MonitorSpec, Mutate, Row, RowChange,
    Snapshot, TableSpec, Transaction, Update,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

async fn do_it(client: &Client, transaction: Transaction) -> Uuid {
    let results = client.transact(transaction, soon()).await.unwrap();
    results[0].inserted().unwrap_or_default()
}

async fn insert(client: &Client, name: &str) -> Uuid {
    do_it(client, Transaction::new("Test").insert(Insert::into("Thing").set("name", name))).await
}

async fn next_change(changes: &mut Changes) -> RowChange {
    match tokio::time::timeout(Duration::from_secs(30), changes.next()).await.unwrap() {
        Some(Event::Row(change)) => change,
        other => panic!("no row change: {other:?}"),
    }
}

#[tokio::test]
async fn changes_tell_what_was_and_what_is() {
    let server = Server::start();
    let client = connected(server.options(), everything()).await;
    let mut changes = client.changes();
    let uuid = insert(&client, "a").await;
    let RowChange::Inserted { table, new } = next_change(&mut changes).await else { panic!("not inserted") };
    assert_eq!((&*table, new.uuid(), new.get("name")), ("Thing", uuid, Ok("a")));
    do_it(&client, Transaction::new("Test").update(Update::row("Thing", uuid).set("count", 5))).await;
    let RowChange::Modified { old, new, .. } = next_change(&mut changes).await else { panic!("not modified") };
    assert_eq!((old.get("count"), new.get("count")), (Ok(0), Ok(5)));
    do_it(&client, Transaction::new("Test").delete(Delete::row("Thing", uuid))).await;
    let change = next_change(&mut changes).await;
    assert_eq!((change.table(), change.before().unwrap().get("count"), change.after()), ("Thing", Ok(5), None));
    drop(client);
    assert!(changes.next().await.is_none(), "the changes end with the client");
}

#[tokio::test]
async fn a_snapshot_stays_as_it_is() {
    let server = Server::start();
    let client = connected(server.options(), everything()).await;
    let uuid = insert(&client, "a").await;
    let before = client.snapshot();
    do_it(&client, Transaction::new("Test").delete(Delete::row("Thing", uuid))).await;
    assert!(before.row("Thing", uuid).is_some() && before.find("Thing", "name", "a").is_some());
    let after = client.snapshot();
    assert!(after.row("Thing", uuid).is_none() && after.find("Thing", "name", "a").is_none());
    assert!(after.version() > before.version());
    assert!(after.table("Nope").is_none());
}

#[tokio::test]
async fn a_rename_moves_the_row_in_the_index() {
    let server = Server::start();
    let client = connected(server.options(), everything()).await;
    let uuid = insert(&client, "a").await;
    do_it(&client, Transaction::new("Test").update(Update::row("Thing", uuid).set("name", "b"))).await;
    let snapshot = client.snapshot();
    assert!(snapshot.find("Thing", "name", "a").is_none());
    assert_eq!(snapshot.find("Thing", "name", "b").unwrap().uuid(), uuid);
    assert_eq!(snapshot.find("Thing", "count", 0).unwrap().uuid(), uuid, "without an index it is looked for");
}

/// The rows by name that a follower knows after applying the events it was told.
fn apply(known: &mut BTreeMap<Uuid, Arc<Row>>, event: Event) {
    if let Event::Row(change) = event {
        match (change.before(), change.after()) {
            (before, Some(after)) => {
                assert_eq!(known.insert(after.uuid(), after.clone()).as_ref(), before, "told from where it was");
            }
            (before, None) => assert_eq!(known.remove(&before.unwrap().uuid()).as_ref(), before),
        }
    }
}

fn rows(snapshot: &Snapshot) -> BTreeMap<Uuid, Arc<Row>> {
    snapshot.rows("Thing").map(|row| (row.uuid(), row.clone())).collect()
}

#[tokio::test]
async fn a_slow_follower_misses_nothing() {
    let server = Server::start();
    let client = connected(server.options(), everything()).await;
    insert(&client, "before").await;
    let mut changes = client.changes();
    let mut known = rows(changes.snapshot());
    assert_eq!(known.len(), 1);
    for number in 0..1500 {
        let uuid = insert(&client, &format!("n{number}")).await;
        if number % 3 == 0 {
            do_it(&client, Transaction::new("Test").delete(Delete::row("Thing", uuid))).await;
        }
    }
    let expected = rows(&client.snapshot());
    while known != expected {
        let event = tokio::time::timeout(Duration::from_secs(30), changes.next()).await.expect("all changes are told");
        apply(&mut known, event.unwrap());
    }
}

#[tokio::test]
async fn waiting_ends_with_the_change_and_with_the_deadline() {
    let server = Server::start();
    let client = connected(server.options(), everything()).await;
    let look = |snapshot: &Snapshot| snapshot.find("Thing", "name", "awaited").map(|row| row.uuid());
    let (found, uuid) = tokio::join!(client.wait_until(look, soon()), insert(&client, "awaited"));
    assert_eq!(found.unwrap(), uuid);
    let error = client.wait_until(|_| None::<()>, Duration::from_millis(20)).await.unwrap_err();
    assert!(matches!(error, Error::WaitedInVain { .. }) && error.is_timeout(), "{error}");
}

/// Rows that a copy with conditions has, as they come and go.
async fn conditions_hold(meddle: Meddle) {
    let server = Server::start();
    let proxy = Proxy::start(&server.path("sock"), meddle);
    let writer = connected(server.options(), everything()).await;
    let table = things().or_when(Condition::equal("name", "a")).or_when(Condition::includes("tags", "mine"));
    let early = insert(&writer, "a").await;
    insert(&writer, "stranger").await;
    let client = connected(proxy.remote(), MonitorSpec::database("Test").table(table)).await;
    let names = |snapshot: &Snapshot| {
        let mut names: Vec<String> = snapshot.rows("Thing").map(|row| row.get("name").unwrap()).collect();
        names.sort();
        names
    };
    assert_eq!(names(&client.snapshot()), ["a"]);
    let mutate = |uuid| Mutate::row("Thing", uuid);
    let late = insert(&writer, "b").await;
    do_it(&writer, Transaction::new("Test").mutate(mutate(late).insert("tags", "mine"))).await;
    client.wait_until(|snapshot| (names(snapshot) == ["a", "b"]).then_some(()), soon()).await.unwrap();
    do_it(&writer, Transaction::new("Test").mutate(mutate(late).add("count", 1).delete("tags", "mine"))).await;
    do_it(&writer, Transaction::new("Test").mutate(mutate(early).add("count", 1))).await;
    let seen = |snapshot: &Snapshot| snapshot.row("Thing", early).is_some_and(|row| row.get("count") == Ok(1));
    client.wait_until(|snapshot| seen(snapshot).then_some(()), soon()).await.unwrap();
    assert_eq!(names(&client.snapshot()), ["a"]);
    do_it(&writer, Transaction::new("Test").delete(Delete::row("Thing", late)).delete(Delete::row("Thing", early)))
        .await;
    client.wait_until(|snapshot| names(snapshot).is_empty().then_some(()), soon()).await.unwrap();
}

#[tokio::test]
async fn only_rows_that_meet_a_condition_are_copied() {
    conditions_hold(Meddle::default()).await;
}

#[tokio::test]
async fn conditions_hold_with_a_server_that_knows_none() {
    conditions_hold(Meddle {
        unknown: &["monitor_cond_since", "monitor_cond"],
        no_server_database: true,
        ..Meddle::default()
    })
    .await;
}

#[tokio::test]
async fn columns_that_the_server_lacks_are_left_out_if_they_may_be() {
    let server = Server::start();
    let table = TableSpec::new("Thing").columns(["name"]).optional_columns(["count", "from_the_future"]);
    let client = connected(server.options(), MonitorSpec::database("Test").table(table)).await;
    let uuid = insert(&client, "a").await;
    let snapshot = client.snapshot();
    let row = snapshot.row("Thing", uuid).unwrap();
    assert_eq!(row.columns().map(|(name, _)| name).collect::<Vec<_>>(), ["count", "name"]);
    assert!(row.get::<i64>("from_the_future").unwrap_err().to_string().ends_with("has no column from_the_future"));
    let mismatch = row.get::<i64>("name").unwrap_err().to_string();
    assert!(mismatch.ends_with(r#"is not exactly one integer: "a""#), "{mismatch}");
}

async fn missing(server: &Server, spec: MonitorSpec) -> String {
    let client = Client::start(server.options(), spec).unwrap();
    let cause = failure(&client).await;
    assert!(client.wait_connected(Duration::ZERO).await.unwrap_err().is_not_connected());
    assert!(matches!(*cause, ConnectError::Missing { .. } | ConnectError::Unsuitable { .. }), "{cause}");
    cause.to_string()
}

#[tokio::test]
async fn what_must_be_there_is_named_when_it_is_not() {
    let server = Server::start();
    let column = MonitorSpec::database("Test").table(TableSpec::new("Thing").columns(["name", "nope"]));
    assert!(missing(&server, column).await.contains("column nope of table Thing of database Test is not there"));
    let table = MonitorSpec::database("Test").table(TableSpec::new("Nope"));
    assert!(missing(&server, table).await.contains("table Nope of database Test is not there"));
    assert!(missing(&server, MonitorSpec::database("Other")).await.contains("does not have the database"));
}

#[tokio::test]
async fn without_tables_only_transactions_are_done() {
    let server = Server::start();
    let client = connected(server.options(), MonitorSpec::database("Test")).await;
    insert(&client, "a").await;
    assert!(client.snapshot().table("Thing").is_none());
}

#[tokio::test]
async fn contradictory_options_are_refused_at_once() {
    let spec = || MonitorSpec::database("Test");
    let none = Client::start(ovsdb::Options::new([]), spec()).unwrap_err();
    assert!(none.to_string().contains("no remote is given"));
    let ssl: ovsdb::Remote = "ssl:localhost:6641".parse().unwrap();
    assert!(Client::start(ssl.clone(), spec()).unwrap_err().to_string().contains("ssl:localhost:6641"));
    let unix: ovsdb::Remote = "unix:/nowhere".parse().unwrap();
    let index = spec().table(TableSpec::new("Thing").index("name"));
    assert!(Client::start(unix.clone(), index).unwrap_err().to_string().contains("column name without"));
    let condition = spec().table(TableSpec::new("Thing").columns(["name"]).or_when(Condition::equal("count", 1)));
    assert!(Client::start(unix, condition).unwrap_err().to_string().contains("column count without"));
}
