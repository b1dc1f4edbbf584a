//! `Gateway_Chassis`: a host that a router's port may be at.

use plan::Label;
use uuid::Uuid;

use super::{Holder, RowSpec, Tenure};
use crate::ovn::identity;
use crate::ovn::table::Table;

/// Its row; of those that are up, the one with the highest priority has the port.
pub(super) fn gateway_chassis(label: &Label, port: Uuid, port_name: &str, chassis: &str, priority: i64) -> RowSpec {
    let name = format!("{port_name}-{chassis}");
    RowSpec {
        label: label.clone(),
        table: Table::GatewayChassis,
        uuid: identity::uuid(&["gateway-chassis", &port.to_string(), chassis]),
        what: format!("gateway chassis {name}"),
        columns: vec![("name", name.into()), ("chassis_name", chassis.into()), ("priority", priority.into())],
        holder: Some(Holder::Row(port)),
        tenure: Tenure::Shared(Some(priority.to_string())),
    }
}
