//! Who has what in the northbound database, and what is done with what those left who are gone.
//!
//! Nobody but an operator knows that a host is gone for good. What its drivers claimed is let go as they would have, what
//! they had alone is removed: the ports of containers that are no more, and what came and went with those.

use std::collections::{BTreeMap, BTreeSet};

use ovsdb::{Condition, Delete, Mutate, NORTHBOUND, OpResult, Operation, Row, Select, Transaction, Value, Wait};
use plan::{InstanceId, NetworkId};
use tokio::time::Instant;
use uuid::Uuid;

use super::claim::{HOST, claims, mark};
use super::session::{Outcome, Session};
use super::table::Table;
use crate::{Error, Holding, Mark};

/// The tables with rows that one endpoint alone may have, all that another row holds: the copy has those of our own instance
/// only, but for what all are to see.
fn alone() -> impl Iterator<Item = Table> {
    Table::ALL.into_iter().filter(|table| table.holder().is_some())
}

/// That a row is an instance's alone. What hosts share is claimed, and has no such entry, and what strangers make neither.
fn is_of(instance: &InstanceId) -> Condition {
    Condition::includes("external_ids", Value::map([(Mark::INSTANCE, instance.as_str())]))
}

impl Session {
    /// What the drivers of all hosts have, in the order of their instances.
    pub(super) async fn holdings(&self, own: &InstanceId, deadline: Instant) -> Result<Vec<Holding>, Error> {
        // The one half is read from the copy here, the other from the server: of one moment, as far as can be.
        self.catch_up(deadline).await?;
        let mut found: BTreeMap<InstanceId, Holding> = BTreeMap::new();
        let new = |instance: &InstanceId, host: &str| Holding {
            instance: instance.clone(),
            host: host.to_owned(),
            own: instance == own,
            networks: BTreeSet::new(),
            rows: 0,
            ports: 0,
        };
        for (_, row) in self.view(deadline).await?.rows() {
            for (claim, host) in claims(row) {
                let holding = found.entry(claim.instance.clone()).or_insert_with(|| new(&claim.instance, &host));
                holding.networks.insert(claim.network);
                holding.rows += 1;
            }
        }
        let every = |table: Table| Select::every_row(table.name());
        for (table, row) in self.read_alone(every, deadline).await? {
            let Some(mark) = mark(&row) else { continue };
            let host = row.entry("external_ids", HOST).unwrap_or_default();
            let holding = found.entry(mark.instance.clone()).or_insert_with(|| new(&mark.instance, host));
            holding.networks.insert(mark.network);
            match table {
                Table::LogicalSwitchPort => holding.ports += 1,
                _ => holding.rows += 1,
            }
        }
        Ok(found.into_values().collect())
    }

    /// Lets go of all that a driver has, by its instance; never of our own. Says what it had.
    pub(super) async fn reclaim(
        &self,
        instance: &str,
        own: &InstanceId,
        deadline: Instant,
    ) -> Result<Vec<Holding>, Error> {
        let is_meant = |holding: &Holding| !holding.own && holding.instance.as_str() == instance;
        let holdings: Vec<Holding> = self.holdings(own, deadline).await?.into_iter().filter(is_meant).collect();
        let mut failed = Vec::new();
        for holding in &holdings {
            self.remove_alone(&holding.instance, deadline).await?;
            for network in &holding.networks {
                failed.extend(self.let_go(&holding.instance, network, deadline).await.err());
            }
        }
        Error::all(failed).map(|()| holdings)
    }

    async fn let_go(&self, instance: &InstanceId, network: &NetworkId, deadline: Instant) -> Result<(), Error> {
        let mark = Mark { instance: instance.clone(), network: network.clone(), endpoint: None };
        let rows = self.view(deadline).await?.rows_of(&mark);
        self.remove(&rows, &mark, deadline).await
    }

    /// Removes the rows that endpoints of an instance have alone, and are its own still when they go.
    async fn remove_alone(&self, instance: &InstanceId, deadline: Instant) -> Result<(), Error> {
        let what = format!("remove what {instance} has");
        let mut attempts = self.attempts(&what, deadline);
        loop {
            attempts.view().await?;
            let its = |table: Table| Select::matching(table.name(), is_of(instance));
            let found = self.read_alone(its, deadline).await?;
            if found.is_empty() {
                return Ok(());
            }
            let removals = found.iter().flat_map(|(table, row)| removal(*table, row.uuid(), instance));
            let comment = Operation::Comment(format!("docker-ovs: reclaim {instance}"));
            if matches!(attempts.transact(removals.chain([comment]).collect()).await?, Outcome::Done) {
                return Ok(());
            }
        }
    }

    /// Reads rows of the tables with what endpoints have alone, all at one moment: whose they are.
    async fn read_alone(
        &self,
        select: impl Fn(Table) -> Select,
        deadline: Instant,
    ) -> Result<Vec<(Table, Row)>, Error> {
        let selects = alone().map(|table| select(table).columns(["external_ids"]));
        let read = self.read_all(selects, deadline).await?;
        let mut rows = Vec::new();
        for (table, result) in alone().zip(read) {
            rows.extend(result.rows().iter().map(|row| (table, row.clone())));
        }
        Ok(rows)
    }

    pub(super) async fn read(&self, select: Select, deadline: Instant) -> Result<Vec<OpResult>, Error> {
        self.read_all([select], deadline).await
    }

    async fn read_all(
        &self,
        selects: impl IntoIterator<Item = Select>,
        deadline: Instant,
    ) -> Result<Vec<OpResult>, Error> {
        let transaction = selects.into_iter().fold(Transaction::new(NORTHBOUND), Transaction::select);
        let read = self.client().transact(transaction, deadline).await;
        read.map_err(|error| match error.rejection() {
            Some(_) => Error::NorthboundRefused { what: "say what there is".to_owned(), said: error.to_string() },
            None => self.away(),
        })
    }
}

/// Removes a row that an instance has alone; nothing is done if it is not its own any more.
fn removal(table: Table, row: Uuid, instance: &InstanceId) -> Vec<Operation> {
    let mut operations = vec![Wait::some_row(table.name(), Condition::row(row)).and(is_of(instance)).into()];
    operations.extend(table.holder().map(|(holder, column)| {
        Mutate::matching(holder.name(), Condition::includes(column, row)).delete(column, row).into()
    }));
    if table.is_root() {
        operations.push(Delete::row(table.name(), row).into());
    }
    operations
}
