//! Choosing host ports and binding them, one want after the other, beside what is held already.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use plan::{Protocol, PublishedPort};

use super::socket::{self, Place, Socket};
use super::{Claimant, Holdings, Table, WantedPort};

/// How often another port is tried where any port would do and one family has it taken.
pub(super) const ANY_PORT_ATTEMPTS: usize = 16;

/// Why a port cannot be published.
#[derive(Debug, thiserror::Error)]
#[error("port {wanted} cannot be published: {source}{hint}")]
pub(crate) struct BusyPort {
    wanted: String,
    source: io::Error,
    hint: &'static str,
}

impl BusyPort {
    pub(super) fn new(want: &WantedPort, source: io::Error) -> Self {
        let address = want.host_address.map(|address| format!("{address} ")).unwrap_or_default();
        let ports = match (want.first, want.last) {
            (_, 0) => "any".to_owned(),
            (first, last) if first == last => first.to_string(),
            (first, last) => format!("{first}-{last}"),
        };
        let hint = match source.kind() {
            io::ErrorKind::AddrInUse => {
                "; another program or container has it: choose another host port, or stop that one"
            }
            io::ErrorKind::AddrNotAvailable => "; this host does not have that address",
            _ => "",
        };
        Self { wanted: format!("{address}{ports}/{}", want.protocol), source, hint }
    }

    /// What is said where the port was published before somebody else took it.
    pub(super) fn lost(&self) -> String {
        let Self { wanted, source, .. } = self;
        format!(
            "its published port {wanted} has no socket on this host, only rules: {source}; it is bound once it is free"
        )
    }
}

/// A socket that is to be an endpoint's.
#[derive(Debug)]
pub(super) struct Claim {
    pub(super) socket: Socket,
    pub(super) only_helps: bool,
    pub(super) container_port: u16,
}

/// Sockets for a request that are not yet given to an endpoint: dropped, the new ones are free again, and the others are
/// where they were.
#[derive(Debug)]
pub(crate) struct Settled {
    pub(super) ports: Vec<PublishedPort>,
    pub(super) sockets: HashMap<Place, Claim>,
    own: Vec<PublishedPort>,
    /// Published by a router: no sockets here.
    elsewhere: Vec<PublishedPort>,
    held: bool,
}

impl Settled {
    /// The same, and the endpoint's own ports, which are published where this host's sockets do not matter.
    pub(super) fn and_elsewhere(self, own: Vec<PublishedPort>) -> Self {
        Self { elsewhere: own.clone(), own, ..self }
    }

    /// The ports with their host ports chosen.
    pub(crate) fn ports(&self) -> Vec<PublishedPort> {
        let mut ports = [&*self.ports, &*self.elsewhere].concat();
        ports.sort_unstable();
        ports
    }

    /// Those of them that are not only relayed.
    pub(crate) fn own(&self) -> &[PublishedPort] {
        &self.own
    }

    /// Whether the endpoint holds exactly this already.
    pub(crate) fn is_held(&self) -> bool {
        self.held
    }
}

/// What became of one address of a want.
enum Outcome {
    Claimed(Place, Claim),
    /// Another want of this request, or another endpoint of the container, sees to it.
    Covered,
    /// This kernel does not have that family.
    NoFamily,
}

/// A request being settled.
pub(super) struct Settling<'a> {
    table: &'a Table,
    claimant: Claimant<'a>,
    ports: Vec<PublishedPort>,
    sockets: HashMap<Place, Claim>,
}

impl<'a> Settling<'a> {
    pub(super) fn new(table: &'a Table, claimant: Claimant<'a>) -> Self {
        Self { table, claimant, ports: Vec::new(), sockets: HashMap::new() }
    }

    /// Takes the first port that is free of what is wanted: what the endpoint has already comes first.
    pub(super) fn take(&mut self, want: &WantedPort) -> Result<(), BusyPort> {
        let mut failure = io::Error::from(io::ErrorKind::InvalidInput);
        for port in self.candidates(want) {
            match self.take_at(want, port) {
                Ok(()) => return Ok(()),
                Err(error) => failure = error,
            }
        }
        Err(BusyPort::new(want, failure))
    }

    /// The ports taken so far.
    pub(super) fn ports(&self) -> Vec<PublishedPort> {
        let mut ports = self.ports.clone();
        ports.sort_unstable();
        ports
    }

    pub(super) fn done(mut self, own: Vec<PublishedPort>) -> Settled {
        self.ports.sort_unstable();
        let held = self.mine().is_some_and(|mine| {
            let same = |(place, claim): (&Place, &Claim)| {
                mine.sockets.get(place).is_some_and(|held| held.container_port == claim.container_port)
            };
            mine.lacking.is_empty()
                && mine.ports == self.ports
                && mine.sockets.len() == self.sockets.len()
                && self.sockets.iter().all(same)
        });
        Settled { ports: self.ports, sockets: self.sockets, own, elsewhere: Vec::new(), held }
    }

    fn mine(&self) -> Option<&'a Holdings> {
        self.table.get(self.claimant.endpoint)
    }

    fn candidates(&self, want: &WantedPort) -> Vec<u16> {
        let had = self.mine().into_iter().flat_map(|mine| &mine.ports).filter(|port| want.fits(port));
        let had = had.map(|port| port.host_port);
        match want.last {
            0 => had.chain([0; ANY_PORT_ATTEMPTS]).collect(),
            last => had.chain(want.first..=last).collect(),
        }
    }

    /// Takes one port on every address wanted; with 0 the first family chooses for both.
    fn take_at(&mut self, want: &WantedPort, port: u16) -> io::Result<()> {
        let (mut chosen, mut claimed, mut publishes) = (port, Vec::new(), false);
        for address in self.addresses(want.host_address) {
            match self.claim(want, Place { protocol: want.protocol, address, port: chosen })? {
                Outcome::Claimed(place, claim) => {
                    (chosen, publishes) = (place.port, true);
                    claimed.push((place, claim));
                }
                Outcome::Covered | Outcome::NoFamily => {}
            }
        }
        self.sockets.extend(claimed);
        if publishes {
            let WantedPort { protocol, host_address, container_port, .. } = *want;
            self.ports.push(PublishedPort { protocol, host_address, host_port: chosen, container_port });
        }
        Ok(())
    }

    fn claim(&self, want: &WantedPort, place: Place) -> io::Result<Outcome> {
        let container_port = want.container_port;
        let only_helps = self.claimant.only_helps(place.address);
        let claimed =
            |socket: &Socket| Ok(Outcome::Claimed(place, Claim { socket: socket.clone(), only_helps, container_port }));
        if let Some(taken) = self.sockets.get(&place) {
            let again = want.is_single() && taken.container_port == container_port;
            return if again { Ok(Outcome::Covered) } else { Err(io::ErrorKind::AddrInUse.into()) };
        }
        if let Some(mine) = self.mine().and_then(|mine| mine.sockets.get(&place)) {
            return claimed(&mine.socket);
        }
        let theirs = self.claimant.mates.iter().find_map(|mate| self.table.get(mate)?.sockets.get(&place));
        match theirs {
            Some(_) if only_helps => Ok(Outcome::Covered),
            Some(theirs) if theirs.only_helps => claimed(&theirs.socket),
            Some(_) => Err(io::ErrorKind::AddrInUse.into()),
            None => self.fresh(want, place, only_helps),
        }
    }

    fn fresh(&self, want: &WantedPort, place: Place, only_helps: bool) -> io::Result<Outcome> {
        let claim = |socket| Claim { socket, only_helps, container_port: want.container_port };
        match socket::bind(place) {
            Ok((place, _)) if self.is_anothers(place) => Err(io::ErrorKind::AddrInUse.into()),
            Ok((place, socket)) => Ok(Outcome::Claimed(place, claim(socket))),
            Err(error) if want.host_address.is_none() && socket::no_such_family(&error) => Ok(Outcome::NoFamily),
            Err(error) if want.protocol == Protocol::Sctp && socket::no_such_protocol(&error) => {
                if only_helps && want.host_address.is_none() {
                    return Ok(Outcome::NoFamily);
                }
                self.by_rules(place, only_helps)?;
                Ok(Outcome::Claimed(place, claim(Socket::Rules)))
            }
            Err(error) => Err(error),
        }
    }

    /// Whether rules alone can publish at a place: there is no socket that would say that somebody has it.
    fn by_rules(&self, place: Place, only_helps: bool) -> io::Result<()> {
        if place.port == 0 {
            return Err(io::Error::other("this kernel has no sockets that could choose one: name a host port"));
        }
        if only_helps || place.address.is_loopback() {
            return Err(io::Error::other(
                "what comes to that address has to be relayed, and this kernel has no sockets for that: load its sctp \
                 module, or publish at another address",
            ));
        }
        let others = self.table.values().flat_map(|holdings| holdings.sockets.keys());
        match others.chain(self.sockets.keys()).any(|held| held.collides(&place)) || self.is_anothers(place) {
            true => Err(io::ErrorKind::AddrInUse.into()),
            false => Ok(()),
        }
    }

    /// Whether another container publishes there, though it has no socket.
    fn is_anothers(&self, place: Place) -> bool {
        let Claimant { endpoint, mates, .. } = self.claimant;
        let others = self.table.iter().filter(|(id, _)| *id != endpoint && !mates.contains(id));
        let lacking = others.flat_map(|(_, holdings)| &holdings.lacking);
        lacking.flat_map(|lacking| &lacking.places).any(|theirs| theirs.collides(&place))
    }

    /// Where a port is published.
    pub(super) fn places(&self, port: &PublishedPort) -> Vec<Place> {
        let place = |address| Place { protocol: port.protocol, address, port: port.host_port };
        self.addresses(port.host_address).into_iter().map(place).collect()
    }

    /// The addresses of a want; without one every family's, the endpoint's own first.
    fn addresses(&self, wanted: Option<IpAddr>) -> Vec<IpAddr> {
        let Some(address) = wanted else {
            let mut all: [IpAddr; 2] = [Ipv4Addr::UNSPECIFIED.into(), Ipv6Addr::UNSPECIFIED.into()];
            all.sort_by_key(|address| self.claimant.only_helps(*address));
            return all.to_vec();
        };
        vec![address]
    }
}
