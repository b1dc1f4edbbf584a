//! The rows of ports and bridges, inserted with transactions like the driver's.

use ovsdb::{Atom, Insert, Mutate, Select, Transaction, Value, Wait};
use uuid::Uuid;

use super::{DATABASE, ROOT};

/// What the bridge for comparison is called, and its port.
const BRIDGE: &str = "lab-bench-br";
pub(super) const BRIDGE_PORT: &str = "lab-bench-port";

/// Ports on a bridge, for links that are there: all in one transaction.
pub(super) fn ports(root: Uuid, bridge: Uuid, links: &[String]) -> Transaction {
    let bridge_is_there = guarded(root).wait(Wait::row_exists("Bridge", bridge));
    let transaction = links.iter().enumerate().fold(bridge_is_there, |transaction, (number, link)| {
        let (port, interface) = (format!("port{number}"), format!("interface{number}"));
        transaction
            .insert(Insert::into("Interface").uuid_name(&interface).set("name", link.as_str()))
            .insert(row_of_port(&port, link, &interface))
            .mutate(Mutate::row("Bridge", bridge).insert("ports", Atom::named(&port)))
    });
    counted(root, transaction)
}

/// A bridge with its own port and another internal one. The bridge's row is inserted last.
pub(super) fn bridge(root: Uuid, datapath: &str) -> Transaction {
    let internal =
        |reference, name| Insert::into("Interface").uuid_name(reference).set("name", name).set("type", "internal");
    let row = Insert::into("Bridge")
        .uuid_name("bridge")
        .set("name", BRIDGE)
        .set("datapath_type", datapath)
        .set("fail_mode", "standalone")
        .set("ports", Value::set([Atom::named("port0"), Atom::named("port1")]));
    let transaction = guarded(root)
        .insert(internal("interface0", BRIDGE))
        .insert(row_of_port("port0", BRIDGE, "interface0"))
        .insert(internal("interface1", BRIDGE_PORT))
        .insert(row_of_port("port1", BRIDGE_PORT, "interface1"))
        .insert(row)
        .mutate(Mutate::row(ROOT, root).insert("bridges", Atom::named("bridge")));
    counted(root, transaction)
}

fn row_of_port(reference: &str, name: &str, interface: &str) -> Insert {
    Insert::into("Port")
        .uuid_name(reference)
        .set("name", name)
        .set("interfaces", Atom::named(interface))
        .set("external_ids", Value::map([("lab-bench", name)]))
}

fn guarded(root: Uuid) -> Transaction {
    Transaction::new(DATABASE).wait(Wait::row_exists(ROOT, root))
}

fn counted(root: Uuid, transaction: Transaction) -> Transaction {
    transaction.mutate(Mutate::row(ROOT, root).add("next_cfg", 1)).select(Select::row(ROOT, root).columns(["next_cfg"]))
}
