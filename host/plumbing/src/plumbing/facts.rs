//! What there is on the host: for the guard, and what of it is ours.

use plan::{BridgeOwner, HostBridge, HostFacts};
use tokio::time::Instant;

use super::Plumbing;
use crate::guard::guarded_by;
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
        // A bridge that guards something goes with the last port there.
        let guards = |bridge: &Bridge<'_>, mark: &Mark| mark.is_guard() && view.ports(*bridge).nth(1).is_some();
        let bridges = view.bridges().filter_map(|bridge| {
            Some((bridge.name(), bridge.mark().filter(ours).filter(|mark| !guards(&bridge, mark))?))
        });
        let mut marked: Vec<Marked> = bridges.map(|(name, mark)| of(MarkedKind::Bridge, name, mark)).collect();
        // A patch goes with what is guarded by it.
        let guarded = |port: &str| guarded_by(port).is_some_and(|guarded| view.port(guarded).is_some());
        let is_due = |port: &str| !self.ovs.is_leaving(port) && !guarded(port);
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
