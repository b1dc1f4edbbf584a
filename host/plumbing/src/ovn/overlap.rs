//! That a router has one way to a subnet.
//!
//! A port is made for a switch of its own. Of two ports in the same subnet, or in one that is part of the other's, a router
//! takes either, and half of what it routes goes to a switch where nobody is. Networks of one VRF come to different
//! switches when one of them has a subnet more than the other.

use ipnet::IpNet;
use ovsdb::{Row, Value};

use super::claim::{Claim, claims};
use super::difference::holders;
use super::row::RowSpec;
use super::table::Table;
use super::view::{Id, View};
use crate::Error;

/// The column of a router's port with its addresses.
const NETWORKS: &str = "networks";

/// Checks that no other network has a port of a router where a new one is to be.
pub(super) fn check(spec: &RowSpec, router: Id, own: &Claim, view: &View) -> Result<(), Error> {
    let networks = spec.columns.iter().find(|(column, _)| *column == NETWORKS);
    let wanted = subnets(networks.map(|(_, value)| value));
    let others = view.held(router, "ports").filter(|port| *port != spec.uuid);
    for port in others.filter_map(|port| view.row((Table::LogicalRouterPort, port))) {
        let claims = claims(port);
        let is_own = !claims.is_empty() && claims.iter().all(|(claim, _)| claim == own);
        let there = if is_own { Vec::new() } else { subnets(port.value(NETWORKS)) };
        let mut pairs = wanted.iter().flat_map(|subnet| there.iter().map(move |other| (subnet, other)));
        if let Some((subnet, other)) = pairs.find(|(one, other)| one.contains(*other) || other.contains(*one)) {
            let holder = if claims.is_empty() { "somebody else".to_owned() } else { holders(&claims) };
            return Err(Error::SubnetTaken {
                what: spec.what.clone(),
                subnet: *subnet,
                there: name(port),
                other: *other,
                holder,
            });
        }
    }
    Ok(())
}

/// The subnets that the addresses of a router's port are in.
fn subnets(networks: Option<&Value>) -> Vec<IpNet> {
    let texts = networks.and_then(Value::as_set).into_iter().flat_map(|set| set.iter()).filter_map(|it| it.as_str());
    texts.filter_map(|text| text.parse().ok()).map(|net: IpNet| net.trunc()).collect()
}

fn name(port: &Row) -> String {
    port.get("name").unwrap_or_else(|_| port.uuid().to_string())
}
