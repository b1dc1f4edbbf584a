//! That an address is one container's of a switch, whatever host that is on.
//!
//! Hosts that share a switch and give out addresses each for itself, as Docker's own address management does, give out the
//! same ones. So ports say in `external_ids` which addresses they have on which switch, and none is made beside one of
//! another driver that says the same. What is only allowed (VRRP) may be on several; two ports of one driver are its own
//! affair: what it still has to remove does not stand in the way.

use std::net::IpAddr;

use ovsdb::{Condition, OpResult, Row, Select, Value, Wait};
use plan::InstanceId;
use tokio::time::Instant;

use super::change::Who;
use super::claim::{HOST, mark};
use super::row::{Holder, RowSpec, Tenure};
use super::session::Session;
use super::table::Table;
use crate::{Error, Mark};

/// What the keys start with; the value is the switch.
const ADDRESS: &str = "docker-ovs-address/";

/// The addresses of a container's port, and their entries in `external_ids`; none: it is no such port.
fn stations(spec: &RowSpec) -> Vec<(IpAddr, (String, String))> {
    let switch = match (&spec.holder, &spec.tenure, spec.table) {
        (Some(Holder::Row(switch)), Tenure::Own, Table::LogicalSwitchPort) => switch.to_string(),
        (Some(Holder::Named(switch)), Tenure::Own, Table::LogicalSwitchPort) => format!("named {switch}"),
        _ => return Vec::new(),
    };
    let addresses =
        spec.columns.iter().find(|(column, _)| *column == "addresses").and_then(|(_, value)| value.as_set());
    let words =
        addresses.into_iter().flat_map(|set| set.iter()).filter_map(|it| it.as_str()).flat_map(str::split_whitespace);
    let addresses = words.filter_map(|word| word.parse().ok());
    addresses.map(|address: IpAddr| (address, (format!("{ADDRESS}{address}"), switch.clone()))).collect()
}

/// What a new row says of them.
pub(super) fn ids(spec: &RowSpec) -> impl Iterator<Item = (String, String)> {
    stations(spec).into_iter().map(|(_, entry)| entry)
}

/// That no other driver's port says so.
pub(super) fn guards(spec: &RowSpec, own: &InstanceId) -> impl Iterator<Item = Wait> {
    let free = |entry| Wait::no_row(Table::LogicalSwitchPort.name(), has(entry)).and(others(own));
    ids(spec).map(free)
}

/// Why ports cannot be made beside those of other drivers; none: they can, or nobody says so now.
pub(super) async fn conflict(session: &Session, rows: &[RowSpec], who: &Who, deadline: Instant) -> Option<Error> {
    for spec in rows {
        for (address, entry) in stations(spec) {
            let select = Select::matching(Table::LogicalSwitchPort.name(), has(entry)).and(others(&who.mark.instance));
            let found = session.read(select.columns(["name", "external_ids"]), deadline).await.ok()?;
            if let Some(port) = found.iter().flat_map(OpResult::rows).next() {
                return Some(taken(spec, address, port));
            }
        }
    }
    None
}

fn taken(spec: &RowSpec, address: IpAddr, port: &Row) -> Error {
    let network = mark(port).map(|mark| mark.network.to_string()).unwrap_or_default();
    let host = port.entry("external_ids", HOST).unwrap_or_default();
    Error::AddressTaken { what: spec.what.clone(), address, network, host: host.to_owned() }
}

fn has((key, switch): (String, String)) -> Condition {
    Condition::includes("external_ids", Value::map([(key, switch)]))
}

fn others(own: &InstanceId) -> Condition {
    Condition::excludes("external_ids", Value::map([(Mark::INSTANCE, own.as_str())]))
}
