//! Published ports on the host's side: the sockets that hold them, and the relay behind those sockets.
//!
//! Every port that the host publishes is a socket of ours before a mode hears of it: that settles port 0 and ranges,
//! finds busy ports while there is still nothing to undo, and keeps other programs off the port. Rules carry the traffic
//! of the world; what reaches the sockets themselves is what rules cannot carry (127.0.0.1 without `route_localnet`,
//! `[::1]`, IPv6 clients of a container that has none), and [`relay`] passes it on. What a router publishes at an address
//! of its own has no sockets here.

mod elsewhere;
mod relay;
mod settle;
mod socket;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

pub(crate) use elsewhere::AtRouter;
use plan::{EndpointId, Protocol, PublishedPort};
use relay::Room;
use serde::{Deserialize, Serialize};
pub(crate) use settle::{BusyPort, Settled};
use settle::{Claim, Settling};
use socket::{Place, Socket};
use tokio::task::JoinSet;

/// A port as the user wrote it: `first` to `last` on the host, both 0 for any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WantedPort {
    pub(crate) protocol: Protocol,
    pub(crate) host_address: Option<IpAddr>,
    pub(crate) first: u16,
    pub(crate) last: u16,
    pub(crate) container_port: u16,
}

impl WantedPort {
    /// Whether a port that is published already can be what is wanted now, its addresses aside.
    fn fits(&self, port: &PublishedPort) -> bool {
        let everywhere = |address: Option<IpAddr>| address.is_none_or(|address| address.is_unspecified());
        let same = self.host_address == port.host_address;
        self.protocol == port.protocol
            && self.container_port == port.container_port
            && (same || everywhere(self.host_address) && everywhere(port.host_address))
            && (self.last == 0 || (self.first..=self.last).contains(&port.host_port))
    }

    /// Whether any port will do.
    fn is_any(&self) -> bool {
        self.last == 0
    }

    /// The first port that it can become.
    fn first(&self) -> PublishedPort {
        let Self { protocol, host_address, first: host_port, container_port, .. } = *self;
        PublishedPort { protocol, host_address, host_port, container_port }
    }

    fn is_single(&self) -> bool {
        self.last != 0 && self.first == self.last
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

/// Who publishes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Claimant<'a> {
    pub(crate) endpoint: &'a EndpointId,
    /// Its addresses: what is relayed goes there.
    pub(crate) addresses: &'a [IpAddr],
    /// The other endpoints of its container. Where one of them has a family that another lacks, the latter's help with
    /// that family, by relaying, is not wanted any more.
    pub(crate) mates: &'a [EndpointId],
}

impl Claimant<'_> {
    /// Whether it serves a host address only by relaying to its address of the other family.
    fn only_helps(&self, address: IpAddr) -> bool {
        !self.addresses.is_empty() && self.addresses.iter().all(|own| own.is_ipv4() != address.is_ipv4())
    }
}

/// A socket that an endpoint holds, and what relays from it. The relay ends some time after it is dropped, and the socket
/// closes then.
#[derive(Debug)]
struct Holding {
    socket: Socket,
    only_helps: bool,
    container_port: u16,
    relay: JoinSet<()>,
}

impl Holding {
    fn new(claim: Claim, targets: &[IpAddr], room: &Room) -> Self {
        let Claim { socket, only_helps, container_port } = claim;
        let relay = relay::start(socket.clone(), targets, container_port, room.clone());
        Self { relay, socket, only_helps, container_port }
    }
}

/// What an endpoint holds.
#[derive(Debug, Default)]
struct Holdings {
    ports: Vec<PublishedPort>,
    sockets: HashMap<Place, Holding>,
    lacking: Vec<Lacking>,
}

/// A port that an endpoint publishes though it has no sockets for it. It is that endpoint's all the same: its rules carry
/// what comes from elsewhere.
#[derive(Debug)]
struct Lacking {
    places: Vec<Place>,
    /// Who has it instead, as far as is known; none: it is not to be bound.
    why: Option<BusyPort>,
}

/// How what is published already is held again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hold {
    /// By sockets.
    Bound,
    /// By keeping other endpoints off.
    Reserved,
}

/// What nobody holds any more.
#[derive(Debug, Default)]
#[must_use]
pub(crate) struct Released(Vec<Holding>);

impl Released {
    /// Waits until its sockets are closed: who comes next may want the same ports.
    pub(crate) async fn closed(self) {
        for Holding { socket, mut relay, .. } in self.0 {
            drop(socket);
            relay.shutdown().await;
        }
    }
}

type Table = HashMap<EndpointId, Holdings>;

/// All published ports of this host's endpoints.
#[derive(Debug, Default)]
pub(crate) struct Ports {
    table: Mutex<Table>,
    /// What all relays have together.
    room: Room,
}

impl Ports {
    /// Binds what is wanted for an endpoint, and what it only relays; what the endpoint holds already and still wants is
    /// kept.
    pub(crate) fn settle(
        &self,
        claimant: Claimant<'_>,
        wanted: &[WantedPort],
        relayed: &[WantedPort],
    ) -> Result<Settled, BusyPort> {
        let table = self.lock();
        let mut settling = Settling::new(&table, claimant);
        wanted.iter().try_for_each(|want| settling.take(want))?;
        let own = settling.ports();
        relayed.iter().try_for_each(|want| settling.take(want))?;
        Ok(settling.done(own))
    }

    /// Names the ports that are wanted, and binds none of them: where any port will do the kernel is asked for one.
    pub(crate) fn name(&self, claimant: Claimant<'_>, wanted: &[WantedPort]) -> Result<Vec<PublishedPort>, BusyPort> {
        let (any, named): (Vec<_>, Vec<_>) = wanted.iter().copied().partition(WantedPort::is_any);
        let mut ports = self.settle(claimant, &any, &[])?.ports();
        ports.extend(named.iter().map(WantedPort::first));
        ports.sort_unstable();
        Ok(ports)
    }

    /// Gives settled ports to an endpoint, relaying to its addresses, and releases the ones it no longer wants.
    pub(crate) fn hold(&self, claimant: Claimant<'_>, settled: Settled) -> Released {
        self.give(&mut self.lock(), claimant, settled)
    }

    /// Binds what an endpoint publishes already and has no sockets for. What cannot be bound stays its own: no other
    /// container is given it.
    pub(crate) fn hold_again(&self, claimant: Claimant<'_>, published: &[PublishedPort], how: Hold) {
        let mut table = self.lock();
        let (mut settling, mut lacking) = (Settling::new(&table, claimant), Vec::new());
        for port in published {
            let why = match how {
                Hold::Bound => settling.take(&WantedPort::from(port)).err(),
                Hold::Reserved => None,
            };
            if why.is_some() || how == Hold::Reserved {
                lacking.push(Lacking { places: settling.places(port), why });
            }
        }
        let settled = settling.done(Vec::new());
        // Nobody waits for what it no longer holds.
        drop(self.give(&mut table, claimant, settled));
        let holdings = table.entry(claimant.endpoint.clone()).or_default();
        (holdings.ports, holdings.lacking) = (published.to_vec(), lacking);
    }

    /// Whether an endpoint has the sockets of exactly what it publishes on this host.
    pub(crate) fn has_all(&self, endpoint: &EndpointId, published: &[PublishedPort]) -> bool {
        let has = |holdings: &Holdings| holdings.lacking.is_empty() && holdings.ports == published;
        self.lock().get(endpoint).is_some_and(has)
    }

    /// What of an endpoint's ports is somebody else's, in words for people.
    pub(crate) fn busy(&self, endpoint: &EndpointId) -> Vec<String> {
        let table = self.lock();
        let lacking = table.get(endpoint).into_iter().flat_map(|holdings| &holdings.lacking);
        lacking.filter_map(|lacking| lacking.why.as_ref()).map(BusyPort::lost).collect()
    }

    /// Lets an endpoint's ports go.
    pub(crate) fn release(&self, endpoint: &EndpointId) -> Released {
        let holdings = self.lock().remove(endpoint).unwrap_or_default();
        Released(holdings.sockets.into_values().collect())
    }

    /// Gives settled ports to an endpoint, instead of what it has; what both are is kept.
    fn give(&self, table: &mut Table, claimant: Claimant<'_>, settled: Settled) -> Released {
        for mate in claimant.mates {
            if let Some(theirs) = table.get_mut(mate) {
                theirs.sockets.retain(|place, _| !settled.sockets.contains_key(place));
            }
        }
        let mut before = table.remove(claimant.endpoint).unwrap_or_default();
        let mut kept = |place: &Place, claim: &Claim| {
            let same = before.sockets.get(place)?.container_port == claim.container_port;
            same.then(|| before.sockets.remove(place)).flatten()
        };
        let sockets = settled.sockets.into_iter().map(|(place, claim)| {
            let holding = kept(&place, &claim).unwrap_or_else(|| Holding::new(claim, claimant.addresses, &self.room));
            (place, holding)
        });
        let holdings = Holdings { sockets: sockets.collect(), ports: settled.ports, lacking: Vec::new() };
        table.insert(claimant.endpoint.clone(), holdings);
        Released(before.sockets.into_values().collect())
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
