//! How a client connects.

use crate::error::OptionsError;
use crate::remote::Remote;
use std::path::PathBuf;
use std::time::Duration;

/// How a client connects. Everything but the remotes has a default that suits a local Open vSwitch.
#[derive(Clone, Debug)]
pub struct Options {
    /// The servers: one, or the members of a cluster. They are tried in random order.
    pub remotes: Vec<Remote>,
    /// Certificates for `ssl:` remotes.
    pub tls: Option<TlsFiles>,
    /// Talk only to the leader of a cluster. A follower may be behind, and passes writes on to the leader.
    pub leader_only: bool,
    /// After how much silence the server is probed, and after as much again given up. Not used on unix sockets; zero
    /// means never.
    pub probe_interval: Duration,
    /// How long one attempt to connect may take, the first copy of the monitored rows included.
    pub connect_timeout: Duration,
    /// The longest pause between attempts to connect.
    pub max_backoff: Duration,
    /// The longest message that is accepted, in bytes. The first copy of the monitored rows is one message.
    pub max_message: usize,
}

/// PEM files, as Open vSwitch's own tools take them. They are read at each connection, so that renewed ones are used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// Our private key.
    pub private_key: PathBuf,
    /// Our certificate, and those between it and the CA.
    pub certificate: PathBuf,
    /// The CA that must have signed the server's certificate. The name in it does not matter: as with Open vSwitch, who
    /// has a certificate of this CA is trusted.
    pub ca_certificate: PathBuf,
}

impl Options {
    /// Options for these servers.
    pub fn new(remotes: impl IntoIterator<Item = Remote>) -> Self {
        Options {
            remotes: remotes.into_iter().collect(),
            tls: None,
            leader_only: true,
            probe_interval: Duration::from_secs(5),
            connect_timeout: Duration::from_secs(10),
            max_backoff: Duration::from_secs(8),
            max_message: 256 << 20,
        }
    }

    pub(crate) fn check(&self) -> Result<(), OptionsError> {
        if self.remotes.is_empty() {
            return Err(OptionsError::NoRemote);
        }
        match self.remotes.iter().find(|remote| matches!(remote, Remote::Ssl { .. })) {
            Some(remote) if self.tls.is_none() => Err(OptionsError::NoTlsFiles(remote.to_string())),
            _ => Ok(()),
        }
    }
}

impl From<Remote> for Options {
    fn from(remote: Remote) -> Self {
        Options::new([remote])
    }
}
