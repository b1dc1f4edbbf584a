//! Undoing a plan: in reverse, however much of it is there, carrying on after errors.

use plan::{Action, InterfaceName, RouteVia};
use tokio::time::Instant;

use super::Plumbing;
use super::perform::{fit, rows, rules, stations};
use crate::kind::{self, Parts};
use crate::ovn::{self, RowSpec};
use crate::{Error, Mark, Marked, MarkedKind, Work};

impl Plumbing {
    /// Undoes a plan, but for rows and routes that others say as well.
    pub(super) async fn undo_work(&self, work: &Work, kept: &[Parts], deadline: Instant) -> Result<(), Error> {
        let mut errors = Vec::new();
        let mut parts: Vec<Parts> = Vec::new();
        for step in work.steps.iter().rev() {
            match kind::parts(work, step) {
                Ok(some) => parts.push(without(some, kept)),
                Err(error) => errors.push(error),
            }
        }
        errors.extend(self.apply_rules(&[], &rules(&parts), deadline).await.err());
        fit(&mut parts, &self.ovs.session().now());
        for guard in parts.iter().filter_map(|parts| parts.guard.as_ref()) {
            self.guards.shut(guard, deadline).await;
        }
        let ports = self.own_ports(work, &parts);
        errors.extend(self.ovs.remove_ports(&ports, deadline).await.err());
        for bridge in parts.iter().filter_map(|parts| parts.bridge.as_ref()) {
            errors.extend(self.ovs.remove_bridge(&bridge.name, &work.mark.network, deadline).await.err());
        }
        for veth in parts.iter().filter_map(|parts| parts.veth.as_ref()) {
            self.reaper.reap(veth.name.clone());
        }
        for (name, route) in parts.iter().filter_map(|parts| parts.route.as_ref()) {
            errors.extend(self.links.delete_route(name, route).await.err().map(Error::from));
        }
        let rows: Vec<ovn::Id> = rows(&parts).iter().map(|row| (row.table, row.uuid)).collect();
        errors.extend(self.ovn.remove(&rows, &work.mark, deadline).await.err());
        // Docker gives the address to a new container, which must not inherit connections. Without a foot in the network
        // the host has seen none.
        if work.scope.iter().any(|step| matches!(step.action, Action::HostPort(_))) {
            self.forgetter.forget(stations(work));
        }
        Error::all(errors)
    }

    /// The ports of a plan that are not gone with a bridge of the same plan.
    fn own_ports(&self, work: &Work, parts: &[Parts]) -> Vec<InterfaceName> {
        let view = self.ovs.session().now();
        let goes = |name: &InterfaceName| {
            let bridge = view.bridge(name).and_then(|bridge| bridge.mark());
            let removed = parts.iter().filter_map(|parts| parts.bridge.as_ref()).any(|bridge| bridge.name == *name);
            removed && bridge.is_some_and(|mark| mark.instance == work.mark.instance)
        };
        let ports = parts.iter().flat_map(Parts::ports);
        ports.filter(|port| !goes(&port.bridge)).map(|port| port.name.clone()).collect()
    }

    fn mark(&self, marked: &Marked) -> Mark {
        let Marked { network, endpoint, .. } = marked.clone();
        Mark { instance: self.ovs.session().instance().clone(), network, endpoint }
    }

    pub(super) async fn remove_marked(&self, marked: &Marked, deadline: Instant) -> Result<(), Error> {
        match (marked.kind, InterfaceName::new(&marked.name)) {
            (MarkedKind::Bridge, _) => self.ovs.remove_bridge(&marked.name, &marked.network, deadline).await,
            (MarkedKind::Port, Ok(name)) => self.ovs.remove_ports(&[name], deadline).await,
            (MarkedKind::Link, Ok(name)) => {
                self.reaper.reap(name);
                Ok(())
            }
            (MarkedKind::Rules, _) => Ok(self.firewall.remove(&self.mark(marked)).await?),
            (MarkedKind::LogicalRows, _) => self.ovn.remove_all_of(&self.mark(marked), deadline).await,
            // No link has a name that none can have.
            (MarkedKind::Port | MarkedKind::Link, Err(_)) => Ok(()),
        }
    }
}

/// Parts without the rows and routes that others have, too.
fn without(parts: Parts, kept: &[Parts]) -> Parts {
    let row =
        |row: &RowSpec| kept.iter().flat_map(|kept| &kept.rows).any(|it| (it.table, it.uuid) == (row.table, row.uuid));
    let route = |route: &(InterfaceName, RouteVia)| kept.iter().any(|kept| kept.route.as_ref() == Some(route));
    let rows = parts.rows.into_iter().filter(|spec| !row(spec)).collect();
    Parts { rows, route: parts.route.filter(|it| !route(it)), ..parts }
}
