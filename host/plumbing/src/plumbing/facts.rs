//! What there is on the host: for the guard, and what of it is ours.

use plan::{BridgeOwner, HostBridge, HostFacts};
use tokio::time::Instant;

use super::Plumbing;
use crate::ovs::{Bridge, View};
use crate::{Error, Mark, Marked, MarkedKind};

impl Plumbing {
    pub(super) async fn host_facts(&self, deadline: Instant) -> Result<HostFacts, Error> {
        let view = self.ovs.session().view(deadline).await?;
        Ok(HostFacts {
            interfaces: self.links.host_interfaces().await?,
            bridges: view.bridges().map(|bridge| self.host_bridge(bridge, &view)).collect(),
            kernel_datapath: self.kernel_datapath().await?,
            ..HostFacts::default()
        })
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
        let bridges = view.bridges().filter_map(|bridge| Some((bridge.name(), bridge.mark().filter(ours)?)));
        let mut marked: Vec<Marked> = bridges.map(|(name, mark)| of(MarkedKind::Bridge, name, mark)).collect();
        for port in view.ports_of(instance).into_iter().filter(|port| !self.ovs.is_leaving(port.name())) {
            marked.extend(port.mark().map(|mark| of(MarkedKind::Port, port.name(), mark)));
        }
        for link in self.links.list().await? {
            let mark = Mark::from_alias(&link.alias).filter(ours);
            marked.extend(mark.map(|mark| of(MarkedKind::Link, &link.name, mark)));
        }
        for mark in self.firewall.marked().await?.into_iter().filter(ours) {
            let name = mark.endpoint.as_ref().map_or(mark.network.to_string(), ToString::to_string);
            marked.push(of(MarkedKind::Rules, &name, mark));
        }
        Ok(marked)
    }
}
