//! What the modes have in common that put containers on a layer 2 segment: the options `uplink`, `mtu`, `host_address` and
//! `publish`. A mode that has them too declares them in its manifest as flat and vlan do and calls these.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::{Endpoint, Network, Plan, PublishedPort, Refusal, common};

/// Ethernet's.
const DEFAULT_MTU: u16 = 1500;

/// The MTU of every link of the network: option `mtu`, else the uplink's (fact `uplink.mtu`), else Ethernet's.
///
/// # Errors
///
/// Where it is too small for the addresses of the network, or more than the uplink takes.
pub fn mtu(network: &Network) -> Result<u16, Refusal> {
    let uplinks = uplink_mtu(network);
    mtu_within(network, uplinks.unwrap_or(DEFAULT_MTU), uplinks, "the uplink")
}

/// The MTU of every link of the network: option `mtu`, else `default`. `most` is what `of` can carry, where that is known.
///
/// # Errors
///
/// Where it is too small for the addresses of the network, or more than that.
pub fn mtu_within(network: &Network, default: u16, most: Option<u16>, of: &str) -> Result<u16, Refusal> {
    let mtu = common::mtu(network, default)?;
    match most {
        Some(most) if mtu > most => {
            let message = format!("an MTU of {mtu} is more than the {most} of {of}: give {most} or less");
            Err(Refusal::invalid("mtu-too-large", message).at("mtu"))
        }
        _ => Ok(mtu),
    }
}

/// Some links have an MTU that no option can say (the loopback's is 65536): that is no limit.
fn uplink_mtu(network: &Network) -> Option<u16> {
    network.facts.get::<i64>("uplink.mtu").map(|mtu| u16::try_from(mtu).unwrap_or(u16::MAX))
}

/// The interface that leads to the wire: option `uplink`.
///
/// # Errors
///
/// Where it is the bridge's name, too.
pub fn uplink(network: &Network) -> Result<Option<&str>, Refusal> {
    let uplink: Option<&str> = network.options.get("uplink");
    match uplink {
        Some(name) if network.options.get("bridge") == Some(name) => {
            let message = format!("\"{name}\" cannot be the bridge and its uplink: give the bridge another name");
            Err(Refusal::invalid("bridge-is-uplink", message).at("bridge"))
        }
        _ => Ok(uplink),
    }
}

/// The host's address in the segment, with the prefix length of its pool: option `host_address`.
///
/// # Errors
///
/// Where it is in no pool of the network.
pub fn host_address(network: &Network) -> Result<Option<IpNet>, Refusal> {
    let Some(address) = network.options.get::<IpAddr>("host_address") else { return Ok(None) };
    match network.subnet_of(address) {
        Some(subnet) => Ok(Some(IpNet::new_assert(address, subnet.pool.prefix_len()))),
        None => {
            let message = format!("{address} is in no subnet of the network: give an address of one of them");
            Err(Refusal::invalid("host-address-outside", message).at("host_address"))
        }
    }
}

/// Keeps the host's address from containers: Docker's IPAM does not know of `host_address` and may give it to one.
///
/// # Errors
///
/// Where it did.
pub fn keep_host_address(network: &Network, endpoint: &Endpoint) -> Result<(), Refusal> {
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

/// What a segment says to `-p`, as option `publish` has it: it has nothing to publish a port with.
///
/// # Errors
///
/// Where that is to be refused.
pub fn publish(mode: &str, network: &Network, ports: &[PublishedPort]) -> Result<Plan, Refusal> {
    if network.options.expect::<&str>("publish") == "ignore" {
        return Ok(Plan::new());
    }
    let ports: Vec<String> = ports.iter().map(|port| format!("{}/{}", port.container_port, port.protocol)).collect();
    let message = format!(
        "mode {mode} publishes no ports ({}): containers are reached at their own addresses. Leave out -p, or create the \
         network with -o publish=ignore: a network of mode nat that the container is on as well then publishes them, \
         whichever of the two Docker joins first",
        ports.join(", ")
    );
    Err(Refusal::unsupported("publish", message).at("publish"))
}
