//! Rows of the northbound database as plans want them, one file per kind.

mod acl;
mod gateway_chassis;
mod load_balancer;
mod localnet;
mod logical_nat;
mod logical_port;
mod logical_router;
mod logical_switch;
mod outside_address;
mod rate;
mod router_port;
mod static_route;

pub(crate) use acl::{Packets, acl, no_redirects};
pub(crate) use load_balancer::load_balancer;
pub(crate) use localnet::localnet;
pub(crate) use logical_nat::logical_nat;
pub(crate) use logical_port::{HostPortSpec, LogicalPortSpec, endpoint_name, endpoint_port, host_port};
pub(crate) use logical_router::{Router, logical_router};
pub(crate) use logical_switch::{Switch, logical_switch};
pub(crate) use outside_address::outside_address;
pub(crate) use rate::rates;
pub(crate) use router_port::router_port;
pub(crate) use static_route::static_route;

use ovsdb::Value;
use plan::Label;
use uuid::Uuid;

use super::table::Table;

/// A row that is to exist.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RowSpec {
    /// The step it is for.
    pub(crate) label: Label,
    /// Its table.
    pub(crate) table: Table,
    /// Which row it is.
    pub(crate) uuid: Uuid,
    /// What it is, for people: `logical switch docker-ovs-default-10.1.0.0/16`.
    pub(crate) what: String,
    /// The columns that a plan decides. Of a map's column the entries; it may have more.
    pub(crate) columns: Vec<(&'static str, Value)>,
    /// The row that holds it.
    pub(crate) holder: Option<Holder>,
    /// Whose it is.
    pub(crate) tenure: Tenure,
}

/// A row that holds another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Holder {
    /// One of ours.
    Row(Uuid),
    /// A switch that a user named.
    Named(String),
}

/// Whose a row is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tenure {
    /// Everybody's who says the same. What may be said differently, and is then a conflict, stands beside.
    Shared(Option<String>),
    /// The plan's alone.
    Own,
    /// A user's, who gave this name: it is only looked for.
    Named(String),
}

impl RowSpec {
    /// Whether all instances have to see it: what they share, and what only the first to come gets.
    pub(super) fn is_seen_by_all(&self) -> bool {
        matches!(self.tenure, Tenure::Shared(_)) || self.table == Table::LoadBalancer
    }
}
