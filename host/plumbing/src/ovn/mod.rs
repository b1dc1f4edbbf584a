//! OVN's part of the plumbing: rows of its northbound database.
//!
//! What many hosts say alike is one row, which each of their networks claims; see [`claim`]. A [`Change`] is made from what
//! is wanted and from the copy of the database, by the same comparison that verifying uses. One plan is one transaction.
//! The ports on this host's integration bridge that logical ports are bound to are Open vSwitch's, and made there.

mod attempts;
mod change;
mod claim;
mod difference;
mod drift;
mod identity;
mod ledger;
mod locate;
mod overlap;
mod removal;
mod row;
mod session;
mod shell;
mod stations;
mod table;
#[cfg(test)]
mod tests;
mod view;
mod write;

pub(crate) use difference::RowState;
pub(crate) use row::{
    HostPortSpec, LogicalPortSpec, Packets, Router, RowSpec, Switch, acl, endpoint_name, endpoint_port, host_port,
    load_balancer, localnet, logical_nat, logical_router, logical_switch, no_redirects, outside_address, rates,
    router_port, static_route,
};
pub(crate) use shell::shell;
pub(crate) use view::{Id, View};

use std::sync::{Arc, Mutex, PoisonError};

use ovsdb::{NorthboundAt, TlsFiles};
use plan::InstanceId;
use tokio::sync::broadcast;
use tokio::time::Instant;

use self::change::Who;
use self::claim::Host;
use self::drift::Drift;
use self::session::Session;
use crate::ovs::Ovs;
use crate::{Error, Event, Holding, Mark};

/// The kernel's name of this host.
const HOSTNAME: &str = "/proc/sys/kernel/hostname";

/// OVN, as far as this host speaks to it. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Ovn(Arc<Inner>);

struct Inner {
    instance: InstanceId,
    /// Where the northbound database is and who this host is stands in Open vSwitch's database.
    ovs: Ovs,
    at: NorthboundAt,
    tls: Option<TlsFiles>,
    current: Mutex<Option<Session>>,
    events: broadcast::Sender<Event>,
}

impl Ovn {
    /// Starts connecting, as soon as it is known where.
    pub(crate) fn start(
        instance: InstanceId,
        ovs: Ovs,
        at: NorthboundAt,
        tls: Option<TlsFiles>,
        events: broadcast::Sender<Event>,
    ) -> Self {
        let ovn = Self(Arc::new(Inner { instance, ovs, at, tls, current: Mutex::default(), events }));
        tokio::spawn(locate::follow(ovn.clone()));
        ovn
    }

    /// The session with the database that is to be used now.
    fn session(&self) -> Result<Session, Error> {
        let Inner { instance, ovs, .. } = &*self.0;
        let found = self.locate(&ovs.session().now())?;
        // What panics while it holds this leaves a session or none.
        let mut current = self.0.current.lock().unwrap_or_else(PoisonError::into_inner);
        match &*current {
            Some(session) if *session.found() == found => Ok(session.clone()),
            _ => {
                let session = Session::start(instance, found)?;
                tokio::spawn(tell(Drift::new(&session, instance.clone()), self.0.events.clone()));
                *current = Some(session.clone());
                Ok(session)
            }
        }
    }

    /// The copy as it is, once there is a connection: for who comes again, and has others to look at.
    pub(crate) async fn look(&self, deadline: Instant) -> Result<View, Error> {
        self.0.ovs.session().view(deadline).await?;
        let session = self.session()?;
        session.view(session.patience(deadline)).await
    }

    /// The copy as it is, if there is a connection.
    pub(crate) fn view_if_current(&self) -> Option<View> {
        self.session().ok().filter(Session::is_current).map(|session| session.now())
    }

    /// Whether wanted rows can be there at all, before anything is made for them.
    pub(crate) async fn check(&self, rows: &[RowSpec], mark: &Mark, deadline: Instant) -> Result<(), Error> {
        self.0.ovs.session().view(deadline).await?;
        // Docker asks once for a container that starts with the host, where the database may start after us.
        let session = match &mark.endpoint {
            Some(_) => self.found(deadline).await?,
            None => self.session()?,
        };
        session.judge(rows, &self.who(mark), deadline).await.map(|_| ())
    }

    fn who(&self, mark: &Mark) -> Who {
        let view = self.0.ovs.session().now();
        let id = |key: &str| view.root().and_then(|root| root.id(key)).map(str::to_owned);
        // Where whoever started Open vSwitch wrote it down, as ovs-ctl does, else as the kernel has it.
        let name = id("hostname").or_else(|| std::fs::read_to_string(HOSTNAME).ok());
        let name = name.unwrap_or_default().trim().to_owned();
        Who { mark: mark.clone(), host: Host { name, system: id("system-id").unwrap_or_default() } }
    }

    /// Makes rows, in one transaction. `made` says what was inserted or claimed, also after an error.
    pub(crate) async fn make(
        &self,
        rows: &[RowSpec],
        mark: &Mark,
        made: &mut Vec<Id>,
        deadline: Instant,
    ) -> Result<(), Error> {
        if rows.is_empty() {
            return Ok(());
        }
        self.session()?.make(rows, &self.who(mark), made, deadline).await
    }

    /// Takes rows away as far as they are a plan's own, and its network's claims to the others; the last claim takes the
    /// row with it.
    pub(crate) async fn remove(&self, rows: &[Id], mark: &Mark, deadline: Instant) -> Result<(), Error> {
        if rows.is_empty() {
            return Ok(());
        }
        let session = self.session()?;
        session.remove(rows, mark, session.patience(deadline)).await
    }

    /// What the drivers of all hosts have.
    pub(crate) async fn holdings(&self, deadline: Instant) -> Result<Vec<Holding>, Error> {
        self.0.ovs.session().view(deadline).await?;
        self.session()?.holdings(&self.0.instance, deadline).await
    }

    /// Lets go of what a driver has whose host is gone.
    pub(crate) async fn reclaim(&self, instance: &str, deadline: Instant) -> Result<Vec<Holding>, Error> {
        self.0.ovs.session().view(deadline).await?;
        self.session()?.reclaim(instance, &self.0.instance, deadline).await
    }

    /// Takes away all that a network or endpoint has.
    pub(crate) async fn remove_all_of(&self, mark: &Mark, deadline: Instant) -> Result<(), Error> {
        let rows = self.look(deadline).await?.rows_of(mark);
        self.remove(&rows, mark, deadline).await
    }
}

async fn tell(mut drift: Drift, events: broadcast::Sender<Event>) {
    while let Some(some) = drift.next().await {
        for event in some {
            tracing::debug!(?event, "the northbound database changed");
            // Nobody may be listening yet.
            let _ = events.send(event);
        }
    }
}
