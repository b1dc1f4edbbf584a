//! The connection to Open vSwitch's database: the copy, transactions, and what they ran into in our words.

use std::sync::Arc;
use std::time::Duration;

use ovsdb::{Client, Link, Mutate, OpResult, Options, Remote, Select, TlsFiles, Transaction, Wait};
use plan::{InstanceId, InterfaceName, NetworkId};
use tokio::time::{Instant, sleep};

use super::change::next_cfg;
use super::leaving::Leaving;
use super::view::{self, BRIDGE, Bridge, DATABASE, ROOT, View};
use crate::Error;

/// How long the longest pause between attempts to connect is. Open vSwitch is on the same host, and a container waits.
const MAX_BACKOFF: Duration = Duration::from_secs(1);
/// How often a change is made again because rows that it builds on changed meanwhile.
const ATTEMPTS: u32 = 10;

/// A session with Open vSwitch's database, kept up in the background. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Session {
    client: Client,
    remotes: Arc<str>,
    instance: InstanceId,
    leaving: Leaving,
}

/// What became of a transaction.
pub(crate) enum Outcome {
    /// It was done.
    Done(Vec<OpResult>),
    /// Rows that it builds on changed meanwhile: nothing was done.
    Outdated,
    /// It may have been done: the connection was lost.
    Unknown,
}

impl Session {
    /// Starts connecting. That nobody answers is no error.
    pub(crate) fn start(instance: InstanceId, remotes: &[Remote], tls: Option<TlsFiles>) -> Result<Self, Error> {
        let mut options = Options::new(remotes.iter().cloned());
        options.tls = tls;
        options.max_backoff = MAX_BACKOFF;
        let client = Client::start(options, view::monitor()).map_err(Error::Options)?;
        let remotes: Vec<String> = remotes.iter().map(ToString::to_string).collect();
        Ok(Self { client, remotes: remotes.join(",").into(), instance, leaving: Leaving::default() })
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn instance(&self) -> &InstanceId {
        &self.instance
    }

    /// The bridges and ports that we are removing.
    pub(crate) fn leaving(&self) -> &Leaving {
        &self.leaving
    }

    pub(crate) fn remotes(&self) -> &str {
        &self.remotes
    }

    /// The copy as it is, or as it was when the connection was lost.
    pub(crate) fn now(&self) -> View {
        View(self.client.snapshot())
    }

    /// Whether the copy is current.
    pub(crate) fn is_current(&self) -> bool {
        self.client.connected()
    }

    /// The copy as it is, once there is a connection.
    pub(crate) async fn view(&self, deadline: Instant) -> Result<View, Error> {
        self.client.wait_connected(deadline).await.map_err(|_| self.away())?;
        Ok(self.now())
    }

    /// Looks at the copy now and after each change, until there is something to say.
    pub(crate) async fn watch<T>(
        &self,
        mut look: impl FnMut(&View) -> Option<T>,
        deadline: Instant,
    ) -> Result<T, Error> {
        self.client.wait_until(|copy| look(&View(copy.clone())), deadline).await.map_err(|_| self.away())
    }

    /// Waits until ovs-vswitchd has taken a configuration over; false: not in time.
    pub(crate) async fn reached(&self, next_cfg: i64, deadline: Instant) -> bool {
        let reached = |view: &View| view.root().filter(|root| root.cur_cfg() >= next_cfg).map(|_| ());
        self.watch(reached, deadline).await.is_ok()
    }

    /// That Open vSwitch does not answer, and why as far as is known.
    pub(crate) fn away(&self) -> Error {
        let cause = match self.client.link() {
            Link::Down { cause } => cause.map(|cause| cause.to_string()),
            Link::Up { .. } => Some("no answer in time".to_owned()),
        };
        Error::OvsAway { remote: self.remotes.to_string(), cause }
    }

    /// Does a transaction.
    pub(crate) async fn transact(
        &self,
        what: &str,
        transaction: Transaction,
        deadline: Instant,
    ) -> Result<Outcome, Error> {
        match self.client.transact(transaction, deadline).await {
            Ok(results) => Ok(Outcome::Done(results)),
            Err(error) if error.is_guard_failed() || error.is_duplicate() => Ok(Outcome::Outdated),
            Err(error) if error.is_unknown() && Instant::now() < deadline => Ok(Outcome::Unknown),
            Err(error) if error.is_timeout() || error.is_unknown() => Err(self.away()),
            Err(error) => Err(Error::Refused { what: what.to_owned(), said: error.to_string() }),
        }
    }

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
            let ours = port.mark().is_some_and(|mark| mark.instance == self.instance);
            let bridge = view.bridge_of(port).filter(|_| ours)?;
            Some(Mutate::row(BRIDGE, bridge.uuid()).delete("ports", port.uuid()))
        });
        let removal = rows.fold(Transaction::new(DATABASE), Transaction::mutate);
        let end = |removal: Transaction| {
            removal
                .mutate(Mutate::row(ROOT, root).add("next_cfg", 1))
                .comment(format!("docker-ovs: remove {}", names(ports)))
                .select(Select::row(ROOT, root).columns(["next_cfg"]))
        };
        (!removal.operations().is_empty()).then(|| end(removal))
    }

    /// Removes a bridge, if it is our instance's, with the ports that a network has on it. One that others use stays.
    pub(crate) async fn remove_bridge(&self, name: &str, network: &NetworkId, deadline: Instant) -> Result<(), Error> {
        let mut attempts = self.attempts(deadline);
        loop {
            let view = attempts.view().await?;
            let ours = |bridge: &Bridge<'_>| bridge.mark().is_some_and(|mark| mark.instance == self.instance);
            let (Some(root), Some(bridge)) = (view.root(), view.bridge(name).filter(ours)) else { return Ok(()) };
            let others = self.others_on(&view, bridge, network);
            if !others.is_empty() {
                return Err(Error::InUse { bridge: name.to_owned(), ports: others.join(", ") });
            }
            self.leaving.extend(view.ports(bridge).map(|port| port.name()).chain([name]));
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

    /// The ports of a bridge that are neither its own nor a network's.
    fn others_on(&self, view: &View, bridge: Bridge<'_>, network: &NetworkId) -> Vec<String> {
        let other = view.ports(bridge).filter(|port| {
            let mark = port.mark().filter(|mark| mark.instance == self.instance && mark.network == *network);
            port.name() != bridge.name() && mark.is_none()
        });
        other.map(|port| port.name().to_owned()).collect()
    }

    /// Attempts at a change, each with the copy as it is then.
    pub(crate) fn attempts(&self, deadline: Instant) -> Attempts<'_> {
        Attempts { session: self, deadline, tried: 0 }
    }
}

/// A change that is made again while what it builds on changes, or the connection is lost.
pub(crate) struct Attempts<'a> {
    session: &'a Session,
    deadline: Instant,
    tried: u32,
}

impl Attempts<'_> {
    /// The copy for the next attempt; an error after too many. It is newer than the one before, and others that want the
    /// same get a chance.
    pub(crate) async fn view(&mut self) -> Result<View, Error> {
        if self.tried == ATTEMPTS {
            return Err(Error::Contended);
        }
        sleep(Duration::from_millis(5) * self.tried).await;
        self.tried += 1;
        self.session.view(self.deadline).await
    }
}

fn names(ports: &[InterfaceName]) -> String {
    ports.iter().map(InterfaceName::as_str).collect::<Vec<_>>().join(" ")
}
