//! `Logical_Switch_Port` of type `localnet`: a physical network, by the name in the hosts' bridge mappings.

use ovsdb::Value;
use plan::Label;

use super::{RowSpec, Switch, Tenure};
use crate::ovn::identity;
use crate::ovn::table::Table;

/// Its row.
pub(crate) fn localnet(label: &Label, switch: &Switch, network: &str, vlan: Option<u16>) -> RowSpec {
    let name = format!("{}-localnet-{network}", switch.name());
    RowSpec {
        label: label.clone(),
        table: Table::LogicalSwitchPort,
        uuid: identity::uuid(&["localnet", &switch.key(), network]),
        what: format!("port {name}"),
        columns: vec![
            ("name", name.into()),
            ("type", "localnet".into()),
            ("addresses", "unknown".into()),
            ("options", Value::map([("network_name", network)])),
            ("tag", vlan.into()),
        ],
        holder: Some(switch.holder()),
        tenure: Tenure::Shared(Some(vlan.map_or("untagged".to_owned(), |vlan| format!("VLAN {vlan}")))),
    }
}
