//! Ports as the driver would settle them: at the network's own address where none is named, and each held once.

use std::net::IpAddr;

use plan::{Network, PublishedPort, host_binding};

/// Two ports of which the host cannot hold both.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} and {1} want the same port of the host: choose another for one of them")]
pub struct Collision(pub PublishedPort, pub PublishedPort);

/// The ports that a network is asked to publish.
///
/// # Errors
///
/// The first two that collide.
pub fn settled(
    asked: impl IntoIterator<Item = PublishedPort>,
    network: &Network,
) -> Result<Vec<PublishedPort>, Collision> {
    let default = host_binding(&network.options);
    let mut ports: Vec<PublishedPort> = Vec::new();
    for port in asked {
        let port = PublishedPort { host_address: port.host_address.or(default), ..port };
        if let Some(other) = ports.iter().find(|other| collide(other, &port)) {
            return Err(Collision(*other, port));
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
