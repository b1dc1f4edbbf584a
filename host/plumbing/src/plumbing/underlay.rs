//! The network that tunnels go through: whether frames for another host get there at all.
//!
//! On the kernel's datapath any route will do. ovs-vswitchd's own datapath sends what it wrapped only through internal
//! ports of its own bridges; elsewhere the frames are gone, while rows and ports look as healthy as ever. So it is
//! looked at before tunnels are made, and again whenever they are verified; and so is whether others have tunnels that would
//! share frames with them.

use std::net::IpAddr;

use ovsdb::Snapshot;
use tokio::time::Instant;

use super::Plumbing;
use super::perform::fit;
use super::rival;
use crate::kind::Parts;
use crate::link::Way;
use crate::ovs::{PortSpec, Role, View, Wanted};
use crate::{Error, LinkError, Underlay, Work};

impl Plumbing {
    /// How the hosts of tunnels are reached.
    pub(super) async fn ways(&self, parts: &[Parts]) -> Result<Vec<(IpAddr, Way)>, LinkError> {
        let peers: Vec<IpAddr> = parts.iter().flat_map(peers).collect();
        if peers.is_empty() { Ok(Vec::new()) } else { self.links.ways(peers).await }
    }

    /// Checks, before a network is made, that its tunnels lead somewhere and take nobody's frames. One that stands is made
    /// again all the same: its containers reach each other, and the route may come later.
    pub(super) async fn check_underlay(
        &self,
        work: &Work,
        parts: &mut [Parts],
        deadline: Instant,
    ) -> Result<(), Error> {
        let ways = self.ways(parts).await?;
        if ways.is_empty() {
            return Ok(());
        }
        // Somebody may have put a bridge or a tunnel there a moment ago.
        self.ovs.session().catch_up(deadline).await?;
        let view = self.ovs.session().view(deadline).await?;
        fit(parts, &view);
        let wanted = self.wanted(work, parts).await?;
        parts.iter().try_for_each(|parts| check(parts, &ways, &wanted, &view))
    }

    /// Checks, before a plan takes another's place, that no tunnel that comes takes somebody's frames. One that stands is no
    /// news.
    pub(super) async fn check_new_tunnels(&self, parts: &[Parts], deadline: Instant) -> Result<(), Error> {
        let ways = self.ways(parts).await?;
        if ways.is_empty() {
            return Ok(());
        }
        self.ovs.session().catch_up(deadline).await?;
        let (view, instance) = (self.ovs.session().view(deadline).await?, self.ovs.session().instance());
        let comes = |port: &&PortSpec| view.port(&port.name).is_none() && !leads_here(port, &ways);
        parts.iter().flat_map(|parts| &parts.tunnels).filter(comes).try_for_each(|it| rival::check(it, instance, &view))
    }

    /// What the ways to hosts are good for on this host.
    pub(super) async fn underlay_of(&self, hosts: &[IpAddr], view: &View) -> Result<Vec<Underlay>, Error> {
        let ways = self.links.ways(hosts.to_vec()).await?;
        let (addresses, links) = (self.links.addresses().await?, self.links.list().await?);
        let own_mtu = |host: IpAddr| {
            let (index, _) = addresses.iter().find(|(_, net)| net.addr() == host)?;
            links.iter().find(|link| link.index == *index).map(|link| link.mtu)
        };
        let underlay = |(host, way): (IpAddr, Way)| Underlay {
            host,
            own: way == Way::Here,
            mtu: match &way {
                Way::Here => own_mtu(host),
                Way::Nowhere => None,
                Way::Through { mtu, .. } => Some(*mtu),
            },
            fault: fault(host, &way, true, view).err().map(|error| error.to_string()),
        };
        Ok(ways.into_iter().map(underlay).collect())
    }
}

/// Leaves tunnels to this host itself out: one list of hosts may then be the same everywhere.
pub(super) fn leave_own_out(parts: &mut [Parts], ways: &[(IpAddr, Way)]) {
    for parts in parts {
        parts.tunnels.retain(|port| !leads_here(port, ways));
    }
}

/// Whether a port is a tunnel to this host itself.
fn leads_here(port: &PortSpec, ways: &[(IpAddr, Way)]) -> bool {
    let is_own = |host: IpAddr| ways.iter().any(|(other, way)| *other == host && *way == Way::Here);
    matches!(port.role, Role::Tunnel { peer, .. } if is_own(peer))
}

/// Checks that every tunnel of a step leads somewhere, and has its frames for itself.
pub(super) fn check(parts: &Parts, ways: &[(IpAddr, Way)], wanted: &Wanted, view: &View) -> Result<(), Error> {
    let Some(mesh) = parts.bridge.as_ref().filter(|_| !parts.tunnels.is_empty()) else { return Ok(()) };
    let netdev = wanted.datapath_type(mesh.datapath) == "netdev";
    let leads = |peer: IpAddr| {
        let way = ways.iter().find(|(host, _)| *host == peer).map_or(&Way::Nowhere, |(_, way)| way);
        fault(peer, way, netdev, view)
    };
    peers(parts).try_for_each(leads)?;
    let mut tunnels = parts.tunnels.iter().filter(|port| !leads_here(port, ways));
    tunnels.try_for_each(|port| rival::check(port, &wanted.mark.instance, view))
}

fn peers(parts: &Parts) -> impl Iterator<Item = IpAddr> {
    parts.tunnels.iter().filter_map(|port| match port.role {
        Role::Tunnel { peer, .. } => Some(peer),
        _ => None,
    })
}

fn fault(host: IpAddr, way: &Way, netdev: bool, view: &View) -> Result<(), Error> {
    match way {
        Way::Here => Ok(()),
        Way::Nowhere => Err(Error::NoRoute { host }),
        Way::Through { link, .. } if netdev && !carries_tunnels(&view.0, link) => {
            Err(Error::Underlay { host, link: link.clone() })
        }
        Way::Through { .. } => Ok(()),
    }
}

/// Whether ovs-vswitchd's own datapath sends through a link what it wrapped, by a copy of Open vSwitch's database with its
/// bridges (`name`, `ports`, `datapath_type`), ports (`interfaces`) and interfaces (`name`, `type`).
#[must_use]
pub fn carries_tunnels(copy: &Snapshot, link: &str) -> bool {
    let view = View(copy.clone());
    let interface = view.interface(link).filter(|interface| interface.kind() == "internal");
    let port = interface.and_then(|interface| view.port_of(interface));
    port.and_then(|port| view.bridge_of(port)).is_some_and(|bridge| bridge.is_netdev())
}
