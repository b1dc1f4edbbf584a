//! A container's place in a network: with addresses of both families, of one, or with none.

use std::net::IpAddr;

use ipnet::IpNet;
use plan::{Attribute, Endpoint, EndpointId, MacAddress, Network, Subnet, Value};
use proptest::prelude::*;
use proptest::sample::Index;

use super::pools::{is_station, nth};

/// How far is looked for an address that is free.
const TRIES: u32 = 16;

/// An endpoint as it is drawn, before the network is known.
#[derive(Clone, Debug)]
pub(super) struct Station {
    mac: MacAddress,
    /// For each family: in which of its pools, and how far in.
    addresses: [Option<(Index, u32)>; 2],
}

/// Endpoints of any network.
pub(super) fn station() -> impl Strategy<Value = Station> {
    let mac = prop_oneof![
        4 => any::<[u8; 4]>().prop_map(|[a, b, c, d]| MacAddress([0x02, 0x42, a, b, c, d])),
        1 => any::<[u8; 6]>().prop_map(MacAddress),
    ];
    let address = || prop::option::weighted(0.85, (any::<Index>(), prop_oneof![Just(2_u32), any::<u32>()]));
    (mac, address(), address()).prop_map(|(mac, ipv4, ipv6)| Station { mac, addresses: [ipv4, ipv6] })
}

impl Station {
    /// The endpoint, in a network.
    pub(super) fn on(&self, network: &Network, options: Vec<Attribute>) -> Endpoint {
        let taken = taken(network, &options);
        let families = [false, true].into_iter().zip(self.addresses);
        let address = |(ipv6, drawn): (bool, Option<(Index, u32)>)| {
            let of_family = |subnet: &&Subnet| subnet.pool.addr().is_ipv6() == ipv6;
            let pools: Vec<&Subnet> = network.subnets.iter().filter(of_family).collect();
            let (index, offset) = drawn.filter(|_| !pools.is_empty())?;
            free(&index.get(&pools).pool, offset, &taken)
        };
        Endpoint {
            id: EndpointId::new("fuzz-endpoint").expect("letters and '-' are an endpoint id"),
            mac: self.mac,
            addresses: families.filter_map(address).collect(),
            options,
            facts: network.facts.clone(),
        }
    }
}

/// A station's address in a pool that nobody has.
fn free(pool: &IpNet, offset: u32, taken: &[IpAddr]) -> Option<IpNet> {
    let mut near = (0..TRIES).map(|step| nth(pool, offset.wrapping_add(step)));
    let address = near.find(|address| is_station(pool, *address) && !taken.contains(address))?;
    IpNet::new(address, pool.prefix_len()).ok()
}

/// The addresses that Docker, or a user with sense, gives to no endpoint.
fn taken(network: &Network, options: &[Attribute]) -> Vec<IpAddr> {
    let gateways = network.subnets.iter().filter_map(|subnet| subnet.gateway).map(|gateway| gateway.addr());
    let auxiliary = network.subnets.iter().flat_map(|subnet| &subnet.auxiliary);
    let named = auxiliary.chain(&network.options).chain(options).filter_map(|named| match &named.value {
        Value::Address(address) => Some(*address),
        Value::Net(net) => Some(net.addr()),
        _ => None,
    });
    gateways.chain(named).collect()
}
