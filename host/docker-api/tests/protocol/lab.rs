//! A server in this process.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use docker_api::{Drained, Limits, serve};
use tempfile::TempDir;
use tokio::net::UnixListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::client::{Answer, post};
use crate::fake::FakeDriver;

/// Every route that needs a body.
pub(crate) const ROUTES: [&str; 18] = [
    "NetworkDriver.GwAllocCheck",
    "NetworkDriver.AllocateNetwork",
    "NetworkDriver.FreeNetwork",
    "NetworkDriver.CreateNetwork",
    "NetworkDriver.DeleteNetwork",
    "NetworkDriver.CreateEndpoint",
    "NetworkDriver.EndpointOperInfo",
    "NetworkDriver.DeleteEndpoint",
    "NetworkDriver.Join",
    "NetworkDriver.Leave",
    "NetworkDriver.DiscoverNew",
    "NetworkDriver.DiscoverDelete",
    "NetworkDriver.ProgramExternalConnectivity",
    "NetworkDriver.RevokeExternalConnectivity",
    "IpamDriver.RequestPool",
    "IpamDriver.ReleasePool",
    "IpamDriver.RequestAddress",
    "IpamDriver.ReleaseAddress",
];

/// A running server. It ends with the test.
pub(crate) struct Lab {
    pub(crate) driver: Arc<FakeDriver>,
    socket: PathBuf,
    shutdown: Option<oneshot::Sender<()>>,
    server: JoinHandle<Drained>,
    _directory: TempDir,
}

impl Lab {
    /// A server with these limits.
    pub(crate) fn start(limits: Limits) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let socket = directory.path().join("ovs.sock");
        let listener = UnixListener::bind(&socket).unwrap();
        let driver = Arc::new(FakeDriver::default());
        let (shutdown, asked) = oneshot::channel::<()>();
        let server = tokio::spawn(serve(listener, Arc::clone(&driver), limits, async {
            asked.await.ok();
        }));
        Self { driver, socket, shutdown: Some(shutdown), server, _directory: directory }
    }

    pub(crate) fn socket(&self) -> &Path {
        &self.socket
    }

    /// One call, as Docker makes it.
    pub(crate) async fn call(&self, method: &str, body: impl AsRef<[u8]>) -> Answer {
        post(&self.socket, method, body.as_ref()).await
    }

    /// The calls that reached the driver.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.driver.calls()
    }

    pub(crate) fn ask_to_stop(&mut self) {
        self.shutdown.take().unwrap().send(()).unwrap();
    }

    pub(crate) async fn stopped(self) -> Drained {
        self.server.await.unwrap()
    }
}

/// Limits for tests that wait for them to be reached.
pub(crate) fn short() -> Limits {
    Limits {
        join: Duration::from_millis(300),
        call: Duration::from_millis(100),
        grace: Duration::from_millis(50),
        send: Duration::from_millis(200),
        ..Limits::default()
    }
}

/// The body of a call about one endpoint.
pub(crate) fn endpoint(name: &str) -> String {
    format!(r#"{{"NetworkID": "net", "EndpointID": "{name}"}}"#)
}
