//! What the copy of the northbound database says, at one moment.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ipnet::IpNet;
use ovsdb::{Row, Snapshot, Value};
use plan::InstanceId;
use uuid::Uuid;

use super::claim::{Claim, claims, mark};
use super::identity;
use super::row::Holder;
use super::table::Table;
use crate::{Error, Mark};

/// Which row.
pub(crate) type Id = (Table, Uuid);

/// A snapshot, read as OVN's northbound schema.
#[derive(Clone, Debug)]
pub(crate) struct View(pub(super) Snapshot);

impl View {
    /// A row that is shared, or our instance's; of the switches, any.
    pub(crate) fn row(&self, (table, uuid): Id) -> Option<&Arc<Row>> {
        self.0.row(table.name(), uuid)
    }

    /// All rows, with their tables.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (Table, &Arc<Row>)> {
        Table::ALL.into_iter().flat_map(|table| self.0.rows(table.name()).map(move |row| (table, row)))
    }

    /// The switch that a user's name means.
    pub(crate) fn named_switch(&self, name: &str) -> Result<Uuid, Error> {
        let table = self.0.table(Table::LogicalSwitch.name());
        match table.map(|table| table.find_all("name", name)).unwrap_or_default()[..] {
            [switch] => Ok(switch.uuid()),
            [] => Err(Error::NoSwitch { name: name.to_owned() }),
            ref several => Err(Error::SwitchesAlike { name: name.to_owned(), count: several.len() }),
        }
    }

    /// The row that is to hold another; none: it is not there.
    pub(crate) fn holder(&self, table: Table, holder: &Holder) -> Result<Option<Uuid>, Error> {
        match holder {
            Holder::Named(name) => self.named_switch(name).map(Some),
            Holder::Row(uuid) => Ok(self.row((table, *uuid)).map(|row| row.uuid())),
        }
    }

    /// Whether a row holds another.
    pub(crate) fn holds(&self, holder: Id, column: &str, held: Uuid) -> bool {
        self.held(holder, column).any(|uuid| uuid == held)
    }

    /// The rows that a column of a row holds.
    pub(crate) fn held(&self, holder: Id, column: &str) -> impl Iterator<Item = Uuid> {
        self.row(holder).and_then(|row| row.value(column)).into_iter().flat_map(Value::uuids)
    }

    /// The row that holds a row.
    pub(crate) fn holder_of(&self, (table, uuid): Id) -> Option<(Id, &'static str)> {
        let (holder, column) = table.holder()?;
        let row = self.0.find(holder.name(), column, uuid)?;
        Some(((holder, row.uuid()), column))
    }

    /// The rows that a network or endpoint has by itself, and those that a network claims.
    pub(crate) fn rows_of(&self, mark: &Mark) -> Vec<Id> {
        let claim = Claim::of(mark);
        let claimed = |row: &Row| mark.endpoint.is_none() && claims(row).iter().any(|(found, _)| *found == claim);
        let own = |row: &Row| self::mark(row).as_ref() == Some(mark);
        self.rows().filter(|(_, row)| own(row) || claimed(row)).map(|(table, row)| (table, row.uuid())).collect()
    }

    /// Whose the rows of an instance are.
    pub(crate) fn marks_of(&self, instance: &InstanceId) -> Vec<Mark> {
        let own = self.rows().filter_map(|(_, row)| mark(row));
        let claimed = self.rows().flat_map(|(_, row)| claims(row)).map(|(claim, _)| claim);
        let claimed = claimed.map(|Claim { instance, network }| Mark { instance, network, endpoint: None });
        let all = own.chain(claimed).filter(|mark| mark.instance == *instance);
        let mut seen = BTreeSet::new();
        all.filter(|mark| seen.insert(mark.to_string())).collect()
    }

    /// The subnets of networks that the routers of VRFs have ports in, by VRF: not those of their ways out.
    pub(crate) fn vrfs(&self) -> BTreeMap<String, Vec<IpNet>> {
        let (routers, ways_out) = (self.0.rows(Table::LogicalRouter.name()), self.ways_out());
        let subnets = |row: &Row| {
            let ports = row.value("ports").into_iter().flat_map(Value::uuids);
            let ports = ports.filter_map(|port| self.row((Table::LogicalRouterPort, port)));
            let ports = ports.filter(|port| port.get("name").is_ok_and(|name: &str| !ways_out.contains(name)));
            let networks = ports.flat_map(|port| port.get::<Vec<String>>("networks").unwrap_or_default());
            let mut subnets: Vec<IpNet> =
                networks.filter_map(|net| net.parse().ok()).map(|net: IpNet| net.trunc()).collect();
            subnets.sort_unstable();
            subnets
        };
        let vrf = |row: &Row| Some(identity::short(row.get("name").ok()?).to_owned());
        routers.filter_map(|row| Some((vrf(row)?, subnets(row)))).collect()
    }

    /// The names of router ports on switches where the VRF meets hosts or a physical network.
    fn ways_out(&self) -> BTreeSet<&str> {
        let ports = || self.0.rows(Table::LogicalSwitchPort.name());
        let switch =
            |port: &Row| self.holder_of((Table::LogicalSwitchPort, port.uuid())).map(|((_, switch), _)| switch);
        let is_end = |port: &Row| matches!(port.get("type"), Ok("localport" | "localnet"));
        let outside: BTreeSet<Uuid> = ports().filter(|port| is_end(port)).filter_map(|port| switch(port)).collect();
        let routers = ports().filter(|port| switch(port).is_some_and(|switch| outside.contains(&switch)));
        routers.filter_map(|port| port.entry("options", "router-port")).collect()
    }

    /// Whether OVN says that a logical port is bound: none: ovn-northd has not seen it.
    pub(crate) fn is_up(&self, port: &str) -> Option<bool> {
        self.0.find(Table::LogicalSwitchPort.name(), "name", port)?.get::<Option<bool>>("up").ok().flatten()
    }
}
