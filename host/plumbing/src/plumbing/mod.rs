//! The plumbing of this host: what carries plans out, layer by layer.

mod binding;
mod change;
mod facts;
mod perform;
mod repair;
mod rival;
mod routes;
#[cfg(test)]
mod tests;
mod tunnel_end;
mod underlay;
mod undo;
mod verify;
mod watch;

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ovsdb::{NorthboundAt, Remote, TlsFiles};
use plan::{Datapath, HostFacts, InstanceId, Label};
use tokio::sync::broadcast;
use tokio::time::Instant;

use crate::explain::explain_fitted;
use crate::guard::Guards;
use crate::kind;
use crate::link::{Links, Reaper};
use crate::nat::{Firewall, FirewallConfig, Forgetter};
use crate::ovn::Ovn;
use crate::ovs::{BridgeSpec, Ovs, View};
use crate::{Dataplane, Error, Event, Finding, Health, Holding, Marked, Underlay, Work};

pub use rival::tunnel_rivals;
pub use tunnel_end::{TunnelEnd, TunnelEndError, tunnel_end};
pub use underlay::carries_tunnels;

/// Events that a slow receiver may fall behind by.
const EVENTS: usize = 4096;

/// What the plumbing has to know.
#[derive(Clone, Debug)]
pub struct Config {
    /// The driver's state directory's id: everything made carries it.
    pub instance: InstanceId,
    /// Where Open vSwitch's database is: `unix:/run/openvswitch/db.sock`.
    pub ovsdb: Vec<Remote>,
    /// Where OVN's northbound database is.
    pub northbound: NorthboundAt,
    /// Certificates for `ssl:` remotes.
    pub tls: Option<TlsFiles>,
    /// What the firewall's objects are called.
    pub firewall: FirewallConfig,
}

/// The plumbing of this host. Cheap to clone; its tasks end with the runtime.
#[derive(Clone)]
pub struct Plumbing {
    ovs: Ovs,
    ovn: Ovn,
    guards: Guards,
    links: Links,
    reaper: Reaper,
    firewall: Firewall,
    forgetter: Forgetter,
    kernel_datapath: Arc<AtomicBool>,
    events: broadcast::Sender<Event>,
}

impl Plumbing {
    /// Starts the plumbing. Never waits for Open vSwitch: calls do, until their deadlines.
    ///
    /// # Errors
    ///
    /// Where netlink or the firewall cannot be used, or an `ssl:` remote has no certificates.
    pub async fn start(config: Config) -> Result<Self, Error> {
        let firewall = Firewall::new(config.firewall.clone())?;
        Self::start_beside(firewall, config).await
    }

    async fn start_beside(firewall: Firewall, config: Config) -> Result<Self, Error> {
        let links = Links::open()?;
        firewall.ensure_base().await?;
        let reaper = Reaper::start(links.clone(), crate::Mark::alias_of(&config.instance));
        let ovs = Ovs::start(config.instance.clone(), &config.ovsdb, config.tls.clone())?;
        let events = broadcast::channel(EVENTS).0;
        let ovn = Ovn::start(config.instance, ovs.clone(), config.northbound, config.tls, events.clone());
        let guards = Guards::new(&config.ovsdb, ovs.clone(), events.clone());
        let plumbing = Self {
            kernel_datapath: Arc::new(AtomicBool::new(links.kernel_datapath().await?)),
            events,
            ovs,
            ovn,
            guards,
            links,
            reaper,
            forgetter: Forgetter::start(firewall.clone()),
            firewall,
        };
        plumbing.watch()?;
        Ok(plumbing)
    }

    /// Asks the kernel for Open vSwitch's datapath: the module may have been loaded since.
    async fn kernel_datapath(&self) -> Result<bool, Error> {
        let there = self.links.kernel_datapath().await?;
        self.kernel_datapath.store(there, Ordering::Relaxed);
        Ok(there)
    }

    /// What `auto` comes to for a bridge: what it has, or else would get.
    fn settle(&self, bridge: &mut BridgeSpec, view: &View) {
        let netdev = match view.bridge(&bridge.name) {
            Some(bridge) => bridge.is_netdev(),
            None => !self.kernel_datapath.load(Ordering::Relaxed),
        };
        if bridge.datapath == Datapath::Auto {
            bridge.datapath = if netdev { Datapath::Netdev } else { Datapath::System };
        }
    }

    /// Waits until everything that is removed in the background is gone: links and ports that were undone.
    pub async fn drain(&self, deadline: Instant) -> Result<(), Error> {
        self.ovs.drained(deadline).await?;
        // The reaper gives up by itself on what cannot be removed, and says so.
        let _ = tokio::time::timeout_at(deadline, self.reaper.idle()).await;
        Ok(())
    }
}

impl Dataplane for Plumbing {
    async fn ready(&self, deadline: Instant) -> Result<(), Error> {
        self.ovs.session().ready(deadline).await
    }

    async fn lost(&self) -> Error {
        self.ovs.session().lost().await
    }

    async fn facts(&self, deadline: Instant) -> Result<HostFacts, Error> {
        self.host_facts(deadline).await
    }

    async fn underlay(&self, hosts: &[IpAddr], deadline: Instant) -> Result<Vec<Underlay>, Error> {
        self.underlay_of(hosts, &self.ovs.session().view(deadline).await?).await
    }

    async fn tunnel_fault(&self, deadline: Instant) -> Result<Option<String>, Error> {
        self.tunnel_fault_of(deadline).await
    }

    async fn perform(&self, work: &Work, deadline: Instant) -> Result<(), Error> {
        self.perform_work(work, deadline).await
    }

    async fn change(&self, from: &Work, to: &Work, deadline: Instant) -> Result<(), Error> {
        self.change_work(from, to, deadline).await
    }

    async fn verify(&self, work: &Work, deadline: Instant) -> Result<Vec<Finding>, Error> {
        Ok(self.look(work, deadline).await?.findings)
    }

    async fn repair(&self, work: &Work, deadline: Instant) -> Result<Vec<Finding>, Error> {
        self.repair_work(work, deadline).await
    }

    async fn undo(&self, work: &Work, deadline: Instant) -> Result<(), Error> {
        self.undo_work(work, &[], deadline).await
    }

    async fn undo_but(&self, gone: &Work, kept: &Work, deadline: Instant) -> Result<(), Error> {
        self.undo_work(gone, &kind::all_parts(kept)?, deadline).await
    }

    fn is_unclaimed(&self, work: &Work) -> bool {
        work.steps.iter().filter_map(|step| step.peer.as_ref()).any(|peer| self.links.is_taken(peer))
    }

    async fn replace_rules(&self, works: &[Work], deadline: Instant) -> Result<(), Error> {
        self.replace_all_rules(works, deadline).await
    }

    fn explain(&self, work: &Work) -> Vec<(Label, Vec<String>)> {
        let view = self.ovs.session().now();
        explain_fitted(work, self.firewall.config(), |parts| {
            perform::fit(parts, &view);
            parts.iter_mut().filter_map(|parts| parts.bridge.as_mut()).for_each(|bridge| self.settle(bridge, &view));
        })
    }

    async fn marked(&self, deadline: Instant) -> Result<Vec<Marked>, Error> {
        self.everything_marked(deadline).await
    }

    async fn remove(&self, marked: &Marked, deadline: Instant) -> Result<(), Error> {
        self.remove_marked(marked, deadline).await
    }

    async fn holdings(&self, deadline: Instant) -> Result<Vec<Holding>, Error> {
        self.ovn.holdings(deadline).await
    }

    async fn reclaim(&self, instance: &str, deadline: Instant) -> Result<Vec<Holding>, Error> {
        self.ovn.reclaim(instance, deadline).await
    }

    fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    fn health(&self) -> Health {
        let view = self.ovs.session().now();
        let root = view.root();
        Health {
            remote: self.ovs.session().remotes().to_owned(),
            connected: self.ovs.session().is_current(),
            version: root.and_then(|root| root.version()),
            kernel_datapath: self.kernel_datapath.load(Ordering::Relaxed),
            settled: root.is_some_and(|root| root.cur_cfg() >= root.next_cfg()),
        }
    }
}
