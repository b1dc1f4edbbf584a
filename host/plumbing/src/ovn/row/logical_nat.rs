//! `NAT` of type `snat`: what leaves a router from a subnet carries another address.

use std::net::IpAddr;

use ipnet::IpNet;
use plan::Label;

use super::{Holder, Router, RowSpec, Tenure};
use crate::ovn::identity;
use crate::ovn::table::Table;

/// Its rows, one for each subnet of the external address' family.
pub(crate) fn logical_nat(label: &Label, router: &Router, external: IpAddr, sources: &[IpNet]) -> Vec<RowSpec> {
    let same_family = sources.iter().filter(|source| source.addr().is_ipv4() == external.is_ipv4());
    same_family.map(|source| row(label, router, &external.to_string(), &source.trunc().to_string())).collect()
}

fn row(label: &Label, router: &Router, external: &str, source: &str) -> RowSpec {
    RowSpec {
        label: label.clone(),
        table: Table::Nat,
        uuid: identity::uuid(&["snat", &router.uuid.to_string(), source]),
        what: format!("translation of {source} to {external} by {}", router.name),
        columns: vec![("type", "snat".into()), ("external_ip", external.into()), ("logical_ip", source.into())],
        holder: Some(Holder::Row(router.uuid)),
        tenure: Tenure::Shared(Some(external.to_owned())),
    }
}
