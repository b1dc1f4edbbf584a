//! The tables of the northbound database that plans put rows in, and which rows hold those of which.

use ovsdb::{Condition, MonitorSpec, NORTHBOUND, TableSpec, Value};
use plan::InstanceId;

use super::claim::SHARED;
use crate::Mark;

/// A table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Table {
    LogicalSwitch,
    LogicalSwitchPort,
    Acl,
    Qos,
    LogicalRouter,
    LogicalRouterPort,
    GatewayChassis,
    StaticRoute,
    Nat,
    LoadBalancer,
    AddressSet,
}

impl Table {
    pub(crate) const ALL: [Self; 11] = [
        Self::LogicalSwitch,
        Self::LogicalSwitchPort,
        Self::Acl,
        Self::Qos,
        Self::LogicalRouter,
        Self::LogicalRouterPort,
        Self::GatewayChassis,
        Self::StaticRoute,
        Self::Nat,
        Self::LoadBalancer,
        Self::AddressSet,
    ];

    /// Its name in the schema.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::LogicalSwitch => "Logical_Switch",
            Self::LogicalSwitchPort => "Logical_Switch_Port",
            Self::Acl => "ACL",
            Self::Qos => "QoS",
            Self::LogicalRouter => "Logical_Router",
            Self::LogicalRouterPort => "Logical_Router_Port",
            Self::GatewayChassis => "Gateway_Chassis",
            Self::StaticRoute => "Logical_Router_Static_Route",
            Self::Nat => "NAT",
            Self::LoadBalancer => "Load_Balancer",
            Self::AddressSet => "Address_Set",
        }
    }

    /// The table of a name.
    pub(crate) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.name() == name)
    }

    /// Whose rows hold its rows, in which column; none: they stand by themselves.
    pub(crate) fn holder(self) -> Option<(Self, &'static str)> {
        match self {
            Self::LogicalSwitch | Self::LogicalRouter | Self::AddressSet => None,
            Self::LogicalSwitchPort => Some((Self::LogicalSwitch, "ports")),
            Self::Acl => Some((Self::LogicalSwitch, "acls")),
            Self::Qos => Some((Self::LogicalSwitch, "qos_rules")),
            Self::LogicalRouterPort => Some((Self::LogicalRouter, "ports")),
            Self::GatewayChassis => Some((Self::LogicalRouterPort, "gateway_chassis")),
            Self::StaticRoute => Some((Self::LogicalRouter, "static_routes")),
            Self::Nat => Some((Self::LogicalRouter, "nat")),
            Self::LoadBalancer => Some((Self::LogicalRouter, "load_balancer")),
        }
    }

    /// Whether its rows are there without a holder, so that they have to be deleted by themselves. Others go with the
    /// last reference.
    pub(crate) fn is_root(self) -> bool {
        matches!(self, Self::LogicalSwitch | Self::LogicalRouter | Self::LoadBalancer | Self::AddressSet)
    }

    /// The tables whose rows its rows hold, and in which columns.
    pub(crate) fn holds(self) -> impl Iterator<Item = (Self, &'static str)> {
        let held = Self::ALL.into_iter().filter_map(|table| Some((table, table.holder()?)));
        held.filter_map(move |(table, (holder, column))| (holder == self).then_some((table, column)))
    }

    /// The columns that plans decide.
    fn decided(self) -> &'static [&'static str] {
        match self {
            Self::LogicalSwitch | Self::LogicalRouter => &["name"],
            Self::LogicalSwitchPort => &["name", "type", "addresses", "port_security", "options", "tag"],
            Self::Acl => &["priority", "direction", "match", "action"],
            Self::Qos => &["priority", "direction", "match", "bandwidth"],
            Self::LogicalRouterPort => &["name", "mac", "networks"],
            Self::GatewayChassis => &["name", "chassis_name", "priority"],
            Self::StaticRoute => &["ip_prefix", "nexthop"],
            Self::Nat => &["type", "external_ip", "logical_ip"],
            Self::LoadBalancer => &["name", "protocol", "vips"],
            Self::AddressSet => &["name", "addresses"],
        }
    }

    /// What to copy: what is shared, and what is this instance's own. The switches are copied all, since a user may
    /// name any.
    fn spec(self, instance: &InstanceId) -> TableSpec {
        let spec = TableSpec::new(self.name()).columns(self.decided().iter().copied()).columns(["external_ids"]);
        let spec = self.holds().fold(spec, |spec, (_, column)| spec.columns([column]).index(column));
        match self {
            Self::LogicalSwitch => spec.index("name"),
            Self::LogicalSwitchPort => self.ours(spec.columns(["up"]), instance).index("name"),
            _ => self.ours(spec, instance),
        }
    }

    fn ours(self, spec: TableSpec, instance: &InstanceId) -> TableSpec {
        let has = |key: &str, value: &str| Condition::includes("external_ids", Value::map([(key, value)]));
        spec.or_when(has(SHARED, "true")).or_when(has(Mark::INSTANCE, instance))
    }
}

/// The rows and columns that are needed of the northbound database.
pub(crate) fn monitor(instance: &InstanceId) -> MonitorSpec {
    Table::ALL.into_iter().fold(MonitorSpec::database(NORTHBOUND), |monitor, table| monitor.table(table.spec(instance)))
}
