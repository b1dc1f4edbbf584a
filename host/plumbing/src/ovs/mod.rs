//! Open vSwitch's part of the plumbing: bridges and ports as rows of its database, and waiting until ovs-vswitchd made
//! them.
//!
//! A [`Change`] is made from what is wanted and from the copy of the database, by the same comparison that verifying
//! uses, so performing twice, repairing and going on after a lost connection are all the same thing.

mod change;
mod difference;
mod drift;
mod group_commit;
mod leaving;
mod rate;
mod ready;
mod removal;
mod remover;
mod session;
mod spec;
mod view;

use std::fmt;
use std::time::Duration;

pub(crate) use difference::{BridgeState, PortState};
pub(crate) use drift::Drift;
pub(crate) use leaving::Leaving;
pub(crate) use spec::{Binding, BridgeSpec, INTEGRATION_BRIDGE, PortSpec, Purpose, Role, VlanMode, Vlans};
pub(crate) use view::{Bridge, Interface, View};

use ovsdb::{Remote, TlsFiles};
use plan::{Datapath, InstanceId, InterfaceName, NetworkId};
use tokio::time::Instant;

use self::change::Change;
use self::group_commit::GroupCommit;
use self::ready::{Asked, Progress};
use self::remover::Remover;
use self::session::{Attempts, Outcome, Session};
use crate::{Error, Mark};

/// How long ovs-vswitchd may take to notice a link: longer than it takes over a thousand ports.
const ROUND: Duration = Duration::from_millis(300);

/// With so many ports ovs-vswitchd takes longer until it looks for a new one's link than it takes to make that.
const MANY: usize = 100;

/// What a plan wants of Open vSwitch.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// Whose it is.
    pub(crate) mark: Mark,
    /// The bridges.
    pub(crate) bridges: Vec<BridgeSpec>,
    /// The ports.
    pub(crate) ports: Vec<PortSpec>,
    /// Whether the kernel has Open vSwitch's datapath.
    pub(crate) kernel_datapath: bool,
}

impl Wanted {
    /// Whether nothing is.
    pub(crate) fn is_empty(&self) -> bool {
        self.bridges.is_empty() && self.ports.is_empty()
    }

    /// Bridge's `datapath_type`.
    pub(crate) fn datapath_type(&self, datapath: Datapath) -> &'static str {
        match datapath {
            Datapath::Auto if self.kernel_datapath => "system",
            Datapath::System => "system",
            Datapath::Auto | Datapath::Netdev => "netdev",
        }
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bridges = self.bridges.iter().map(|bridge| format!("bridge {}", bridge.name));
        let ports = self.ports.iter().map(|port| format!("port {} of bridge {}", port.name, port.bridge));
        f.write_str(&bridges.chain(ports).collect::<Vec<_>>().join(", "))
    }
}

/// What a call has made, to be removed if it fails later.
#[derive(Debug, Default)]
pub(crate) struct Made {
    pub(crate) bridges: Vec<InterfaceName>,
    pub(crate) ports: Vec<InterfaceName>,
}

/// Open vSwitch on this host. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Ovs {
    session: Session,
    commits: GroupCommit,
    remover: Remover,
}

impl Ovs {
    /// Starts connecting. That nobody answers is no error.
    pub(crate) fn start(instance: InstanceId, remotes: &[Remote], tls: Option<TlsFiles>) -> Result<Self, Error> {
        let session = Session::start(instance, remotes, tls)?;
        let commits = GroupCommit::start(session.clone());
        Ok(Self { remover: Remover::start(session.clone()), commits, session })
    }

    /// The connection.
    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    /// What others change, from now on.
    pub(crate) fn drift(&self) -> Drift {
        Drift::new(self.session.clone())
    }

    /// Whether wanted things can be there at all, before anything is made for them.
    pub(crate) fn check(&self, wanted: &Wanted, view: &View) -> Result<(), Error> {
        Change::toward(wanted, view).map(|_| ())
    }

    /// Waits until no port is about to be removed.
    pub(crate) async fn drained(&self, deadline: Instant) -> Result<(), Error> {
        self.remover.drained(deadline).await
    }

    /// Whether a port is about to be removed by us.
    pub(crate) fn is_leaving(&self, port: &str) -> bool {
        self.session.leaving().contains(port)
    }

    /// Makes what is wanted, in one transaction, and waits until ovs-vswitchd has it. `made` says what was inserted, also
    /// after an error.
    ///
    /// `links` makes the containers' links. ovs-vswitchd goes over all ports and links when a link comes, and again when a
    /// row does. Where that takes long, the row comes first, and the link while ovs-vswitchd is on its way to it: one
    /// round. Elsewhere it would look for the link too early and complain in its log, so both come at once.
    pub(crate) async fn make(
        &self,
        wanted: &Wanted,
        made: &mut Made,
        links: impl Future<Output = Result<(), Error>>,
        deadline: Instant,
    ) -> Result<(), Error> {
        let ports: Vec<InterfaceName> = wanted.ports.iter().map(|port| port.name.clone()).collect();
        self.remover.gone(&ports, deadline).await?;
        let mut attempts = self.session.attempts(deadline);
        let first = self.ask(wanted, made, &mut attempts, deadline);
        let (linked, asked) = if self.session.now().port_count() < MANY {
            tokio::join!(links, first)
        } else {
            let asked = first.await?;
            (links.await, Ok(asked))
        };
        linked?;
        let mut asked = Asked { links_were_there: false, ..asked? };
        while !self.taken_over(&asked, deadline).await? || asked.first_half {
            asked = self.ask(wanted, made, &mut attempts, deadline).await?;
        }
        Ok(())
    }

    /// Asks for what is wanted.
    async fn ask<'a>(
        &self,
        wanted: &'a Wanted,
        made: &mut Made,
        attempts: &mut Attempts<'_>,
        deadline: Instant,
    ) -> Result<Asked<'a>, Error> {
        let what = format!("add {wanted}");
        loop {
            let change = Change::toward(wanted, &attempts.view().await?)?;
            // What is not answered in time may have been done all the same.
            let before = (made.bridges.len(), made.ports.len());
            made.bridges.extend(change.bridges);
            made.ports.extend(change.ports);
            self.session.leaving().extend(change.leave.iter().map(String::as_str));
            let outcome = self.commits.transact(&what, change.operations, deadline).await?;
            if matches!(outcome, Outcome::Outdated) {
                made.bridges.truncate(before.0);
                made.ports.truncate(before.1);
            }
            let Outcome::Done(results) = outcome else { continue };
            let Some(next_cfg) = change::next_cfg(&results) else { continue };
            let (inserted, first_half) = (made.ports.clone(), change.first_half);
            return Ok(Asked { wanted, inserted, next_cfg, first_half, links_were_there: true });
        }
    }

    /// Waits for ovs-vswitchd; false: it has to be asked again.
    async fn taken_over(&self, asked: &Asked<'_>, deadline: Instant) -> Result<bool, Error> {
        let mut waiting_for = asked.wanted.to_string();
        let look = |view: &View| match asked.progress(view) {
            Ok(Progress::Waiting(what)) => {
                waiting_for = what;
                None
            }
            result => Some(result),
        };
        match self.session.watch(look, deadline).await {
            Ok(Ok(Progress::TooEarly)) => self.looks_again(asked, deadline).await,
            Ok(result) => result.map(|progress| progress == Progress::Done),
            Err(_) if self.session.is_current() => Err(Error::NotTakenOver { what: waiting_for }),
            Err(away) => Err(away),
        }
    }

    /// ovs-vswitchd looked for a link before it was there. That it came makes it look again, without being asked; false:
    /// it did not.
    async fn looks_again(&self, asked: &Asked<'_>, deadline: Instant) -> Result<bool, Error> {
        let look = |view: &View| match asked.progress(view) {
            Ok(Progress::Waiting(_) | Progress::TooEarly) => None,
            result => Some(result),
        };
        let soon = deadline.min(Instant::now() + ROUND);
        let looked = self.session.watch(look, soon).await.unwrap_or(Ok(Progress::Again));
        looked.map(|progress| progress == Progress::Done)
    }

    /// Removes ports of our instance; see [`Remover::remove`].
    pub(crate) async fn remove_ports(&self, ports: &[InterfaceName], deadline: Instant) -> Result<(), Error> {
        self.remover.remove(ports, deadline).await
    }

    /// Removes a bridge of our instance, with what a network has on it; one that others use stays, with an error.
    pub(crate) async fn remove_bridge(&self, name: &str, network: &NetworkId, deadline: Instant) -> Result<(), Error> {
        self.session.remove_bridge(name, network, deadline).await
    }
}
