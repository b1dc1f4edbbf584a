//! The examples run, against a database of Open vSwitch's own schema.

use crate::support::{Server, connected, shared_file, soon};
use ovsdb::{Condition, Insert, MonitorSpec, Mutate, Snapshot, TableSpec, Update, Value, Wait};

#[path = "../../examples/add_port.rs"]
#[expect(dead_code, reason = "its main function is not called here")]
mod add_port;
#[path = "../../examples/follow.rs"]
#[expect(dead_code, reason = "its main function is not called here")]
mod follow;

/// A server with Open vSwitch's schema and a bridge, but no switch.
async fn switch_database() -> Server {
    let schema = std::fs::read_to_string(shared_file("vswitch.ovsschema")).unwrap();
    let server = Server::with_schema(&schema);
    let client = connected(server.options(), MonitorSpec::database("Open_vSwitch")).await;
    let root = Insert::into("Open_vSwitch").set("bridges", Value::set([ovsdb::Atom::named("bridge")]));
    let bridge = Insert::into("Bridge").uuid_name("bridge").set("name", "br0");
    client.transact(client.transaction().insert(root).insert(bridge), soon()).await.unwrap();
    server
}

/// Does what ovs-vswitchd does when a port comes.
async fn play_switch(server: &Server, port: &str, column: &str, value: Value) {
    let client = connected(server.options(), MonitorSpec::database("Open_vSwitch")).await;
    let name = || Condition::equal("name", port);
    let come = Wait::some_row("Interface", name()).timeout(std::time::Duration::from_secs(30));
    let update = Update::matching("Interface", name()).set(column, value);
    client.transact(client.transaction().wait(come).update(update), soon()).await.unwrap();
}

#[tokio::test]
async fn add_port_adds_waits_and_removes() {
    let server = switch_database().await;
    let client = connected(server.options(), add_port::spec()).await;
    let uuid = add_port::add(&client, "br0", "veth1").await.unwrap();
    let again = add_port::add(&client, "br0", "veth1").await.unwrap_err();
    assert_eq!(again.to_string(), "veth1 is already there, or br0 is gone");
    let (ready, ()) =
        tokio::join!(add_port::ready(&client, "veth1"), play_switch(&server, "veth1", "ofport", 7.into()));
    assert_eq!(ready.unwrap(), "OpenFlow port 7");
    add_port::remove(&client, "br0", uuid).await.unwrap();
    assert!(client.snapshot().find("Interface", "name", "veth1").is_none());
    assert!(add_port::remove(&client, "br1", uuid).await.is_err());
    add_port::add(&client, "br0", "veth2").await.unwrap();
    let trouble = play_switch(&server, "veth2", "error", "could not open network device veth2".into());
    let (ready, ()) = tokio::join!(add_port::ready(&client, "veth2"), trouble);
    assert_eq!(ready.unwrap(), "not usable: could not open network device veth2");
}

#[tokio::test]
async fn follow_prints_what_happens() {
    let mut server = Server::start();
    let table = TableSpec::new("Thing").columns(["name", "count"]);
    let client = connected(server.options(), MonitorSpec::database("Test").table(table)).await;
    let mut changes = client.changes();
    let insert = client.transaction().insert(Insert::into("Thing").set("name", "a"));
    let uuid = client.transact(insert, soon()).await.unwrap()[0].inserted().unwrap();
    let count = client.transaction().mutate(Mutate::row("Thing", uuid).add("count", 1));
    client.transact(count, soon()).await.unwrap();
    server.kill();
    let mut lines = Vec::new();
    for _ in 0..3 {
        lines.push(follow::line(&changes.next().await.unwrap()));
    }
    assert_eq!(lines[0], format!(r#"+ {uuid} {{count: 0, name: "a"}}"#));
    assert_eq!(lines[1], format!(r#"~ {uuid} {{count: 1, name: "a"}}"#));
    assert!(lines[2].starts_with("disconnected: unix:/"), "{}", lines[2]);
}

#[tokio::test]
async fn a_thousand_ports_are_copied_and_changed_one_by_one() {
    let server = switch_database().await;
    let client = connected(server.options(), add_port::spec()).await;
    let mut add = client.transaction();
    for number in 0..1000 {
        let (port, interface, name) = (format!("p{number}"), format!("i{number}"), format!("veth{number}"));
        let row = Insert::into("Port").uuid_name(&port).set("name", &name);
        add = add
            .insert(Insert::into("Interface").uuid_name(&interface).set("name", &name))
            .insert(row.set("interfaces", ovsdb::Atom::named(&interface)))
            .mutate(Mutate::every_row("Bridge").insert("ports", ovsdb::Atom::named(&port)));
    }
    client.transact(add, soon()).await.unwrap();
    let ports =
        |snapshot: &Snapshot| snapshot.find("Bridge", "name", "br0").unwrap().value("ports").unwrap().uuids().count();
    assert_eq!(ports(&client.snapshot()), 1000);
    let last = add_port::add(&client, "br0", "last").await.unwrap();
    assert_eq!(ports(&client.snapshot()), 1001);
    add_port::remove(&client, "br0", last).await.unwrap();
    assert_eq!(ports(&client.snapshot()), 1000);
    assert_eq!(client.metrics().row_changes, 1001 + 2 + 2);
}
