//! `Logical_Router_Static_Route`.

use std::net::IpAddr;

use ipnet::IpNet;
use plan::Label;

use super::{Holder, Router, RowSpec, Tenure};
use crate::ovn::identity;
use crate::ovn::table::Table;

/// Its row.
pub(crate) fn static_route(label: &Label, router: &Router, destination: IpNet, next_hop: IpAddr) -> RowSpec {
    let (destination, next_hop) = (destination.trunc().to_string(), next_hop.to_string());
    RowSpec {
        label: label.clone(),
        table: Table::StaticRoute,
        uuid: identity::uuid(&["static-route", &router.uuid.to_string(), &destination]),
        what: format!("route {destination} through {next_hop} of {}", router.name),
        columns: vec![("ip_prefix", destination.into()), ("nexthop", next_hop.as_str().into())],
        holder: Some(Holder::Row(router.uuid)),
        // With two, packets would go now here, now there.
        tenure: Tenure::Shared(Some(next_hop)),
    }
}
