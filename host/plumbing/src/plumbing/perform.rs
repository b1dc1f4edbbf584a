//! Performing a plan: links and one transaction of Open vSwitch's database together, then the addresses of what that
//! made, then one transaction of the firewall. Nobody can use half of it: the container's end of a link is not handed over
//! before the end, and the rules come last; beside the rest where they are about a bridge that nobody is on yet.

use std::net::IpAddr;
use std::time::Duration;

use ipnet::IpNet;
use plan::{Action, InterfaceName, RouteVia};
use tokio::time::{Instant, timeout_at};

use super::Plumbing;
use super::underlay::leave_own_out;
use crate::kind::{self, Parts};
use crate::link::{Configuration, VethSpec};
use crate::nat::Rule;
use crate::ovn::{self, RowSpec};
use crate::ovs::{BridgeSpec, Made, PortSpec, Purpose, View, Wanted};
use crate::{Error, Mark, Work};

/// What taking back may take when the deadline of what failed has passed.
const GRACE: Duration = Duration::from_secs(2);

impl Plumbing {
    pub(super) async fn perform_work(&self, work: &Work, deadline: Instant) -> Result<(), Error> {
        let mut parts = kind::all_parts(work)?;
        self.check_underlay(work, &mut parts, deadline).await?;
        self.check_routes(&parts, deadline).await?;
        self.perform_parts(work, &mut parts, &[], deadline).await
    }

    /// Makes the parts of a plan, and removes rules in the transaction that brings its own.
    pub(super) async fn perform_parts(
        &self,
        work: &Work,
        parts: &mut [Parts],
        leave: &[Rule],
        deadline: Instant,
    ) -> Result<(), Error> {
        let mut traces = Traces::default();
        let result = self.make(work, parts, leave, &mut traces, deadline).await;
        if result.is_err() {
            self.take_back(work, &traces).await;
        }
        result
    }

    async fn make(
        &self,
        work: &Work,
        parts: &mut [Parts],
        leave: &[Rule],
        traces: &mut Traces,
        deadline: Instant,
    ) -> Result<(), Error> {
        let rules = rules(parts);
        if parts.iter().all(Parts::is_rule_only) {
            return self.apply_rules(&rules, leave, deadline).await;
        }
        let view = self.ovs.session().view(deadline).await?;
        fit(parts, &view);
        let ways = self.ways(parts).await?;
        leave_own_out(parts, &ways);
        let (wanted, rows) = (self.wanted(work, parts).await?, rows(parts));
        integration_bridge(&wanted, &view)?;
        self.ovs.check(&wanted, &view)?;
        if !rows.is_empty() {
            self.ovn.check(&rows, &work.mark, deadline).await?;
        }
        let Traces { rows: written, ported } = traces;
        let ports = self.make_ports(work, &wanted, parts, ported, deadline);
        // OVN makes of the rows what it needs while Open vSwitch makes the ports.
        let ports = async {
            let (rowed, made) = tokio::join!(self.ovn.make(&rows, &work.mark, written, deadline), ports);
            rowed.and(made)?;
            // Without rows nothing was asked of OVN.
            if rows.is_empty() { Ok(()) } else { self.bound(&wanted.ports, deadline).await }
        };
        let on_new_bridge = wanted
            .bridges
            .iter()
            .any(|bridge| bridge.purpose == Purpose::Segment && view.bridge(&bridge.name).is_none());
        if !on_new_bridge {
            ports.await?;
            return self.apply_rules(&rules, leave, deadline).await;
        }
        let (connected, ruled) = tokio::join!(ports, self.apply_rules(&rules, leave, deadline));
        let result = connected.and(ruled);
        if result.is_err()
            && let Err(error) = self.apply_rules(&[], &rules, Instant::now() + GRACE).await
        {
            tracing::warn!(%error, mark = %work.mark, "rules of a failed plan are still to be removed");
        }
        result
    }

    /// Makes what is wanted of Open vSwitch, with its links and addresses.
    async fn make_ports(
        &self,
        work: &Work,
        wanted: &Wanted,
        parts: &[Parts],
        Ported { made, links, routes }: &mut Ported,
        deadline: Instant,
    ) -> Result<(), Error> {
        let veths: Vec<&VethSpec> = parts.iter().filter_map(|parts| parts.veth.as_ref()).collect();
        self.no_strangers(&veths).await?;
        if !wanted.is_empty() {
            self.ovs.make(wanted, made, self.make_links(&veths, links), deadline).await?;
        }
        for guard in parts.iter().filter_map(|parts| parts.guard.as_ref()) {
            self.guards.open(guard, deadline).await?;
        }
        self.forgetter.forgotten(&stations(work), deadline).await;
        for name in parts.iter().filter_map(|parts| parts.up.as_ref()) {
            self.links.up(name).await?;
        }
        for (name, configuration) in parts.iter().filter_map(|parts| parts.foot.as_ref()) {
            self.configure(name, configuration, deadline).await?;
        }
        for (name, route) in parts.iter().filter_map(|parts| parts.route.as_ref()) {
            if self.links.add_route(name, route).await? {
                routes.push((name.clone(), route.clone()));
            }
        }
        Ok(())
    }

    /// What the plan wants of Open vSwitch.
    pub(super) async fn wanted(&self, work: &Work, parts: &[Parts]) -> Result<Wanted, Error> {
        let mut bridges: Vec<BridgeSpec> = Vec::new();
        for bridge in parts.iter().flat_map(Parts::bridges) {
            // Ports can have one guard.
            if bridges.iter().all(|other| other.name != bridge.name) {
                bridges.push(bridge.clone());
            }
        }
        let ports = parts.iter().flat_map(Parts::ports).cloned().collect();
        // Only a new bridge needs to know.
        let kernel_datapath = !bridges.is_empty() && self.kernel_datapath().await?;
        Ok(Wanted { mark: work.mark.clone(), bridges, ports, kernel_datapath })
    }

    /// Makes containers' links, unless they are there from an earlier attempt.
    async fn make_links(&self, veths: &[&VethSpec], links: &mut Vec<InterfaceName>) -> Result<(), Error> {
        for veth in veths {
            match self.links.add_veth(veth).await {
                Ok(()) => links.push(veth.name.clone()),
                Err(error) if error.is_exists() => self.own_link(veth).await?,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// A link of that name is there: fine if it is the one.
    async fn own_link(&self, veth: &VethSpec) -> Result<(), Error> {
        self.no_strangers(&[veth]).await?;
        Ok(self.links.up(&veth.name).await?)
    }

    /// Somebody else's link of a name that is ours is left alone, and gets no row.
    async fn no_strangers(&self, veths: &[&VethSpec]) -> Result<(), Error> {
        for veth in veths.iter().filter(|veth| self.links.is_taken(&veth.name)) {
            if let Some(link) = self.links.get(&veth.name).await?.filter(|link| link.alias != veth.alias) {
                let owner = if link.alias.is_empty() { "somebody else".to_owned() } else { link.alias };
                return Err(Error::Foreign { what: "link", name: veth.name.to_string(), owner });
            }
        }
        Ok(())
    }

    async fn configure(&self, name: &InterfaceName, wanted: &Configuration, deadline: Instant) -> Result<(), Error> {
        self.links.wait_for(name, deadline).await?;
        Ok(self.links.configure(name, wanted).await?)
    }

    pub(super) async fn apply_rules(&self, add: &[Rule], remove: &[Rule], deadline: Instant) -> Result<(), Error> {
        if add.is_empty() && remove.is_empty() {
            return Ok(());
        }
        match timeout_at(deadline, self.firewall.apply(add, remove)).await {
            Ok(result) => Ok(result?),
            Err(_) => Err(Error::FirewallSlow),
        }
    }

    /// Exactly the rules of these plans.
    pub(super) async fn replace_all_rules(&self, works: &[Work], deadline: Instant) -> Result<(), Error> {
        let mut all = Vec::new();
        for work in works {
            for step in &work.steps {
                all.extend(kind::parts(work, step)?.rule);
            }
        }
        match timeout_at(deadline, self.firewall.replace(&all)).await {
            Ok(result) => Ok(result?),
            Err(_) => Err(Error::FirewallSlow),
        }
    }

    /// Removes what a call made that failed. What cannot be removed now carries our mark and is found later.
    async fn take_back(&self, work: &Work, Traces { rows, ported }: &Traces) {
        let Ported { made, links, routes } = ported;
        let deadline = Instant::now() + GRACE;
        let Mark { network, .. } = &work.mark;
        if let Err(error) = self.ovn.remove(rows, &work.mark, deadline).await {
            tracing::warn!(%error, mark = %work.mark, "rows of a failed plan are still to be removed");
        }
        for (port, route) in routes {
            if let Err(error) = self.links.delete_route(port, route).await {
                tracing::warn!(%error, mark = %work.mark, "a route of a failed plan could not be removed");
            }
        }
        if let Err(error) = self.ovs.remove_ports(&made.ports, deadline).await {
            tracing::warn!(%error, mark = %work.mark, "ports of a failed plan are still to be removed");
        }
        for bridge in &made.bridges {
            if let Err(error) = self.ovs.remove_bridge(bridge, network, deadline).await {
                tracing::warn!(%error, mark = %work.mark, "a bridge of a failed plan could not be removed");
            }
        }
        for link in links {
            self.reaper.reap(link.clone());
        }
    }
}

/// What a call has made, to be removed if it fails later.
#[derive(Debug, Default)]
struct Traces {
    rows: Vec<ovn::Id>,
    ported: Ported,
}

/// The part of it that makes ports usable.
#[derive(Debug, Default)]
struct Ported {
    made: Made,
    links: Vec<InterfaceName>,
    routes: Vec<(InterfaceName, RouteVia)>,
}

/// Settles what is known only when Open vSwitch is: which bridge ports of logical switches are on, which one guards ports, and
/// what containers' links have to know of theirs.
pub(super) fn fit(parts: &mut [Parts], view: &View) {
    let bridge = view.root().and_then(|root| InterfaceName::new(root.integration_bridge()).ok());
    for port in parts.iter_mut().filter_map(|parts| parts.port.as_mut()).filter(|port| port.binding.is_some()) {
        port.bridge = bridge.clone().unwrap_or_else(|| port.bridge.clone());
    }
    fit_links(parts, view);
}

/// Ports of logical switches need a bridge that ovn-controller makes.
fn integration_bridge(wanted: &Wanted, view: &View) -> Result<(), Error> {
    let absent = |port: &&PortSpec| port.binding.is_some() && view.bridge(&port.bridge).is_none();
    match wanted.ports.iter().find(absent) {
        Some(port) => Err(Error::NoIntegrationBridge { bridge: port.bridge.to_string() }),
        None => Ok(()),
    }
}

/// The rows of a plan.
pub(super) fn rows(parts: &[Parts]) -> Vec<RowSpec> {
    parts.iter().flat_map(|parts| parts.rows.iter().cloned()).collect()
}

/// ovs-vswitchd's own datapath takes frames from links as they are. A container leaves their checksums to a device, and
/// there is none, so it must be told to make them itself, unless that datapath was told to expect unfinished ones.
fn fit_links(parts: &mut [Parts], view: &View) {
    let expects_unfinished = view.root().is_some_and(|root| root.userspace_tso());
    for parts in parts {
        let netdev = parts.home().and_then(|bridge| view.bridge(bridge)).map(|bridge| bridge.is_netdev());
        if netdev == Some(false) {
            parts.guard_on_kernel();
        }
        if let Some(netdev) = netdev {
            parts.settle_mesh(netdev);
        }
        if let Some(veth) = &mut parts.veth {
            veth.checksum_offload_off = !expects_unfinished && netdev == Some(true);
        }
    }
}

/// The addresses of the containers of a plan.
pub(super) fn stations(work: &Work) -> Vec<IpAddr> {
    let addresses = work.steps.iter().flat_map(|step| match &step.action {
        Action::EndpointPort(port) => port.addresses.as_slice(),
        _ => &[],
    });
    addresses.map(IpNet::addr).collect()
}

/// The rules of a plan.
pub(super) fn rules(parts: &[Parts]) -> Vec<Rule> {
    parts.iter().filter_map(|parts| parts.rule.clone()).collect()
}
