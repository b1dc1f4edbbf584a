//! The client that the commands use.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper::header::HOST;
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::net::UnixStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::report::{
    AddressPool, Explanation, Holding, LogFilter, Modes, NetworkDetail, NetworkSummary, Reconciled, Released, Removed,
    Status, ToBeUndone, Upgrade,
};
use crate::request::Request;
use crate::{Failure, Reclaiming, Releasing, Selector, Upgrading};

/// Asks the driver behind one socket; each question is a connection of its own.
#[derive(Debug, Clone)]
pub struct Client {
    socket: PathBuf,
    deadline: Duration,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Nobody listens.
    #[error(
        "no driver answers on {}: is it running? start it with `systemctl start docker-ovs` or `docker-ovs serve`, or \
         name its socket (admin_socket)",
        socket.display()
    )]
    NotRunning {
        /// The socket.
        socket: PathBuf,
        /// What connecting said.
        source: io::Error,
    },
    /// The socket is not for this user.
    #[error("may not open {}: run the command as root", socket.display())]
    Denied {
        /// The socket.
        socket: PathBuf,
        /// What connecting said.
        source: io::Error,
    },
    /// The deadline is over.
    #[error("the driver on {} did not answer within {} s; what it was asked may still happen", socket.display(), deadline.as_secs_f64())]
    Timeout {
        /// The socket.
        socket: PathBuf,
        /// How long was waited.
        deadline: Duration,
    },
    /// The connection broke off, or what came was no answer.
    #[error("the driver on {} gave no proper answer: {problem}", socket.display())]
    Broken {
        /// The socket.
        socket: PathBuf,
        /// What happened.
        problem: String,
    },
    /// The driver's own error.
    #[error(transparent)]
    Failed(Failure),
}

impl ClientError {
    /// The exit code of a command that ends with it: those of `sysexits.h`.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::NotRunning { .. } => 69,
            Self::Broken { .. } => 76,
            Self::Timeout { .. } => 75,
            Self::Denied { .. } => 77,
            Self::Failed(failure) => failure.exit_code(),
        }
    }
}

#[derive(Deserialize)]
struct FailureBody {
    error: Failure,
}

impl Client {
    /// A client of the driver on this socket; no answer takes longer than `deadline`.
    pub fn new(socket: impl Into<PathBuf>, deadline: Duration) -> Self {
        Self { socket: socket.into(), deadline }
    }

    /// The socket.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// See [`Operations::status`](crate::Operations::status).
    pub async fn status(&self) -> Result<Status, ClientError> {
        self.ask(&Request::Status).await
    }

    /// See [`Operations::networks`](crate::Operations::networks).
    pub async fn networks(&self) -> Result<Vec<NetworkSummary>, ClientError> {
        self.ask(&Request::Networks).await
    }

    /// See [`Operations::network`](crate::Operations::network).
    pub async fn network(&self, network: Selector) -> Result<NetworkDetail, ClientError> {
        self.ask(&Request::Network(network)).await
    }

    /// See [`Operations::reconcile`](crate::Operations::reconcile).
    pub async fn reconcile(&self, network: Option<Selector>) -> Result<Reconciled, ClientError> {
        self.ask(&Request::Reconcile(network)).await
    }

    /// See [`Operations::explain`](crate::Operations::explain).
    pub async fn explain(&self, network: Selector, endpoint: Option<Selector>) -> Result<Explanation, ClientError> {
        self.ask(&Request::Explain { network, endpoint }).await
    }

    /// See [`Operations::to_be_undone`](crate::Operations::to_be_undone).
    pub async fn to_be_undone(&self) -> Result<Vec<ToBeUndone>, ClientError> {
        self.ask(&Request::ToBeUndone).await
    }

    /// See [`Operations::remove`](crate::Operations::remove).
    pub async fn remove(&self, network: Selector, endpoint: Option<Selector>) -> Result<Removed, ClientError> {
        self.ask(&Request::Remove { network, endpoint }).await
    }

    /// See [`Operations::pools`](crate::Operations::pools).
    pub async fn pools(&self) -> Result<Vec<AddressPool>, ClientError> {
        self.ask(&Request::Pools).await
    }

    /// See [`Operations::release`](crate::Operations::release).
    pub async fn release(&self, releasing: Releasing) -> Result<Released, ClientError> {
        self.ask(&Request::Release(releasing)).await
    }

    /// See [`Operations::holdings`](crate::Operations::holdings).
    pub async fn holdings(&self) -> Result<Vec<Holding>, ClientError> {
        self.ask(&Request::Holdings).await
    }

    /// See [`Operations::reclaim`](crate::Operations::reclaim).
    pub async fn reclaim(&self, reclaiming: Reclaiming) -> Result<Vec<Holding>, ClientError> {
        self.ask(&Request::Reclaim(reclaiming)).await
    }

    /// See [`Operations::modes`](crate::Operations::modes).
    pub async fn modes(&self) -> Result<Modes, ClientError> {
        self.ask(&Request::Modes).await
    }

    /// See [`Operations::reload_modes`](crate::Operations::reload_modes).
    pub async fn reload_modes(&self) -> Result<Modes, ClientError> {
        self.ask(&Request::ReloadModes).await
    }

    /// See [`Operations::upgrade`](crate::Operations::upgrade).
    pub async fn upgrade(&self, network: Selector, upgrading: Upgrading) -> Result<Upgrade, ClientError> {
        self.ask(&Request::Upgrade { network, upgrading }).await
    }

    /// See [`Operations::set_log_filter`](crate::Operations::set_log_filter).
    pub async fn set_log_filter(&self, filter: impl Into<String>) -> Result<LogFilter, ClientError> {
        self.ask(&Request::SetLogFilter(filter.into())).await
    }

    async fn ask<T: DeserializeOwned>(&self, request: &Request) -> Result<T, ClientError> {
        match timeout(self.deadline, self.exchange(request)).await {
            Ok(answer) => answer,
            Err(_) => Err(ClientError::Timeout { socket: self.socket.clone(), deadline: self.deadline }),
        }
    }

    async fn exchange<T: DeserializeOwned>(&self, request: &Request) -> Result<T, ClientError> {
        let stream = UnixStream::connect(&self.socket).await.map_err(|error| self.not_connected(error))?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|e| self.broken(&e))?;
        // Ends with this set, also when the deadline drops it.
        let mut driving = JoinSet::new();
        driving.spawn(connection);
        let question = hyper::Request::builder()
            .method(request.method())
            .uri(request.path())
            .header(HOST, "docker-ovs")
            .body(Full::new(Bytes::from(request.body())))
            .map_err(|error| self.broken(&error))?;
        let response = sender.send_request(question).await.map_err(|error| self.broken(&error))?;
        let status = response.status();
        let body = response.into_body().collect().await.map_err(|error| self.broken(&error))?.to_bytes();
        if status.is_success() {
            return serde_json::from_slice(&body).map_err(|error| self.broken(&error));
        }
        let FailureBody { error } = serde_json::from_slice(&body).map_err(|error| self.broken(&error))?;
        Err(ClientError::Failed(error))
    }

    fn not_connected(&self, source: io::Error) -> ClientError {
        let socket = self.socket.clone();
        match source.kind() {
            io::ErrorKind::PermissionDenied => ClientError::Denied { socket, source },
            _ => ClientError::NotRunning { socket, source },
        }
    }

    fn broken(&self, error: &(dyn std::error::Error + 'static)) -> ClientError {
        let Failure { message, .. } = Failure::internal(error);
        ClientError::Broken { socket: self.socket.clone(), problem: message }
    }
}
