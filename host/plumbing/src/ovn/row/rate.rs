//! `QoS`: how much a container's port may send and receive.

use ovsdb::Value;
use plan::Label;

use super::{RowSpec, Switch, Tenure};
use crate::Mark;
use crate::ovn::identity;
use crate::ovn::row::logical_port::endpoint_name;
use crate::ovn::table::Table;

/// The unit of the column: bits per second.
const UNIT: u64 = 1000;
/// The most that the column takes.
const MOST: u64 = u32::MAX as u64;

/// Its rows: to the container, and from it, in bits per second.
pub(crate) fn rates(
    label: &Label,
    mark: &Mark,
    switch: &Switch,
    ingress: Option<u64>,
    egress: Option<u64>,
) -> Vec<RowSpec> {
    let ingress = ingress.map(|rate| row(label, mark, switch, ("to-lport", "outport"), rate));
    let egress = egress.map(|rate| row(label, mark, switch, ("from-lport", "inport"), rate));
    ingress.into_iter().chain(egress).collect()
}

fn row(label: &Label, mark: &Mark, switch: &Switch, (direction, field): (&str, &str), rate: u64) -> RowSpec {
    let port = endpoint_name(mark);
    // Half a second's worth may come at once: with less, TCP does not reach the rate.
    let (rate, burst) = ((rate / UNIT).clamp(1, MOST), (rate / UNIT / 2).clamp(1, MOST));
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    RowSpec {
        label: label.clone(),
        table: Table::Qos,
        uuid: identity::uuid(&["rate", &mark.to_string(), label, direction]),
        what: format!("rate {direction} of port {port}"),
        columns: vec![
            ("priority", 1000.into()),
            ("direction", direction.into()),
            ("match", format!("{field} == \"{port}\"").into()),
            ("bandwidth", Value::map([("rate", number(rate)), ("burst", number(burst))])),
        ],
        holder: Some(switch.holder()),
        tenure: Tenure::Own,
    }
}
