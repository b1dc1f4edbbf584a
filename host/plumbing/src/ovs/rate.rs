//! What goes out of a port is slowed down by Open vSwitch's `QoS` and `Queue` rows: a token bucket of the kernel's
//! (`linux-htb`) on the link, whatever datapath switches its frames.
//!
//! Those rows are nobody's but their own: they stay when what refers to them goes, and are removed by us. So each says
//! which port it is for.

use ovsdb::{Atom, Condition, Delete, Insert, Operation, Value};
use plan::InstanceId;

use super::view::{Port, View};
use super::{PortSpec, change};
use crate::Mark;

pub(super) const QOS: &str = "QoS";
pub(super) const QUEUE: &str = "Queue";
/// The key in `external_ids` of the port that a row is for.
pub(super) const PORT_KEY: &str = "docker-ovs-port";
/// The token bucket.
const KIND: &str = "linux-htb";
/// The key in `other_config` of bits per second.
const MAX_RATE: &str = "max-rate";
/// The queue of everything that is put in no other one.
const DEFAULT_QUEUE: i64 = 0;

/// The rows for a port's rate, and what its column `qos` refers to.
pub(super) fn insert(port: &PortSpec, rate: u64, mark: &Mark) -> (Vec<Operation>, Value) {
    let (qos, queue) = (change::reference("qos", &port.name), change::reference("queue", &port.name));
    let config = || Value::map([(MAX_RATE, rate.to_string())]);
    let ids = || Value::map(mark.ids(&port.label).into_iter().chain([(PORT_KEY, port.name.to_string())]));
    let rows = vec![
        Insert::into(QUEUE).uuid_name(&queue).set("other_config", config()).set("external_ids", ids()).into(),
        Insert::into(QOS)
            .uuid_name(&qos)
            .set("type", KIND)
            .set("other_config", config())
            .set("queues", Value::map([(DEFAULT_QUEUE, Atom::named(&queue))]))
            .set("external_ids", ids())
            .into(),
    ];
    (rows, Atom::named(&qos).into())
}

/// Removes what an instance has for a port.
pub(super) fn delete(port: &str, instance: &InstanceId) -> [Operation; 2] {
    let ours = || Value::map([(PORT_KEY, port), (Mark::INSTANCE, instance.as_str())]);
    [QOS, QUEUE].map(|table| Delete::matching(table, Condition::includes("external_ids", ours())).into())
}

/// Whether a port has the rate that is wanted. What others put on a port that is to have none is theirs.
pub(super) fn is_as_wanted(spec: &PortSpec, port: Port<'_>, view: &View) -> bool {
    let Some(row) = port.qos().and_then(|uuid| view.0.row(QOS, uuid)) else { return spec.rate().is_none() };
    let Some(rate) = spec.rate() else { return row.entry("external_ids", PORT_KEY).is_none() };
    let is_rate = |row: &ovsdb::Row| row.entry("other_config", MAX_RATE) == Some(rate.to_string().as_str());
    let queues = row.value("queues").and_then(Value::as_map);
    let queue = queues.and_then(|queues| queues.get_atom(&Atom::from(DEFAULT_QUEUE))).and_then(Atom::as_uuid);
    let queue = queue.and_then(|uuid| view.0.row(QUEUE, uuid));
    row.get("type") == Ok(KIND) && is_rate(row) && queue.is_some_and(|queue| is_rate(queue))
}
