//! Every kind of value survives the way to the server and back, however it is cut up and whatever the server's age.

use crate::support::{Meddle, Proxy, Server, connected, everything, soon};
use ovsdb::{Atom, Client, Insert, Mutate, Row, Select, Transaction, Update, Value};
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

const NASTY: &str = "quote \" back\\slash \\\" brace }{ ][ new\nline tab\t \u{1} nul-free ünïcödé 🦀 \u{7f}";

fn full_row() -> Insert {
    Insert::into("Thing")
        .set("name", NASTY)
        .set("count", i64::MIN)
        .set("ratio", 0.1)
        .set("on", true)
        .set("ratios", Value::set([1.0, 2.5, -3.0]))
        .set("nick", Some("nick"))
        .set("tags", Value::set(["a", "b", NASTY]))
        .set("pair", Value::set([1, 2]))
        .set("parts", Value::set([Atom::named("p")]))
        .set("labels", Value::map([("owner", "me"), (NASTY, NASTY)]))
        .set("single", Value::map([("k", 1)]))
        .set("sizes", Value::map([("s", 1.0), ("t", 1.5)]))
        .set("seen", 7)
}

async fn insert_full_row(client: &Client) -> Uuid {
    let transaction =
        Transaction::new("Test").insert(Insert::into("Part").uuid_name("p").set("name", "part")).insert(full_row());
    client.transact(transaction, soon()).await.unwrap()[1].inserted().unwrap()
}

fn row(client: &Client, uuid: Uuid) -> Arc<Row> {
    client.snapshot().row("Thing", uuid).unwrap().clone()
}

fn check_full_row(row: &Row) {
    assert_eq!(row.get::<&str>("name"), Ok(NASTY));
    assert_eq!(row.get::<i64>("count"), Ok(i64::MIN));
    assert_eq!(row.get::<f64>("ratio"), Ok(0.1));
    assert_eq!(row.get::<bool>("on"), Ok(true));
    assert_eq!(row.get::<Vec<f64>>("ratios"), Ok(vec![-3.0, 1.0, 2.5]));
    assert_eq!(row.get::<Option<&str>>("nick"), Ok(Some("nick")));
    assert_eq!(row.get::<Vec<&str>>("tags"), Ok(vec!["a", "b", NASTY]));
    assert_eq!(row.get::<Vec<i64>>("pair"), Ok(vec![1, 2]));
    assert_eq!(row.get::<Vec<Uuid>>("parts").unwrap().len(), 1);
    let labels = BTreeMap::from([("owner", "me"), (NASTY, NASTY)]);
    assert_eq!(row.get::<BTreeMap<&str, &str>>("labels"), Ok(labels));
    assert_eq!(row.get::<BTreeMap<&str, i64>>("single"), Ok(BTreeMap::from([("k", 1)])));
    assert_eq!(row.get::<BTreeMap<&str, f64>>("sizes"), Ok(BTreeMap::from([("s", 1.0), ("t", 1.5)])));
    assert_eq!(row.get::<Option<Uuid>>("other"), Ok(None));
    assert_eq!(row.get::<i64>("seen"), Ok(7));
}

/// Changes every column, twice: each kind of difference that the server can write.
async fn change_all(client: &Client, uuid: Uuid) {
    let whole = Update::row("Thing", uuid)
        .set("count", -1)
        .set("ratio", 2.0)
        .set("on", false)
        .set("nick", Value::empty())
        .set("tags", "b")
        .set("pair", Value::set([2, 3]))
        .set("single", Value::map([("other", 2)]))
        .set("other", uuid);
    let parts = Mutate::row("Thing", uuid)
        .delete("ratios", 1.0)
        .insert("ratios", Value::set([4.0]))
        .put("labels", "owner", "you")
        .delete("labels", NASTY)
        .insert("labels", Value::map([("new", "entry")]))
        .delete("sizes", Value::set(["s", "t"]))
        .insert("parts", Atom::named("q"))
        .add("seen", 1);
    let transaction = Transaction::new("Test")
        .insert(Insert::into("Part").uuid_name("q").set("name", "q").set("size", 3))
        .update(whole)
        .mutate(parts);
    client.transact(transaction, soon()).await.unwrap();
}

fn check_changed_row(row: &Row) {
    assert_eq!(row.get::<i64>("count"), Ok(-1));
    assert_eq!(row.get::<f64>("ratio"), Ok(2.0));
    assert_eq!(row.value("ratio"), Some(&Value::from(2.0)), "a whole real is still a real");
    assert_eq!(row.get::<bool>("on"), Ok(false));
    assert_eq!(row.get::<Vec<f64>>("ratios"), Ok(vec![-3.0, 2.5, 4.0]));
    assert_eq!(row.get::<Option<&str>>("nick"), Ok(None));
    assert_eq!(row.get::<Vec<&str>>("tags"), Ok(vec!["b"]), "a set of one");
    assert_eq!(row.get::<&str>("tags"), Ok("b"), "a set of one read as a scalar");
    assert_eq!(row.get::<Vec<i64>>("pair"), Ok(vec![2, 3]));
    assert_eq!(row.get::<Vec<Uuid>>("parts").unwrap().len(), 2);
    assert_eq!(row.get::<BTreeMap<&str, &str>>("labels"), Ok(BTreeMap::from([("new", "entry"), ("owner", "you")])));
    assert_eq!(row.get::<BTreeMap<&str, i64>>("single"), Ok(BTreeMap::from([("other", 2)])));
    assert_eq!(row.value("sizes"), Some(&Value::empty_map()));
    assert_eq!(row.get::<Option<Uuid>>("other"), Ok(Some(row.uuid())));
    assert_eq!(row.get::<i64>("seen"), Ok(8));
}

/// Inserts, changes, reads by select, and takes a second copy from scratch: all must say the same.
async fn round_trip(server: &Server, meddle: Meddle) -> Vec<String> {
    let proxy = Proxy::start(&server.path("sock"), meddle);
    let client = connected(proxy.remote(), everything()).await;
    let uuid = insert_full_row(&client).await;
    check_full_row(&row(&client, uuid));
    change_all(&client, uuid).await;
    check_changed_row(&row(&client, uuid));
    let select = Transaction::new("Test").select(Select::row("Thing", uuid));
    let results = client.transact(select, soon()).await.unwrap();
    assert_eq!(results[0].rows()[0].get::<Vec<&str>>("tags"), Ok(vec!["b"]));
    let other = connected(proxy.remote(), everything()).await;
    assert_eq!(row(&other, uuid), row(&client, uuid));
    let indexed = other.snapshot();
    assert_eq!(indexed.table("Thing").unwrap().find_key("labels", "owner", "you").len(), 1);
    assert_eq!(indexed.table("Thing").unwrap().find_key("labels", "owner", "me").len(), 0);
    proxy.methods()
}

#[tokio::test]
async fn all_values_round_trip() {
    let methods = round_trip(&Server::start(), Meddle::default()).await;
    assert!(methods.iter().any(|method| method == "monitor_cond_since"));
}

#[tokio::test]
async fn all_values_round_trip_byte_by_byte() {
    round_trip(&Server::start(), Meddle { piece: Some(1), ..Meddle::default() }).await;
}

#[tokio::test]
async fn all_values_round_trip_with_a_server_that_only_has_monitor_cond() {
    let meddle = Meddle { unknown: &["monitor_cond_since"], ..Meddle::default() };
    let methods = round_trip(&Server::start(), meddle).await;
    assert_eq!(methods.iter().filter(|method| *method == "monitor_cond").count(), 4, "two monitors, two clients");
}

#[tokio::test]
async fn all_values_round_trip_with_a_server_of_rfc_7047() {
    let unknown = &["monitor_cond_since", "monitor_cond", "set_db_change_aware"];
    let meddle = Meddle { unknown, no_server_database: true, ..Meddle::default() };
    let methods = round_trip(&Server::start(), meddle).await;
    assert_eq!(methods.iter().filter(|method| *method == "monitor").count(), 2);
}
