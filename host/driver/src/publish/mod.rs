//! Published ports on the host's side: the sockets that hold them, and the relay behind those sockets.
//!
//! Every published port is a socket of ours before a mode hears of it: that settles port 0 and ranges, finds busy ports
//! while there is still nothing to undo, and keeps other programs off the port. Rules carry the traffic of the world;
//! what reaches the sockets themselves is what rules cannot carry (127.0.0.1 without `route_localnet`, `[::1]`, IPv6
//! clients of a container that has none), and [`relay`] passes it on.

mod relay;
mod socket;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use plan::{EndpointId, Protocol, PublishedPort};
pub(crate) use socket::BusyPort;
use socket::Held;
use tokio::task::JoinSet;

/// A port as the user wrote it: `first` to `last` on the host, both 0 for any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WantedPort {
    pub(crate) protocol: Protocol,
    pub(crate) host_address: Option<IpAddr>,
    pub(crate) first: u16,
    pub(crate) last: u16,
    pub(crate) container_port: u16,
}

impl WantedPort {
    fn fits(&self, port: &PublishedPort) -> bool {
        self.protocol == port.protocol
            && self.host_address == port.host_address
            && self.container_port == port.container_port
            && (self.last == 0 || (self.first..=self.last).contains(&port.host_port))
    }
}

impl From<&PublishedPort> for WantedPort {
    fn from(port: &PublishedPort) -> Self {
        Self {
            protocol: port.protocol,
            host_address: port.host_address,
            first: port.host_port,
            last: port.host_port,
            container_port: port.container_port,
        }
    }
}

/// Sockets bound for a request and not yet given to an endpoint: dropped, they are free again.
#[derive(Debug)]
pub(crate) struct Settled {
    fresh: Vec<(PublishedPort, Held)>,
    kept: Vec<PublishedPort>,
}

impl Settled {
    /// The ports with their host ports chosen.
    pub(crate) fn ports(&self) -> Vec<PublishedPort> {
        let mut ports: Vec<_> = self.fresh.iter().map(|(port, _)| *port).chain(self.kept.iter().copied()).collect();
        ports.sort_unstable();
        ports
    }
}

/// All published ports of this host's endpoints. The relays of an endpoint end when its ports are released.
#[derive(Debug, Default)]
pub(crate) struct Ports(Mutex<HashMap<EndpointId, HashMap<PublishedPort, JoinSet<()>>>>);

impl Ports {
    /// Binds what is wanted for an endpoint; what the endpoint holds already and still wants is kept.
    pub(crate) fn settle(&self, endpoint: &EndpointId, wanted: &[WantedPort]) -> Result<Settled, BusyPort> {
        let mut free: Vec<PublishedPort> = self.held(endpoint);
        let mut settled = Settled { fresh: Vec::new(), kept: Vec::new() };
        for want in wanted {
            match free.iter().position(|port| want.fits(port)) {
                Some(at) => settled.kept.push(free.swap_remove(at)),
                None => settled.fresh.push(socket::bind(want)?),
            }
        }
        Ok(settled)
    }

    /// Gives settled ports to an endpoint, relaying to its addresses, and releases the ones it no longer wants.
    pub(crate) fn hold(&self, endpoint: &EndpointId, settled: Settled, targets: &[IpAddr]) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mine = all.entry(endpoint.clone()).or_default();
        mine.retain(|port, _| settled.kept.contains(port));
        for (port, held) in settled.fresh {
            mine.insert(port, relay::start(held, targets, port.container_port));
        }
    }

    /// Lets an endpoint's ports go.
    pub(crate) fn release(&self, endpoint: &EndpointId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(endpoint);
    }

    /// The ports an endpoint holds.
    pub(crate) fn held(&self, endpoint: &EndpointId) -> Vec<PublishedPort> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(endpoint).map(|ports| ports.keys().copied().collect()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
