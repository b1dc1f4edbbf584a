//! The one transaction that brings Open vSwitch from what it has to what a plan wants.
//!
//! Rows that are missing are inserted, columns of ours that differ are put right, and what is not ours is used or
//! refused, never changed. References are added to `Bridge.ports` and `Open_vSwitch.bridges`, never written whole: that
//! would undo what others add at the same time, and grows with the number of ports. Every row that is built on is
//! guarded: if it went since the copy was looked at, nothing is done and the change is made again.

use ovsdb::{Atom, Condition, Insert, Mutate, OpResult, Operation, Select, Update, Value, Wait};
use plan::{Datapath, InterfaceName};
use uuid::Uuid;

use super::difference::{BridgeState, PortRows, PortState, unwanted};
use super::view::{BRIDGE, INTERFACE, PORT, ROOT, View};
use super::{Binding, BridgeSpec, PortSpec, Purpose, Role, Wanted, rate};
use crate::{Error, Mark};

/// A transaction, and what it makes.
#[derive(Default)]
pub(crate) struct Change {
    /// What to send.
    pub(crate) operations: Vec<Operation>,
    /// The bridges it inserts.
    pub(crate) bridges: Vec<InterfaceName>,
    /// The ports it inserts.
    pub(crate) ports: Vec<InterfaceName>,
    /// The ports that it takes out for good.
    pub(crate) leave: Vec<String>,
    /// Whether there is more to do once ovs-vswitchd has taken this over.
    pub(crate) first_half: bool,
}

impl Change {
    /// From what there is to what is wanted.
    pub(crate) fn toward(wanted: &Wanted, view: &View) -> Result<Self, Error> {
        let mut change = Self::default();
        let root = view.root().map(|root| root.uuid()).unwrap_or_default();
        change.guard(ROOT, root);
        for bridge in &wanted.bridges {
            match BridgeState::of(bridge, wanted, view)? {
                BridgeState::Missing => change.insert_bridge(root, bridge, wanted),
                BridgeState::Different(row, _) => {
                    change.correct_bridge(row, bridge, wanted);
                    change.take_out_unwanted(bridge, wanted, view);
                }
                BridgeState::Fine => {}
            }
        }
        for port in &wanted.ports {
            match PortState::of(port, wanted, view)? {
                PortState::Missing => change.insert_port(port, wanted, view)?,
                PortState::Different(rows, _) => change.correct_port(port, &rows, &wanted.mark),
                PortState::Elsewhere { bridge, port } => change.take_out(bridge, port),
                PortState::Fine => {}
            }
        }
        change.push(Mutate::row(ROOT, root).add("next_cfg", 1));
        change.push(Operation::Comment(format!("docker-ovs: {}", wanted.mark)));
        change.push(Select::row(ROOT, root).columns(["next_cfg"]));
        Ok(change)
    }

    fn push(&mut self, operation: impl Into<Operation>) {
        self.operations.push(operation.into());
    }

    fn guard(&mut self, table: &str, row: Uuid) {
        self.push(Wait::row_exists(table, row));
    }

    fn insert_bridge(&mut self, root: Uuid, bridge: &BridgeSpec, wanted: &Wanted) {
        let (name, row) = (bridge.name.as_str(), reference("bridge", &bridge.name));
        let (port, interface) = (reference("port", &bridge.name), reference("interface", &bridge.name));
        let mark =
            if bridge.purpose == Purpose::Guard { Mark::of_guard(&wanted.mark.instance) } else { wanted.mark.clone() };
        self.push(Wait::no_row(BRIDGE, Condition::equal("name", name)));
        self.push(Insert::into(INTERFACE).uuid_name(&interface).set("name", name).set("type", "internal"));
        self.push(Insert::into(PORT).uuid_name(&port).set("name", name).set("interfaces", Atom::named(&interface)));
        let insert = Insert::into(BRIDGE)
            .uuid_name(&row)
            .set("name", name)
            .set("ports", Atom::named(&port))
            .set("datapath_type", wanted.datapath_type(bridge.datapath))
            .set("fail_mode", bridge.fail_mode())
            .set("external_ids", Value::map(mark.ids(&bridge.label)));
        self.push(insert);
        self.push(Mutate::row(ROOT, root).insert("bridges", Atom::named(&row)));
        self.bridges.push(bridge.name.clone());
    }

    fn correct_bridge(&mut self, row: Uuid, bridge: &BridgeSpec, wanted: &Wanted) {
        self.guard(BRIDGE, row);
        let mut update = Update::row(BRIDGE, row).set("fail_mode", bridge.fail_mode());
        if bridge.datapath != Datapath::Auto {
            update = update.set("datapath_type", wanted.datapath_type(bridge.datapath));
        }
        self.push(update);
    }

    fn insert_port(&mut self, port: &PortSpec, wanted: &Wanted, view: &View) -> Result<(), Error> {
        let (name, row) = (port.name.as_str(), reference("port", &port.name));
        let interface = reference("interface", &port.name);
        let ids = Value::map(binding_ids(port));
        let insert = Insert::into(INTERFACE).uuid_name(&interface).set("name", name).set("external_ids", ids);
        self.push(
            interface_columns(port).into_iter().fold(insert, |insert, (column, value)| insert.set(column, value)),
        );
        let insert = Insert::into(PORT).uuid_name(&row).set("name", name).set("interfaces", Atom::named(&interface));
        let mut insert =
            port_columns(port).into_iter().fold(insert, |insert, (column, value)| insert.set(column, value));
        if let Some(qos) = self.set_rate(port, &wanted.mark) {
            insert = insert.set("qos", qos);
        }
        if wanted.mark.endpoint.is_some() {
            // A container does not outlive the host's boot: what `ovs-ctl --delete-transient-ports` is for.
            insert = insert.set("other_config", Value::map([("transient", "true")]));
        }
        self.push(insert.set("external_ids", Value::map(wanted.mark.ids(&port.label))));
        let bridge = self.bridge_of(port, view)?;
        self.push(bridge.insert("ports", Atom::named(&row)));
        self.ports.push(port.name.clone());
        Ok(())
    }

    /// The row of a port's bridge: one that this transaction inserts, or one that is there.
    fn bridge_of(&mut self, port: &PortSpec, view: &View) -> Result<Mutate, Error> {
        if self.bridges.contains(&port.bridge) {
            let row = Atom::named(reference("bridge", &port.bridge));
            return Ok(Mutate::matching(BRIDGE, Condition::equal("_uuid", row)));
        }
        let absent = || Error::Absent { what: "bridge", name: port.bridge.to_string() };
        let row = view.bridge(&port.bridge).ok_or_else(absent)?.uuid();
        self.guard(BRIDGE, row);
        Ok(Mutate::row(BRIDGE, row))
    }

    /// The rows for a port's rate in the place of those that it may have, and what its column refers to; none: it has no
    /// rate.
    fn set_rate(&mut self, port: &PortSpec, mark: &Mark) -> Option<Value> {
        let rate = port.rate()?;
        self.operations.extend(rate::delete(&port.name, &mark.instance));
        let (rows, qos) = rate::insert(port, rate, mark);
        self.operations.extend(rows);
        Some(qos)
    }

    fn correct_port(&mut self, port: &PortSpec, rows: &PortRows, mark: &Mark) {
        self.guard(PORT, rows.port);
        let mut update = Update::row(PORT, rows.port);
        if rows.other_rate {
            let qos = self.set_rate(port, mark);
            if qos.is_none() {
                self.operations.extend(rate::delete(&port.name, &mark.instance));
            }
            update = update.set("qos", qos.unwrap_or(Value::empty()));
        }
        self.push(port_columns(port).into_iter().fold(update, |update, (column, value)| update.set(column, value)));
        self.guard(INTERFACE, rows.interface);
        let update = Update::row(INTERFACE, rows.interface);
        self.push(
            interface_columns(port).into_iter().fold(update, |update, (column, value)| update.set(column, value)),
        );
        self.correct_binding(port, rows.interface);
    }

    /// Others write there, too: ovn-controller that it has connected the port.
    fn correct_binding(&mut self, port: &PortSpec, row: Uuid) {
        for (key, value) in binding_ids(port) {
            self.push(Mutate::row(INTERFACE, row).put("external_ids", key, &value));
        }
    }

    /// Tunnels to hosts that are no peers any more.
    fn take_out_unwanted(&mut self, spec: &BridgeSpec, wanted: &Wanted, view: &View) {
        let Some(bridge) = view.bridge(&spec.name) else { return };
        for port in unwanted(spec, wanted, bridge, view) {
            self.push(Mutate::row(BRIDGE, bridge.uuid()).delete("ports", port.uuid()));
            self.leave.push(port.name().to_owned());
        }
    }

    /// ovs-vswitchd must have let go of a port before it can be added to another bridge.
    fn take_out(&mut self, bridge: Uuid, port: Uuid) {
        self.push(Mutate::row(BRIDGE, bridge).delete("ports", port));
        self.first_half = true;
    }
}

/// The configuration number that ovs-vswitchd has to reach, from the reply to a change.
pub(crate) fn next_cfg(results: &[OpResult]) -> Option<i64> {
    results.last()?.rows().first()?.get("next_cfg").ok()
}

/// The columns of `Port` that a plan decides.
fn port_columns(port: &PortSpec) -> Vec<(&'static str, Value)> {
    vec![
        ("tag", port.vlans.tag.into()),
        ("trunks", port.vlans.trunks.clone().into()),
        ("vlan_mode", port.vlans.mode.word().into()),
        ("protected", port.protected().into()),
    ]
}

/// The columns of `Interface` that a plan decides.
fn interface_columns(port: &PortSpec) -> Vec<(&'static str, Value)> {
    let mut columns = vec![("type", port.interface_type().into())];
    if let Role::Host { mac, mtu } = &port.role {
        columns.extend([("mac", mac.to_string().into()), ("mtu_request", (*mtu).into())]);
    }
    let options = port.role.options();
    if !options.is_empty() {
        columns.push(("options", Value::map(options)));
    }
    columns
}

/// What binds a port's interface to a logical port.
fn binding_ids(port: &PortSpec) -> Vec<(&'static str, String)> {
    port.binding.as_ref().map(Binding::ids).unwrap_or_default()
}

/// A name for references within the transaction: links' names may have characters that those may not.
pub(super) fn reference(kind: &str, name: &InterfaceName) -> String {
    name.bytes().fold(format!("{kind}_"), |text, byte| text + &format!("{byte:02x}"))
}
