//! Where OVN's northbound database is, and with what certificates: one rule for everything that talks to it.
//!
//! Open vSwitch's database knows it (`external_ids:ovn-nb`, `SSL`), so that a host is told once. It is looked up each time,
//! since an operator may move it; nothing is cached but the copy of that database.

use std::path::Path;

use crate::client::Client;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::monitor::{MonitorSpec, TableSpec};
use crate::options::{Options, TlsFiles};
use crate::remote::{Remote, RemoteError};
use crate::replica::Snapshot;

/// The name of the database.
pub const NORTHBOUND: &str = "OVN_Northbound";

const SWITCH: &str = "Open_vSwitch";
const KEY: &str = "ovn-nb";
/// Where OVN's own packages have the local socket, in the order in which it is looked for.
const SOCKETS: [&str; 2] = ["/run/ovn/ovnnb_db.sock", "/var/run/ovn/ovnnb_db.sock"];

/// What an operator said about the northbound database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum NorthboundAt {
    /// As Open vSwitch's `external_ids:ovn-nb` says, else the local socket if it is there, else nowhere.
    #[default]
    Auto,
    /// There is none, whatever Open vSwitch says.
    Nowhere,
    /// One server, or the members of a cluster.
    Remotes(Vec<Remote>),
}

/// A northbound database that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// One server, or the members of a cluster.
    pub remotes: Vec<Remote>,
    /// Certificates for `ssl:` remotes: those of the configuration, else those that Open vSwitch uses.
    pub tls: Option<TlsFiles>,
}

/// Why it is not known where the northbound database is.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NotFound {
    /// Open vSwitch's database could tell, and does not answer.
    #[error("where OVN's northbound database is, Open vSwitch knows (external_ids:ovn-nb), which does not answer: {0}")]
    Switch(#[source] Error),
    /// What Open vSwitch says is no remote.
    #[error("external_ids:ovn-nb of Open_vSwitch names no database: {0}")]
    Remote(#[from] RemoteError),
}

/// Finds the northbound database. Clones share one connection to Open vSwitch's.
#[derive(Clone, Debug)]
pub struct Northbound {
    at: NorthboundAt,
    tls: Option<TlsFiles>,
    switch: Option<Client>,
}

impl Northbound {
    /// `switch` is Open vSwitch's database, which is only connected to where it has a say; `tls` are the certificates that
    /// an operator named. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// If the options contradict themselves. A server that is not there is no error.
    pub fn start(at: NorthboundAt, switch: impl Into<Options>, tls: Option<TlsFiles>) -> Result<Self, Error> {
        let needs_certificates =
            |remotes: &[Remote]| remotes.iter().any(|remote| matches!(remote, Remote::Ssl { .. })) && tls.is_none();
        let asks = match &at {
            NorthboundAt::Auto => true,
            NorthboundAt::Nowhere => false,
            NorthboundAt::Remotes(remotes) => needs_certificates(remotes),
        };
        let switch = if asks { Some(Client::start(switch, monitor())?) } else { None };
        Ok(Self { at, tls, switch })
    }

    /// Whether an operator said that there is none.
    #[must_use]
    pub fn is_nowhere(&self) -> bool {
        self.at == NorthboundAt::Nowhere
    }

    /// Where it is now; nothing: this host has none.
    ///
    /// # Errors
    /// Where Open vSwitch's database has a say and does not answer, or what it says is no remote.
    pub async fn find(&self, deadline: impl Into<Deadline>) -> Result<Option<Found>, NotFound> {
        let told = match &self.switch {
            Some(client) => {
                let root = |copy: &Snapshot| copy.rows(SWITCH).next().map(|_| copy.clone());
                Some(client.wait_until(root, deadline).await.map_err(NotFound::Switch)?)
            }
            None => None,
        };
        Ok(self.at.find_in(self.tls.as_ref(), told.as_ref())?)
    }
}

impl NorthboundAt {
    /// Where it is, by a copy of Open vSwitch's database with the `external_ids` of `Open_vSwitch` and the table `SSL`;
    /// nothing: this host has none. `tls` are the certificates that an operator named.
    ///
    /// # Errors
    /// If what Open vSwitch says counts and is no remote.
    pub fn find_in(&self, tls: Option<&TlsFiles>, switch: Option<&Snapshot>) -> Result<Option<Found>, RemoteError> {
        let remotes = match self {
            NorthboundAt::Nowhere => return Ok(None),
            NorthboundAt::Remotes(remotes) => remotes.clone(),
            NorthboundAt::Auto => match northbound_remotes(switch.and_then(said).as_deref())? {
                Some(remotes) => remotes,
                None => return Ok(None),
            },
        };
        Ok(Some(Found { remotes, tls: tls.cloned().or_else(|| switch.and_then(certificates)) }))
    }
}

/// The rule where nobody says otherwise: what Open vSwitch's `external_ids:ovn-nb` says, else the local socket if it is
/// there, else nowhere.
///
/// # Errors
/// If `external_ids:ovn-nb` is no remote.
pub fn northbound_remotes(ovn_nb: Option<&str>) -> Result<Option<Vec<Remote>>, RemoteError> {
    said_or_local(ovn_nb, &SOCKETS)
}

fn said_or_local(ovn_nb: Option<&str>, sockets: &[impl AsRef<Path>]) -> Result<Option<Vec<Remote>>, RemoteError> {
    match ovn_nb.filter(|text| !text.trim().is_empty()) {
        Some(text) => Remote::parse_list(text).map(Some),
        None => {
            let there = sockets.iter().map(AsRef::as_ref).find(|path| path.exists());
            Ok(there.map(|path| vec![Remote::Unix(path.to_owned())]))
        }
    }
}

fn monitor() -> MonitorSpec {
    let root = TableSpec::new(SWITCH).columns(["external_ids"]);
    let ssl = TableSpec::new("SSL").columns(["private_key", "certificate", "ca_cert"]);
    MonitorSpec::database(SWITCH).table(root).table(ssl)
}

fn said(copy: &Snapshot) -> Option<String> {
    let root = copy.rows(SWITCH).next()?;
    root.entry("external_ids", KEY).map(str::to_owned)
}

fn certificates(copy: &Snapshot) -> Option<TlsFiles> {
    let row = copy.rows("SSL").next()?;
    let file = |column| row.get::<&str>(column).ok().filter(|path| !path.is_empty()).map(Into::into);
    Some(TlsFiles {
        private_key: file("private_key")?,
        certificate: file("certificate")?,
        ca_certificate: file("ca_cert")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_open_vswitch_says_comes_before_the_local_sockets_and_those_in_their_order() {
        let directory = tempfile::tempdir().unwrap();
        let sockets = ["first.sock", "second.sock"].map(|name| directory.path().join(name));
        let found = |ovn_nb| said_or_local(ovn_nb, &sockets).unwrap();
        let at = |path: &Path| Some(vec![Remote::Unix(path.to_owned())]);
        assert_eq!(found(None), None, "this host has none");
        let [first, second] = &sockets;
        std::fs::write(second, "").unwrap();
        assert_eq!(found(None), at(second));
        std::fs::write(first, "").unwrap();
        assert_eq!(found(None), at(first));
        assert_eq!(found(Some(" ")), at(first), "that says nothing");
        let said = "tcp:192.0.2.1:6641,unix:/there.sock";
        assert_eq!(found(Some(said)), Some(Remote::parse_list(said).unwrap()));
        assert!(said_or_local(Some("nowhere"), &sockets).is_err(), "a mistake there is not passed over");
    }
}
