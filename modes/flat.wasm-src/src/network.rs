//! What exists for the network itself.

use std::net::IpAddr;

use guest_modes::{Endpoint, HostPort, IpNet, Network, Plan, Refusal, Uplink, common};

/// Ethernet's.
const DEFAULT_MTU: u16 = 1500;

/// The VLAN of the network's containers, where they have none of their own.
pub(crate) fn vlan(network: &Network) -> Option<u16> {
    network.options.get("vlan")
}

/// The MTU of every link of the network: the user's, else the uplink's, else Ethernet's.
pub(crate) fn mtu(network: &Network) -> Result<u16, Refusal> {
    let uplinks = uplink_mtu(network);
    let mtu = common::mtu(network, uplinks.unwrap_or(DEFAULT_MTU))?;
    match uplinks {
        Some(most) if mtu > most => {
            let message = format!("an MTU of {mtu} is more than the {most} of the uplink: give {most} or less");
            Err(Refusal::invalid("mtu-too-large", message).at("mtu"))
        }
        _ => Ok(mtu),
    }
}

/// Some links have an MTU that no option can say (the loopback's is 65536): that is no limit.
fn uplink_mtu(network: &Network) -> Option<u16> {
    network.facts.get::<i64>("uplink.mtu").map(|mtu| u16::try_from(mtu).unwrap_or(u16::MAX))
}

pub(crate) fn plan(network: &Network) -> Result<Plan, Refusal> {
    let mtu = mtu(network)?;
    let host_address = host_address(network)?;
    let mut plan = Plan::new();
    let bridge = common::add_bridge(network, &mut plan);
    if let Some(uplink) = uplink(network)? {
        plan.add("uplink", Uplink::on(&bridge, uplink), "option uplink: the wire, with every VLAN");
    }
    if let Some(address) = host_address {
        let port = HostPort::on(&bridge, [address]).vlan(vlan(network)).mtu(mtu);
        plan.add("host", port, "option host_address: the host in the segment; nothing is forwarded through it");
    }
    Ok(plan)
}

fn uplink(network: &Network) -> Result<Option<&str>, Refusal> {
    let uplink: Option<&str> = network.options.get("uplink");
    match uplink {
        Some(name) if network.options.get("bridge") == Some(name) => {
            let message = format!("\"{name}\" cannot be the bridge and its uplink: give the bridge another name");
            Err(Refusal::invalid("bridge-is-uplink", message).at("bridge"))
        }
        _ => Ok(uplink),
    }
}

/// The host's address with the prefix length of its pool.
fn host_address(network: &Network) -> Result<Option<IpNet>, Refusal> {
    let Some(address) = network.options.get::<IpAddr>("host_address") else { return Ok(None) };
    match network.subnet_of(address) {
        Some(subnet) => Ok(Some(IpNet::new_assert(address, subnet.pool.prefix_len()))),
        None => {
            let message = format!("{address} is in no subnet of the network: give an address of one of them");
            Err(Refusal::invalid("host-address-outside", message).at("host_address"))
        }
    }
}

/// Docker's IPAM does not know of `host_address` and may give it to a container.
pub(crate) fn keep_host_address(network: &Network, endpoint: &Endpoint) -> Result<(), Refusal> {
    match network.options.get::<IpAddr>("host_address") {
        Some(address) if endpoint.addresses.iter().any(|net| net.addr() == address) => {
            let message = format!(
                "{address} is the host's: give the container another address, or create the network with --aux-address \
                 host={address}, so that no container gets it"
            );
            Err(Refusal::conflict("host-address", message).at("host_address"))
        }
        _ => Ok(()),
    }
}
