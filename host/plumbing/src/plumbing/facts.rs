//! What there is on the host: for the guard, and what of it is ours.

use std::net::IpAddr;

use plan::{BridgeOwner, HostBridge, HostFacts};
use tokio::time::Instant;

use super::Plumbing;
use crate::guard::guarded_by;
use crate::kind::mesh_of;
use crate::ovs::{Bridge, View};
use crate::{Error, Mark, Marked, MarkedKind};

/// The outer headers of IP and UDP, Geneve with OVN's option, and the inner header of Ethernet: bytes.
const GENEVE: u32 = 20 + 8 + 8 + 8 + 14;
/// The same over IPv6.
const GENEVE6: u32 = GENEVE + 20;

impl Plumbing {
    pub(super) async fn host_facts(&self, deadline: Instant) -> Result<HostFacts, Error> {
        let view = self.ovs.session().view(deadline).await?;
        Ok(HostFacts {
            interfaces: self.links.host_interfaces().await?,
            bridges: view.bridges().map(|bridge| self.host_bridge(bridge, &view)).collect(),
            kernel_datapath: self.kernel_datapath().await?,
            ovn_mtu: self.tunnels_leave(&view).await?,
            // Without a northbound database there are none; that it is away is said where rows are wanted of it.
            vrfs: self.ovn.view_if_current().map(|view| view.vrfs()).unwrap_or_default(),
            ..HostFacts::default()
        })
    }

    /// What the tunnels between OVN's hosts leave of a packet: the MTU of the link that has their address, less what Geneve
    /// wraps it in. None: this host has no such address.
    async fn tunnels_leave(&self, view: &View) -> Result<Option<u16>, Error> {
        let address = view.root().and_then(|root| root.tunnel_address()?.parse::<IpAddr>().ok());
        let Some(address) = address else { return Ok(None) };
        let (addresses, links) = (self.links.addresses().await?, self.links.list().await?);
        let index = addresses.iter().find(|(_, net)| net.addr() == address).map(|(index, _)| *index);
        let link = links.iter().find(|link| Some(link.index) == index);
        let wrapped = if address.is_ipv4() { GENEVE } else { GENEVE6 };
        Ok(link.and_then(|link| u16::try_from(link.mtu.saturating_sub(wrapped)).ok()).filter(|mtu| *mtu > 0))
    }

    fn host_bridge(&self, bridge: Bridge<'_>, view: &View) -> HostBridge {
        let owner = match bridge.mark() {
            None => BridgeOwner::Stranger,
            Some(mark) if mark.instance == *self.ovs.session().instance() => BridgeOwner::Network(mark.network),
            Some(mark) => BridgeOwner::OtherInstance(mark.instance.to_string()),
        };
        let interfaces = view.ports(bridge).flat_map(|port| view.interfaces(port));
        HostBridge {
            name: bridge.name().to_owned(),
            owner,
            controller: bridge.has_controller(),
            interfaces: interfaces.map(|interface| interface.name().to_owned()).collect(),
        }
    }

    pub(super) async fn everything_marked(&self, deadline: Instant) -> Result<Vec<Marked>, Error> {
        let view = self.ovs.session().view(deadline).await?;
        let instance = self.ovs.session().instance();
        let ours = |mark: &Mark| mark.instance == *instance;
        let of = |kind, name: &str, mark: Mark| Marked {
            kind,
            name: name.to_owned(),
            network: mark.network,
            endpoint: mark.endpoint,
        };
        // A bridge that guards something goes with the last port there.
        let guards = |bridge: &Bridge<'_>, mark: &Mark| mark.is_guard() && view.ports(*bridge).nth(1).is_some();
        let bridges = view.bridges().filter_map(|bridge| {
            Some((bridge.name(), bridge.mark().filter(ours).filter(|mark| !guards(&bridge, mark))?))
        });
        let mut marked: Vec<Marked> = bridges.map(|(name, mark)| of(MarkedKind::Bridge, name, mark)).collect();
        // A patch goes with what is guarded by it, or with its mesh.
        let guarded = |port: &str| guarded_by(port).is_some_and(|guarded| view.port(guarded).is_some());
        // A tunnel goes with its mesh.
        let meshed = |port: &str| mesh_of(port).is_some_and(|mesh| view.bridge(mesh).is_some());
        let is_due = |port: &str| !self.ovs.is_leaving(port) && !guarded(port) && !meshed(port);
        for port in view.ports_of(instance).into_iter().filter(|port| is_due(port.name())) {
            marked.extend(port.mark().map(|mark| of(MarkedKind::Port, port.name(), mark)));
        }
        for link in self.links.list().await? {
            let mark = Mark::from_alias(&link.alias).filter(ours);
            marked.extend(mark.map(|mark| of(MarkedKind::Link, &link.name, mark)));
        }
        let named = |kind, mark: Mark| {
            let name = mark.endpoint.as_ref().map_or(mark.network.to_string(), ToString::to_string);
            of(kind, &name, mark)
        };
        let rules = self.firewall.marked().await?.into_iter().filter(ours);
        marked.extend(rules.map(|mark| named(MarkedKind::Rules, mark)));
        // What is there while OVN is away is found when it is back.
        let rows = self.ovn.view_if_current().map(|view| view.marks_of(instance)).unwrap_or_default();
        marked.extend(rows.into_iter().map(|mark| named(MarkedKind::LogicalRows, mark)));
        Ok(marked)
    }
}
