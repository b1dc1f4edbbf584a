//! Adds a port to a bridge in one guarded transaction, waits until Open vSwitch has it, and takes it out again.
//!
//!     cargo run -p ovsdb --example add_port -- unix:/run/openvswitch/db.sock br0 veth1

use ovsdb::{Atom, Client, Condition, Insert, MonitorSpec, Mutate, Remote, Row, Snapshot, TableSpec, Wait};
use std::error::Error;
use std::time::Duration;
use uuid::Uuid;

/// What one call may take.
const LIMIT: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, remote, bridge, port] = arguments.as_slice() else {
        return Err("usage: add_port REMOTE BRIDGE PORT".into());
    };
    let remote: Remote = remote.parse()?;
    let client = Client::start(remote, spec())?;
    let uuid = add(&client, bridge, port).await?;
    println!("{port} is row {uuid}");
    println!("{port} is {}", ready(&client, port).await?);
    remove(&client, bridge, uuid).await?;
    println!("{port} is gone");
    Ok(())
}

/// The rows that this program needs to see.
pub(crate) fn spec() -> MonitorSpec {
    MonitorSpec::database("Open_vSwitch")
        .table(TableSpec::new("Bridge").columns(["name", "ports"]).index("name"))
        .table(TableSpec::new("Interface").columns(["name", "ofport", "error"]).index("name"))
}

/// Adds the port; sent twice it would be there once, because of its uuid and the guard.
pub(crate) async fn add(client: &Client, bridge: &str, port: &str) -> Result<Uuid, Box<dyn Error>> {
    let find = |snapshot: &Snapshot| snapshot.find("Bridge", "name", bridge).map(|row| row.uuid());
    let bridge_row = client.wait_until(find, LIMIT).await?;
    let uuid = Uuid::new_v4();
    let interface = Insert::into("Interface").uuid_name("interface").set("name", port);
    let row = Insert::into("Port").uuid(uuid).uuid_name("port").set("name", port);
    let transaction = client
        .transaction()
        .wait(Wait::no_row("Port", Condition::equal("name", port)))
        .wait(Wait::row_exists("Bridge", bridge_row))
        .insert(interface)
        .insert(row.set("interfaces", Atom::named("interface")))
        .mutate(Mutate::row("Bridge", bridge_row).insert("ports", Atom::named("port")))
        .mutate(Mutate::every_row("Open_vSwitch").add("next_cfg", 1))
        .comment(format!("example: add {port}"));
    match client.transact(transaction, LIMIT).await {
        Ok(_) => Ok(uuid),
        Err(error) if error.is_guard_failed() => Err(format!("{port} is already there, or {bridge} is gone").into()),
        Err(error) => Err(error.into()),
    }
}

/// Waits until Open vSwitch has given the port a number, or said why not.
pub(crate) async fn ready(client: &Client, port: &str) -> Result<String, Box<dyn Error>> {
    let verdict = |row: &Row| {
        let error: Option<&str> = row.get("error").ok()?;
        let number: Option<i64> = row.get("ofport").ok()?;
        match (error, number) {
            (Some(error), _) => Some(format!("not usable: {error}")),
            (None, Some(number)) if number > 0 => Some(format!("OpenFlow port {number}")),
            _ => None,
        }
    };
    let look = |snapshot: &Snapshot| snapshot.find("Interface", "name", port).and_then(|row| verdict(row));
    Ok(client.wait_until(look, LIMIT).await?)
}

/// Takes the port out; its rows go with the last reference.
pub(crate) async fn remove(client: &Client, bridge: &str, port: Uuid) -> Result<(), Box<dyn Error>> {
    let mutate = Mutate::matching("Bridge", Condition::equal("name", bridge)).delete("ports", port);
    let results = client.transact(client.transaction().mutate(mutate), LIMIT).await?;
    if results[0].count() == Some(1) { Ok(()) } else { Err(format!("bridge {bridge} is gone").into()) }
}
