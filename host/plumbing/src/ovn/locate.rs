//! Connects to the northbound database, wherever it is said to be.

use std::time::Duration;

use ovsdb::{Found, NorthboundAt};
use tokio::time::{Instant, sleep_until};

use super::Ovn;
use super::session::Session;
use crate::Error;
use crate::ovs::View;

/// How long one wait for a change of Open vSwitch's database may last; it is begun again.
const WHILE: Duration = Duration::from_secs(3600);
/// How often the local socket is looked for while nothing else is known: nobody tells when it comes.
const PAUSE: Duration = Duration::from_millis(500);

impl Ovn {
    /// Where the northbound database is, as far as Open vSwitch's says.
    pub(super) fn locate(&self, view: &View) -> Result<Found, Error> {
        let found = self.0.at.find_in(self.0.tls.as_ref(), Some(&view.0));
        found.map_err(|error| Error::NorthboundName { said: error.to_string() })?.ok_or(Error::NorthboundUnknown)
    }

    /// The session with the database, once it is known where that is.
    pub(super) async fn found(&self, deadline: Instant) -> Result<Session, Error> {
        loop {
            match self.session() {
                Err(Error::NorthboundUnknown) if self.may_come() && Instant::now() < deadline => {
                    sleep_until(deadline.min(Instant::now() + PAUSE)).await;
                }
                known => return known,
            }
        }
    }

    /// Whether it may become known where the database is.
    fn may_come(&self) -> bool {
        self.0.at == NorthboundAt::Auto
    }
}

/// Connects as soon as it is known where to, and elsewhere when that changes: what others do to our rows is to be heard
/// of before anything is asked of us.
pub(super) async fn follow(ovn: Ovn) {
    let mut known = None;
    loop {
        let elsewhere = |view: &View| {
            let found = ovn.locate(view).ok();
            (found.is_some() && found != known).then_some(found)
        };
        let socket_may_come = known.is_none() && ovn.may_come();
        let end = Instant::now() + if socket_may_come { PAUSE } else { WHILE };
        match ovn.0.ovs.session().watch(elsewhere, end).await {
            Ok(found) => known = found,
            // Nothing changed for so long, or Open vSwitch is away.
            Err(_) if Instant::now() >= end => continue,
            // There is nobody left to watch it.
            Err(_) => return,
        }
        if let Err(error) = ovn.session() {
            tracing::warn!(%error, "the northbound database cannot be used");
        }
    }
}
