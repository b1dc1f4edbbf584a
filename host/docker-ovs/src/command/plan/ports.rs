//! Ports as the driver would settle them: at the network's own address where none is named, and each held once.

use std::net::IpAddr;

use driver::host_binding;
use plan::{Network, PublishedPort};

use super::PortSpec;
use crate::exit::{Failure, USAGE};

/// The ports that a network is asked to publish.
pub(super) fn settled(specs: &[PortSpec], network: &Network) -> Result<Vec<PublishedPort>, Failure> {
    let default = host_binding(&network.options);
    let mut ports: Vec<PublishedPort> = Vec::new();
    for PortSpec(spec) in specs {
        let port = PublishedPort { host_address: spec.host_address.or(default), ..*spec };
        if let Some(other) = ports.iter().find(|other| collide(other, &port)) {
            let message =
                format_args!("{other} and {port} want the same port of the host: choose another for one of them");
            return Err(Failure::say(USAGE, message));
        }
        ports.push(port);
    }
    Ok(ports)
}

/// Whether the host cannot hold both.
fn collide(one: &PublishedPort, other: &PublishedPort) -> bool {
    one.protocol == other.protocol && one.host_port == other.host_port && overlap(one.host_address, other.host_address)
}

/// No address is all of them, and an unspecified one all of its family.
fn overlap(one: Option<IpAddr>, other: Option<IpAddr>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => {
            one == other || (one.is_ipv4() == other.is_ipv4() && (one.is_unspecified() || other.is_unspecified()))
        }
        (None, _) | (_, None) => true,
    }
}
