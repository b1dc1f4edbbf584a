//! The transactions that remove ports and bridges. Only what carries our instance's mark is removed, and no bridge that
//! others use; nobody waits for ovs-vswitchd to let go.

use ovsdb::{Mutate, Select, Transaction, Update, Value, Wait};
use plan::{InterfaceName, NetworkId};
use tokio::time::Instant;

use super::change::next_cfg;
use super::rate;
use super::session::{Outcome, Session};
use super::view::{BRIDGE, Bridge, DATABASE, PORT, ROOT, View};
use crate::{Error, Mark};

impl Session {
    /// Removes ports of our instance from their bridges, in one transaction; says which number ovs-vswitchd has to reach.
    pub(crate) async fn take_out_ports(
        &self,
        ports: &[InterfaceName],
        deadline: Instant,
    ) -> Result<Option<i64>, Error> {
        let what = format!("remove {}", names(ports));
        let mut attempts = self.attempts(deadline);
        loop {
            let Some(transaction) = self.removal(ports, &attempts.view().await?) else { return Ok(None) };
            if let Outcome::Done(results) = self.transact(&what, transaction, deadline).await? {
                return Ok(next_cfg(&results));
            }
        }
    }

    /// Takes ports out of their bridges; none: none of ours is there.
    fn removal(&self, ports: &[InterfaceName], view: &View) -> Option<Transaction> {
        let root = view.root()?.uuid();
        let rows = ports.iter().filter_map(|name| {
            let port = view.port(name)?;
            let bridge = view.bridge_of(port).filter(|_| self.is_ours(port.mark()))?;
            Some(Mutate::row(BRIDGE, bridge.uuid()).delete("ports", port.uuid()))
        });
        let guards = self.emptied_guards(ports, view);
        let removal = guards.iter().fold(Transaction::new(DATABASE), |removal, guard| {
            removal.wait(Wait::row_holds(BRIDGE, guard.uuid(), [("ports", guard.ports())]))
        });
        let removal = rows.fold(removal, Transaction::mutate);
        let removal = guards
            .iter()
            .fold(removal, |removal, guard| removal.mutate(Mutate::row(ROOT, root).delete("bridges", guard.uuid())));
        let rated = ports.iter().filter(|name| view.has_rate(name, self.instance()));
        let removal = rated.fold(removal, |removal, name| {
            // A port that goes is not gone before the end of the transaction.
            let port = view.port(name).map(|port| Update::row(PORT, port.uuid()).set("qos", Value::empty()));
            let removal = port.into_iter().fold(removal, Transaction::push);
            rate::delete(name, self.instance()).into_iter().fold(removal, Transaction::push)
        });
        let end = |removal: Transaction| {
            removal
                .mutate(Mutate::row(ROOT, root).add("next_cfg", 1))
                .comment(format!("docker-ovs: remove {}", names(ports)))
                .select(Select::row(ROOT, root).columns(["next_cfg"]))
        };
        (!removal.operations().is_empty()).then(|| end(removal))
    }

    /// The bridges that guard nothing any more once these ports are gone.
    fn emptied_guards<'a>(&self, ports: &[InterfaceName], view: &'a View) -> Vec<Bridge<'a>> {
        let goes = |name: &str| ports.iter().any(|port| port.as_str() == name);
        let is_emptied = |bridge: &Bridge<'_>| {
            let mut others =
                view.ports(*bridge).map(|port| port.name()).filter(|name| *name != bridge.name()).peekable();
            bridge.mark() == Some(Mark::of_guard(self.instance())) && others.peek().is_some() && others.all(goes)
        };
        let emptied: Vec<_> = view.bridges().filter(is_emptied).collect();
        self.leaving().extend(emptied.iter().map(|bridge| bridge.name()));
        emptied
    }

    /// Removes a bridge, if it is our instance's, with the ports that a network has on it. One that others use stays.
    pub(crate) async fn remove_bridge(&self, name: &str, network: &NetworkId, deadline: Instant) -> Result<(), Error> {
        let mut attempts = self.attempts(deadline);
        let mut caught_up = false;
        loop {
            let view = attempts.view().await?;
            let ours = |bridge: &Bridge<'_>| self.is_ours(bridge.mark());
            let (Some(root), Some(bridge)) = (view.root(), view.bridge(name).filter(ours)) else { return Ok(()) };
            let others = self.others_on(&view, bridge, network);
            if !others.is_empty() && !caught_up {
                // Somebody may have taken theirs out a moment ago.
                self.catch_up(deadline).await?;
                caught_up = true;
                continue;
            }
            if !others.is_empty() {
                return Err(Error::InUse { bridge: name.to_owned(), ports: others.join(", ") });
            }
            self.leaving().extend(view.ports(bridge).map(|port| port.name()).chain([name]));
            let transaction = Transaction::new(DATABASE)
                .wait(Wait::row_holds(BRIDGE, bridge.uuid(), [("ports", bridge.ports())]))
                .mutate(Mutate::row(ROOT, root.uuid()).delete("bridges", bridge.uuid()).add("next_cfg", 1))
                .comment(format!("docker-ovs: remove bridge {name}"));
            let outcome = self.transact(&format!("remove bridge {name}"), transaction, deadline).await?;
            if matches!(outcome, Outcome::Done(_)) {
                return Ok(());
            }
        }
    }

    /// The ports of a bridge that are neither its own nor a network's, nor about to be removed by us.
    fn others_on(&self, view: &View, bridge: Bridge<'_>, network: &NetworkId) -> Vec<String> {
        let other = view.ports(bridge).filter(|port| {
            let ours = port.mark().filter(|mark| mark.instance == *self.instance());
            let goes = ours.is_some_and(|mark| mark.network == *network || self.leaving().contains(port.name()));
            port.name() != bridge.name() && !goes
        });
        other.map(|port| port.name().to_owned()).collect()
    }

    fn is_ours(&self, mark: Option<Mark>) -> bool {
        mark.is_some_and(|mark| mark.instance == *self.instance())
    }
}

fn names(ports: &[InterfaceName]) -> String {
    ports.iter().map(InterfaceName::as_str).collect::<Vec<_>>().join(" ")
}
