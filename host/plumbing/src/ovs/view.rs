//! What the copy of Open vSwitch's database says about bridges and ports, at one moment.

use std::sync::Arc;

use ovsdb::{MonitorSpec, Row, Snapshot, Table, TableSpec, Value};
use uuid::Uuid;

use super::rate::{PORT_KEY, QOS, QUEUE};
use super::{INTEGRATION_BRIDGE, VlanMode, Vlans};
use crate::Mark;

pub(crate) const DATABASE: &str = "Open_vSwitch";
pub(crate) const ROOT: &str = "Open_vSwitch";
pub(crate) const BRIDGE: &str = "Bridge";
pub(crate) const PORT: &str = "Port";
pub(crate) const INTERFACE: &str = "Interface";
const SSL: &str = "SSL";

/// The rows and columns that are needed, and no statistics: those change every few seconds.
pub(crate) fn monitor() -> MonitorSpec {
    let root =
        TableSpec::new(ROOT).columns(["bridges", "next_cfg", "cur_cfg", "ovs_version", "other_config", "external_ids"]);
    let bridge = TableSpec::new(BRIDGE)
        .columns(["name", "ports", "datapath_type", "datapath_id", "fail_mode", "controller", "external_ids"])
        .index("name")
        .index("ports");
    let port = TableSpec::new(PORT)
        .columns(["name", "interfaces", "tag", "trunks", "vlan_mode", "protected", "qos", "external_ids"])
        .index("name")
        .index("interfaces")
        .index_key("external_ids", Mark::INSTANCE);
    let interface = TableSpec::new(INTERFACE)
        .columns(["name", "type", "ofport", "error", "mac", "mtu_request", "options", "external_ids"])
        .index("name");
    let qos = TableSpec::new(QOS)
        .columns(["type", "other_config", "queues", "external_ids"])
        .index_key("external_ids", PORT_KEY);
    let queue = TableSpec::new(QUEUE).columns(["other_config", "external_ids"]);
    let ssl = TableSpec::new(SSL).columns(["private_key", "certificate", "ca_cert"]);
    MonitorSpec::database(DATABASE)
        .table(root)
        .table(bridge)
        .table(port)
        .table(interface)
        .table(qos)
        .table(queue)
        .table(ssl)
}

/// A snapshot, read as Open vSwitch's schema.
#[derive(Clone, Debug)]
pub(crate) struct View(pub(crate) Snapshot);

impl View {
    /// The one row that everything hangs on; none: nothing was copied yet.
    pub(crate) fn root(&self) -> Option<Root<'_>> {
        self.0.rows(ROOT).next().map(Root)
    }

    /// The bridge of a name.
    pub(crate) fn bridge(&self, name: &str) -> Option<Bridge<'_>> {
        self.0.find(BRIDGE, "name", name).map(Bridge)
    }

    /// All bridges.
    pub(crate) fn bridges(&self) -> impl Iterator<Item = Bridge<'_>> {
        self.0.rows(BRIDGE).map(Bridge)
    }

    /// The port of a name.
    pub(crate) fn port(&self, name: &str) -> Option<Port<'_>> {
        self.0.find(PORT, "name", name).map(Port)
    }

    /// A bridge's ports.
    pub(crate) fn ports<'a>(&'a self, bridge: Bridge<'a>) -> impl Iterator<Item = Port<'a>> {
        bridge
            .0
            .value("ports")
            .into_iter()
            .flat_map(|ports| ports.uuids())
            .filter_map(|uuid| self.0.row(PORT, uuid))
            .map(Port)
    }

    /// How many ports there are.
    pub(crate) fn port_count(&self) -> usize {
        self.0.table(PORT).map_or(0, Table::len)
    }

    /// All ports of an instance.
    pub(crate) fn ports_of(&self, instance: &str) -> Vec<Port<'_>> {
        let found = self.0.table(PORT).map(|table| table.find_key("external_ids", Mark::INSTANCE, instance));
        found.unwrap_or_default().into_iter().map(Port).collect()
    }

    /// The bridge that holds a port.
    pub(crate) fn bridge_of(&self, port: Port<'_>) -> Option<Bridge<'_>> {
        self.0.find(BRIDGE, "ports", port.0.uuid()).map(Bridge)
    }

    /// The interface of a name.
    pub(crate) fn interface(&self, name: &str) -> Option<Interface<'_>> {
        self.0.find(INTERFACE, "name", name).map(Interface)
    }

    /// All interfaces.
    pub(crate) fn all_interfaces(&self) -> impl Iterator<Item = Interface<'_>> {
        self.0.rows(INTERFACE).map(Interface)
    }

    /// The port that holds an interface: of another name, if it is a bond.
    pub(crate) fn port_of(&self, interface: Interface<'_>) -> Option<Port<'_>> {
        self.0.find(PORT, "interfaces", interface.0.uuid()).map(Port)
    }

    /// Whether an instance has rows for the rate of a port, there or not.
    pub(crate) fn has_rate(&self, port: &str, instance: &str) -> bool {
        let rows = self.0.table(QOS).map(|table| table.find_key("external_ids", PORT_KEY, port));
        rows.unwrap_or_default().iter().any(|row| row.entry("external_ids", Mark::INSTANCE) == Some(instance))
    }

    /// The interfaces of a port.
    pub(crate) fn interfaces<'a>(&'a self, port: Port<'a>) -> impl Iterator<Item = Interface<'a>> {
        let uuids = port.0.value("interfaces").into_iter().flat_map(|interfaces| interfaces.uuids());
        uuids.filter_map(|uuid| self.0.row(INTERFACE, uuid)).map(Interface)
    }
}

/// The row of `Open_vSwitch`.
#[derive(Clone, Copy)]
pub(crate) struct Root<'a>(&'a Arc<Row>);

impl<'a> Root<'a> {
    /// What an operator or OVN wrote about this host.
    pub(crate) fn id(self, key: &str) -> Option<&'a str> {
        self.0.entry("external_ids", key)
    }

    pub(crate) fn uuid(self) -> Uuid {
        self.0.uuid()
    }

    /// The configuration that was asked for last.
    pub(crate) fn next_cfg(self) -> i64 {
        self.0.get("next_cfg").unwrap_or_default()
    }

    /// The configuration that ovs-vswitchd has taken over.
    pub(crate) fn cur_cfg(self) -> i64 {
        self.0.get("cur_cfg").unwrap_or_default()
    }

    /// The bridge that ovn-controller connects logical ports on.
    pub(crate) fn integration_bridge(self) -> &'a str {
        self.id("ovn-bridge").unwrap_or(INTEGRATION_BRIDGE)
    }

    /// This host's end of OVN's tunnels: where there are several, ovn-controller takes the first by default.
    pub(crate) fn tunnel_address(self) -> Option<&'a str> {
        self.id("ovn-encap-ip")?.split(',').next().map(str::trim).filter(|address| !address.is_empty())
    }

    /// Open vSwitch's version.
    pub(crate) fn version(self) -> Option<String> {
        self.0.get::<Option<String>>("ovs_version").ok().flatten()
    }

    /// Whether the userspace datapath takes segmented frames and unfinished checksums from links.
    pub(crate) fn userspace_tso(self) -> bool {
        self.0.entry("other_config", "userspace-tso-enable") == Some("true")
    }
}

/// A row of `Bridge`.
#[derive(Clone, Copy)]
pub(crate) struct Bridge<'a>(&'a Arc<Row>);

impl<'a> Bridge<'a> {
    pub(crate) fn uuid(self) -> Uuid {
        self.0.uuid()
    }

    pub(crate) fn name(self) -> &'a str {
        self.0.get("name").unwrap_or_default()
    }

    pub(crate) fn mark(self) -> Option<Mark> {
        Mark::from_ids(|key| self.0.entry("external_ids", key))
    }

    /// Its ports' rows.
    pub(crate) fn ports(self) -> Value {
        self.0.value("ports").cloned().unwrap_or(Value::empty())
    }

    /// Whether ovs-vswitchd switches its frames. An empty type is the kernel's datapath.
    pub(crate) fn is_netdev(self) -> bool {
        self.0.get("datapath_type") == Ok("netdev")
    }

    /// Whether ovs-vswitchd made its datapath. Not kept over a restart of ovsdb-server.
    pub(crate) fn is_made(self) -> bool {
        self.0.value("datapath_id").is_some_and(|id| !id.is_empty())
    }

    pub(crate) fn fail_mode(self) -> Option<&'a str> {
        self.0.get("fail_mode").ok().flatten()
    }

    pub(crate) fn has_controller(self) -> bool {
        self.0.value("controller").is_some_and(|controllers| !controllers.is_empty())
    }
}

/// A row of `Port`.
#[derive(Clone, Copy)]
pub(crate) struct Port<'a>(&'a Arc<Row>);

impl<'a> Port<'a> {
    pub(crate) fn uuid(self) -> Uuid {
        self.0.uuid()
    }

    pub(crate) fn name(self) -> &'a str {
        self.0.get("name").unwrap_or_default()
    }

    pub(crate) fn mark(self) -> Option<Mark> {
        Mark::from_ids(|key| self.0.entry("external_ids", key))
    }

    /// Its VLANs, as Open vSwitch takes them.
    pub(crate) fn vlans(self) -> Vlans {
        let tag = self.0.get::<Option<u16>>("tag").ok().flatten();
        let mode = self.0.get::<Option<&str>>("vlan_mode").ok().flatten();
        let trunks = self.0.get::<Vec<u16>>("trunks").unwrap_or_default();
        Vlans { tag, trunks, mode: VlanMode::read(mode, tag.is_some()) }
    }

    /// What slows it down.
    pub(crate) fn qos(self) -> Option<Uuid> {
        self.0.get("qos").ok().flatten()
    }

    pub(crate) fn is_protected(self) -> bool {
        self.0.get("protected") == Ok(true)
    }
}

/// A row of `Interface`.
#[derive(Clone, Copy)]
pub(crate) struct Interface<'a>(&'a Arc<Row>);

impl<'a> Interface<'a> {
    pub(crate) fn uuid(self) -> Uuid {
        self.0.uuid()
    }

    pub(crate) fn name(self) -> &'a str {
        self.0.get("name").unwrap_or_default()
    }

    pub(crate) fn kind(self) -> &'a str {
        self.0.get("type").unwrap_or_default()
    }

    /// Its number on the bridge: -1 where it could not be opened, none where ovs-vswitchd did not come so far. Kept over
    /// crashes, so it says nothing unless `cur_cfg` vouches for it.
    pub(crate) fn ofport(self) -> Option<i64> {
        self.0.get::<Option<i64>>("ofport").ok().flatten()
    }

    /// What ovs-vswitchd ran into. Kept as `ofport` is.
    pub(crate) fn error(self) -> Option<&'a str> {
        self.0.get::<Option<&str>>("error").ok().flatten().filter(|error| !error.is_empty())
    }

    /// What binds it to a logical port, and what ovn-controller wrote beside that.
    pub(crate) fn id(self, key: &str) -> Option<&'a str> {
        self.0.entry("external_ids", key)
    }

    /// Whether ovn-controller has connected it. Kept over crashes: it counts in a row that was inserted to be connected.
    pub(crate) fn is_installed(self) -> bool {
        self.id("ovn-installed") == Some("true")
    }

    /// What its kind has to know: the other end of a patch, the other host of a tunnel.
    pub(crate) fn option(self, key: &str) -> Option<&'a str> {
        self.0.entry("options", key)
    }

    pub(crate) fn mac(self) -> Option<&'a str> {
        self.0.get::<Option<&str>>("mac").ok().flatten()
    }

    pub(crate) fn mtu_request(self) -> Option<u16> {
        self.0.get::<Option<u16>>("mtu_request").ok().flatten()
    }
}
