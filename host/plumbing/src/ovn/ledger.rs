//! Who has what in the northbound database, and what is done with what those left who are gone.
//!
//! Nobody but an operator knows that a host is gone for good. What its drivers claimed is let go as they would have, what
//! they had alone is removed: the ports of containers that are no more.

use std::collections::{BTreeMap, BTreeSet};

use ovsdb::{Condition, Delete, Mutate, NORTHBOUND, OpResult, Operation, Select, Transaction, Value};
use plan::{InstanceId, NetworkId};
use tokio::time::Instant;
use uuid::Uuid;

use super::claim::{HOST, claims, mark};
use super::session::{Outcome, Session};
use super::table::Table;
use crate::{Error, Holding, Mark};

/// The tables with rows that one endpoint alone has, which the copy has of our own instance only.
const ALONE: [Table; 2] = [Table::LogicalSwitchPort, Table::Qos];

impl Session {
    /// What the drivers of all hosts have, in the order of their instances.
    pub(super) async fn holdings(&self, own: &InstanceId, deadline: Instant) -> Result<Vec<Holding>, Error> {
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
        let ports = Select::every_row(Table::LogicalSwitchPort.name()).columns(["external_ids"]);
        for row in self.read(ports, deadline).await?.iter().flat_map(OpResult::rows) {
            let Some(mark) = mark(row) else { continue };
            let host = row.entry("external_ids", HOST).unwrap_or_default();
            let holding = found.entry(mark.instance.clone()).or_insert_with(|| new(&mark.instance, host));
            holding.networks.insert(mark.network);
            holding.ports += 1;
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
        for holding in &holdings {
            self.remove_alone(&holding.instance, deadline).await?;
            for network in &holding.networks {
                self.let_go(&holding.instance, network, deadline).await?;
            }
        }
        Ok(holdings)
    }

    async fn let_go(&self, instance: &InstanceId, network: &NetworkId, deadline: Instant) -> Result<(), Error> {
        let mark = Mark { instance: instance.clone(), network: network.clone(), endpoint: None };
        let rows = self.view(deadline).await?.rows_of(&mark);
        self.remove(&rows, &mark, deadline).await
    }

    /// Removes the rows that endpoints of an instance have alone.
    async fn remove_alone(&self, instance: &InstanceId, deadline: Instant) -> Result<(), Error> {
        let its = || Condition::includes("external_ids", Value::map([(Mark::INSTANCE, instance.as_str())]));
        let mut operations: Vec<Operation> = vec![Delete::matching(Table::LoadBalancer.name(), its()).into()];
        for table in ALONE {
            let select = Select::matching(table.name(), its()).columns(["_uuid"]);
            let found = self.read(select, deadline).await?;
            let rows: Vec<Uuid> = found.iter().flat_map(OpResult::rows).map(ovsdb::Row::uuid).collect();
            let Some((holder, column)) = table.holder().filter(|_| !rows.is_empty()) else { continue };
            operations.extend(rows.into_iter().map(|row| {
                Mutate::matching(holder.name(), Condition::includes(column, row)).delete(column, row).into()
            }));
        }
        operations.push(Operation::Comment(format!("docker-ovs: reclaim {instance}")));
        match self.transact(&format!("remove what {instance} has"), operations, deadline).await? {
            Outcome::Done => Ok(()),
            Outcome::Outdated(said) => {
                Err(Error::NorthboundRefused { what: format!("remove what {instance} has"), said })
            }
            Outcome::Unknown => Err(self.away()),
        }
    }

    pub(super) async fn read(&self, select: Select, deadline: Instant) -> Result<Vec<OpResult>, Error> {
        let read = self.client().transact(Transaction::new(NORTHBOUND).select(select), deadline).await;
        read.map_err(|error| match error.rejection() {
            Some(_) => Error::NorthboundRefused { what: "say what there is".to_owned(), said: error.to_string() },
            None => self.away(),
        })
    }
}
