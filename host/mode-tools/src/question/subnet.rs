//! Subnets and addresses in them, as Docker hands them out.

use std::net::IpAddr;

use ipnet::IpNet;
use plan::{Network, Subnet};
use policy::GatewayNeed;

/// A subnet with the gateway that somebody says, or else its first address where the mode needs one.
#[must_use]
pub fn subnet(pool: IpNet, gateway: Option<IpAddr>, need: GatewayNeed) -> Subnet {
    let pool = pool.trunc();
    let gateway = gateway.or_else(|| first(pool).filter(|_| need == GatewayNeed::Required));
    let gateway = gateway.and_then(|address| IpNet::new(address, pool.prefix_len()).ok());
    Subnet { pool, gateway, auxiliary: Vec::new() }
}

/// An address with the prefix length of the pool that it lies in; none: it lies in none of them.
#[must_use]
pub fn in_pool(address: IpAddr, network: &Network) -> Option<IpNet> {
    let pool = network.subnets.iter().map(|subnet| subnet.pool).find(|pool| pool.contains(&address))?;
    IpNet::new(address, pool.prefix_len()).ok()
}

/// The first address that a station can have. IPv6 counts the subnet's own among the hosts.
fn first(pool: IpNet) -> Option<IpAddr> {
    let first = pool.hosts().next()?;
    Some(if first == pool.network() { next(first) } else { first })
}

fn next(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(address) => IpAddr::V4((u32::from(address).saturating_add(1)).into()),
        IpAddr::V6(address) => IpAddr::V6((u128::from(address).saturating_add(1)).into()),
    }
}
