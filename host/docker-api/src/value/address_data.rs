//! What Docker's address management decided for a network.

use std::collections::BTreeMap;

use ipnet::IpNet;
use serde::Deserialize;

use crate::malformed::Malformed;
use crate::value::net;

/// One subnet of a network, as its address management has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddressData {
    /// The address space: `LocalDefault`, or `null` when the network has no address management.
    pub address_space: String,
    /// The subnet. `0.0.0.0/0` comes from the null driver and is no subnet.
    pub pool: Option<IpNet>,
    /// The gateway's address with the subnet's prefix length; absent when the driver asked Docker to skip it.
    pub gateway: Option<IpNet>,
    /// `--aux-address`: addresses that Docker keeps free, by name.
    pub auxiliary: BTreeMap<String, IpNet>,
}

/// The form in the request.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Wire {
    address_space: Option<String>,
    pool: Option<String>,
    gateway: Option<String>,
    aux_addresses: Option<BTreeMap<String, Option<String>>>,
}

impl AddressData {
    /// Reads `IPv4Data` or `IPv6Data`, which may be absent, null or empty.
    pub(crate) fn parse_list(list: Option<Vec<Wire>>) -> Result<Vec<Self>, Malformed> {
        list.unwrap_or_default().into_iter().map(Self::parse).collect()
    }

    fn parse(wire: Wire) -> Result<Self, Malformed> {
        let mut auxiliary = BTreeMap::new();
        for (name, text) in wire.aux_addresses.unwrap_or_default() {
            if let Some(address) = net::parse(&format!("AuxAddresses: {name}"), text.as_deref())? {
                auxiliary.insert(name, address);
            }
        }
        Ok(Self {
            address_space: wire.address_space.unwrap_or_default(),
            pool: net::parse("Pool", wire.pool.as_deref())?,
            gateway: net::parse("Gateway", wire.gateway.as_deref())?,
            auxiliary,
        })
    }
}
