//! `Logical_Router_Port`, with the port of the switch that it is joined to.

use ipnet::IpNet;
use ovsdb::Value;
use plan::Label;
use uuid::Uuid;

use super::gateway_chassis::gateway_chassis;
use super::{Holder, Router, RowSpec, Switch, Tenure};
use crate::ovn::identity::{self, short, texts};
use crate::ovn::table::Table;

/// The rows of a router's port on a switch: both ends, and where it may be.
pub(crate) fn router_port(
    label: &Label,
    router: &Router,
    switch: &Switch,
    addresses: &[IpNet],
    chassis: &[String],
) -> Vec<RowSpec> {
    let (router_key, switch_key) = (router.uuid.to_string(), switch.key());
    let [port, peer] = ["router-port", "router-peer"].map(|what| identity::uuid(&[what, &router_key, &switch_key]));
    let name = format!("{}-to-{}", router.name, short(switch.name()));
    let peer_name = format!("{}-to-{}", switch.name(), short(&router.name));
    let mut said = texts(addresses);
    said.sort_unstable();
    let end = RowSpec {
        label: label.clone(),
        table: Table::LogicalRouterPort,
        uuid: port,
        what: format!("router port {name}"),
        columns: vec![
            ("name", name.as_str().into()),
            ("mac", identity::mac(port).to_string().into()),
            ("networks", Value::set(texts(addresses))),
        ],
        holder: Some(Holder::Row(router.uuid)),
        // Hosts that give the same subnet another gateway have made a mistake that nobody else would tell them of.
        tenure: Tenure::Shared(Some(said.join(" "))),
    };
    let ends = [end, switch_end(label, switch, peer, &peer_name, &name)];
    let chassis = chassis.iter().zip((1..=i64::from(i16::MAX)).rev());
    let chassis = chassis.map(|(chassis, priority)| gateway_chassis(label, port, &name, chassis, priority));
    ends.into_iter().chain(chassis).collect()
}

fn switch_end(label: &Label, switch: &Switch, uuid: Uuid, name: &str, router_port: &str) -> RowSpec {
    RowSpec {
        label: label.clone(),
        table: Table::LogicalSwitchPort,
        uuid,
        what: format!("port {name}"),
        columns: vec![
            ("name", name.into()),
            ("type", "router".into()),
            ("addresses", "router".into()),
            ("options", Value::map([("router-port", router_port)])),
        ],
        holder: Some(switch.holder()),
        tenure: Tenure::Shared(None),
    }
}
