//! Ports that a router publishes at an address of its own: no socket of this host holds them, so they are chosen beside
//! what others publish there.

use std::io;

use plan::PublishedPort;

use super::settle::{ANY_PORT_ATTEMPTS, BusyPort, Settled};
use super::{Claimant, Ports, WantedPort};

/// What a router publishes already.
#[derive(Debug, Default)]
pub(crate) struct AtRouter {
    /// For the endpoint that asks.
    pub(crate) own: Vec<PublishedPort>,
    /// For others.
    pub(crate) others: Vec<PublishedPort>,
}

impl Ports {
    /// As [`Ports::settle`], for an endpoint whose own ports a router publishes: this host's sockets do not matter to
    /// them. What the endpoint has there already and still wants is kept.
    pub(crate) fn settle_elsewhere(
        &self,
        claimant: Claimant<'_>,
        wanted: &[WantedPort],
        relayed: &[WantedPort],
        there: &AtRouter,
    ) -> Result<Settled, BusyPort> {
        // Who leaves no choice comes first: any port of those that are had would do for others, too.
        let mut wanted = wanted.to_vec();
        wanted.sort_by_key(|want| if want.is_any() { u16::MAX } else { want.last - want.first });
        let mut own = Vec::new();
        for want in &wanted {
            let said_twice = own.iter().any(|port| want.is_single() && *port == want.first());
            if !said_twice {
                own.push(self.choose(claimant, want, &own, there)?);
            }
        }
        own.sort_unstable();
        Ok(self.settle(claimant, &[], relayed)?.and_elsewhere(own))
    }

    /// The first port that is free there; where any will do the kernel is asked for one.
    fn choose(
        &self,
        claimant: Claimant<'_>,
        want: &WantedPort,
        chosen: &[PublishedPort],
        there: &AtRouter,
    ) -> Result<PublishedPort, BusyPort> {
        let at = |host_port| PublishedPort { host_port, ..want.first() };
        let is_free = |port: &PublishedPort| !there.others.iter().chain(chosen).any(|other| collide(port, other));
        let had = there.own.iter().filter(|port| want.fits(port)).map(|port| at(port.host_port));
        let named = (want.first..=want.last).filter(|port| *port != 0).map(at);
        if let Some(port) = had.chain(named).find(is_free) {
            return Ok(port);
        }
        let attempts = if want.is_any() { ANY_PORT_ATTEMPTS } else { 0 };
        for _ in 0..attempts {
            let anywhere = WantedPort { host_address: None, ..*want };
            let drawn = self.settle(claimant, &[anywhere], &[])?.ports();
            if let Some(port) = drawn.iter().map(|port| at(port.host_port)).find(is_free) {
                return Ok(port);
            }
        }
        Err(BusyPort::new(want, io::ErrorKind::AddrInUse.into()))
    }
}

/// Whether a router cannot publish both: an address that is not said is every one of the router's.
fn collide(one: &PublishedPort, other: &PublishedPort) -> bool {
    let addresses = match (one.host_address, other.host_address) {
        (Some(one), Some(other)) if one.is_ipv4() != other.is_ipv4() => false,
        (Some(one), Some(other)) => one == other || one.is_unspecified() || other.is_unspecified(),
        (None, _) | (_, None) => true,
    };
    addresses && (one.protocol, one.host_port) == (other.protocol, other.host_port)
}
