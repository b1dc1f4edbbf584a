//! `Address_Set`: the address of a router in a physical network, which one VRF has.
//!
//! Each VRF has a switch and a router of its own there, so that nothing else in the database would keep two routers from
//! answering for one address, each with its own Ethernet address. So the address itself is a row, which follows from the
//! physical network and not from the VRF, and what hosts say of it is whose it is. No match of OVN's uses the set.

use std::net::IpAddr;

use plan::Label;

use super::{Router, RowSpec, Tenure};
use crate::ovn::identity::{self, short};
use crate::ovn::table::Table;

/// Its row.
pub(crate) fn outside_address(
    label: &Label,
    router: &Router,
    network: &str,
    vlan: Option<u16>,
    address: IpAddr,
) -> RowSpec {
    let (address, wire) = (address.to_string(), vlan.map(|vlan| vlan.to_string()).unwrap_or_default());
    let uuid = identity::uuid(&["outside-address", network, &wire, &address]);
    RowSpec {
        label: label.clone(),
        table: Table::AddressSet,
        uuid,
        what: format!("address {address} of physical network {network}"),
        // The name of a set is a word of OVN's language.
        columns: vec![("name", format!("docker_ovs_{}", uuid.simple()).into()), ("addresses", address.as_str().into())],
        holder: None,
        tenure: Tenure::Shared(Some(format!("VRF {}", short(&router.name)))),
    }
}
