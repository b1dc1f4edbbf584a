//! Server and client together, over a socket in a temporary directory.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use admin::report::{
    AddressPool, Endpoint, EndpointState, ExplainedStep, Explanation, Health, Holding, LogFilter, Mode, Modes, Module,
    NetworkDetail, NetworkState, NetworkSummary, Reconciled, Released, Removed, Status, Step, ToBeUndone, Upgrade,
    UpgradeStage,
};
use admin::{
    BindError, Client, ClientError, Failure, FailureKind, Operations, Reclaiming, Releasing, Selector, Upgrading, bind,
    serve,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinHandle;

const NETWORK: &str = "b5082ded43d3b362c2b913dae6ee17a8afb51ef0e2a2e19db122d4b5fea67142";
const PATIENT: Duration = Duration::from_secs(20);

/// A driver with one network. A reconcile of everything waits until the test opens the gate.
struct FakeDriver {
    gate: Semaphore,
    started: Semaphore,
    reconciled: Semaphore,
}

impl FakeDriver {
    fn find(network: &Selector) -> Result<NetworkSummary, Failure> {
        if network.as_str() == "panic" {
            panic!("asked to");
        }
        if !network.matches(NETWORK) {
            return Err(Failure::not_found(format!("network {network}")));
        }
        Ok(NetworkSummary { id: NETWORK.into(), mode: "nat".into(), health: Health::Healthy, ..Default::default() })
    }
}

impl Operations for FakeDriver {
    async fn status(&self) -> Result<Status, Failure> {
        Ok(Status { version: "0.1.0".into(), uptime_seconds: 7, ..Default::default() })
    }

    async fn networks(&self) -> Result<Vec<NetworkSummary>, Failure> {
        Ok(vec![Self::find(&NETWORK.parse().unwrap())?])
    }

    async fn network(&self, network: Selector) -> Result<NetworkDetail, Failure> {
        let endpoint = Endpoint { id: "e1".into(), state: EndpointState::Joined, ..Default::default() };
        Ok(NetworkDetail { summary: Self::find(&network)?, endpoint_list: vec![endpoint], ..Default::default() })
    }

    async fn reconcile(&self, network: Option<Selector>) -> Result<Reconciled, Failure> {
        match network {
            Some(network) => Ok(Reconciled { networks: vec![Self::find(&network)?.id], ..Default::default() }),
            None => {
                self.started.add_permits(1);
                self.gate.acquire().await.unwrap().forget();
                self.reconciled.add_permits(1);
                Ok(Reconciled { duration_ms: 3, ..Default::default() })
            }
        }
    }

    async fn explain(&self, network: Selector, endpoint: Option<Selector>) -> Result<Explanation, Failure> {
        let step = Step { label: "bridge".into(), action: json!({"bridge": {"mtu": 1500}}), ..Default::default() };
        let shell = vec!["ovs-vsctl add-br ovsbr1".into()];
        Ok(Explanation {
            network: Self::find(&network)?.id,
            endpoint: endpoint.map(String::from),
            steps: vec![ExplainedStep { step, grant: "built-in".into(), shell }],
            ..Default::default()
        })
    }

    async fn to_be_undone(&self) -> Result<Vec<ToBeUndone>, Failure> {
        Err(Failure::new(FailureKind::Unavailable, "open vswitch is not running"))
    }

    async fn remove(&self, network: Selector, endpoint: Option<Selector>) -> Result<Removed, Failure> {
        let network = Self::find(&network)?.id;
        Ok(Removed { network, endpoint: endpoint.map(String::from), ..Default::default() })
    }

    async fn pools(&self) -> Result<Vec<AddressPool>, Failure> {
        Ok(vec![AddressPool { subnet: "10.1.0.0/24".into(), endpoints: 7, ..AddressPool::default() }])
    }

    async fn holdings(&self) -> Result<Vec<Holding>, Failure> {
        Ok(vec![Holding { host: "node7".into(), rows: 4, ..Holding::default() }])
    }

    async fn release(&self, releasing: Releasing) -> Result<Released, Failure> {
        let Releasing { vrf, subnet, addresses } = releasing;
        Ok(Released { vrf, subnet, addresses, networks: 2 })
    }

    async fn reclaim(&self, reclaiming: Reclaiming) -> Result<Vec<Holding>, Failure> {
        let Reclaiming { host, only_look } = reclaiming;
        Ok(vec![Holding { host, own: !only_look, ..Holding::default() }])
    }

    async fn modes(&self) -> Result<Modes, Failure> {
        Ok(Modes { modes: vec![Mode { name: "nat".into(), ..Mode::default() }], notices: Vec::new() })
    }

    async fn reload_modes(&self) -> Result<Modes, Failure> {
        Ok(Modes { notices: vec!["read again".into()], ..Modes::default() })
    }

    async fn upgrade(&self, network: Selector, upgrading: Upgrading) -> Result<Upgrade, Failure> {
        let stage = if upgrading.confirmation.is_some() { UpgradeStage::Done } else { UpgradeStage::Planned };
        let to = Module { mode: upgrading.to.unwrap_or_default(), ..Default::default() };
        Ok(Upgrade { network: Self::find(&network)?.id, stage, to, ..Default::default() })
    }

    async fn set_log_filter(&self, filter: String) -> Result<LogFilter, Failure> {
        Ok(LogFilter { filter, before: "info".into() })
    }
}

struct Lab {
    directory: TempDir,
    driver: Arc<FakeDriver>,
    shutdown: oneshot::Sender<()>,
    server: JoinHandle<bool>,
}

impl Lab {
    async fn start(drain: Duration) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let driver =
            Arc::new(FakeDriver { gate: Semaphore::new(0), started: Semaphore::new(0), reconciled: Semaphore::new(0) });
        let listener = bind(&directory.path().join("run/admin.sock")).await.unwrap();
        let (shutdown, asked) = oneshot::channel::<()>();
        let server = tokio::spawn(serve(listener, Arc::clone(&driver), drain, async {
            asked.await.ok();
        }));
        Self { directory, driver, shutdown, server }
    }

    fn socket(&self) -> PathBuf {
        self.directory.path().join("run/admin.sock")
    }

    fn client(&self) -> Client {
        Client::new(self.socket(), PATIENT)
    }

    /// The status and the body that come back to these bytes.
    async fn raw(&self, request: &str) -> (u16, Value) {
        let mut stream = UnixStream::connect(self.socket()).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), serde_json::from_str(body).unwrap())
    }
}

fn selector(text: &str) -> Selector {
    text.parse().unwrap()
}

/// Waits until the driver has passed this point.
async fn passed(point: &Semaphore) {
    tokio::time::timeout(PATIENT, point.acquire()).await.unwrap().unwrap().forget();
}

#[tokio::test]
async fn every_operation_comes_through() {
    let lab = Lab::start(PATIENT).await;
    let client = lab.client();
    assert_eq!(client.status().await.unwrap().uptime_seconds, 7);
    assert_eq!(client.networks().await.unwrap()[0].id, NETWORK);
    let detail = client.network(selector("b508")).await.unwrap();
    assert_eq!((detail.summary.health, detail.endpoint_list[0].state), (Health::Healthy, EndpointState::Joined));
    assert_eq!(client.reconcile(Some(selector("b508"))).await.unwrap().networks, [NETWORK]);
    lab.driver.gate.add_permits(1);
    assert_eq!(client.reconcile(None).await.unwrap().duration_ms, 3);
    let explanation = client.explain(selector("b508"), Some(selector("e1"))).await.unwrap();
    assert_eq!(explanation.endpoint.as_deref(), Some("e1"));
    assert_eq!(explanation.steps[0].step.action, json!({"bridge": {"mtu": 1500}}));
    assert_eq!(client.explain(selector("b508"), None).await.unwrap().endpoint, None);
    assert_eq!(client.remove(selector("b508"), None).await.unwrap().network, NETWORK);
    let removed = client.remove(selector("b508"), Some(selector("e1"))).await.unwrap();
    assert_eq!((removed.network.as_str(), removed.endpoint.as_deref()), (NETWORK, Some("e1")));
    assert_eq!(client.modes().await.unwrap().modes[0].name, "nat");
    assert_eq!(client.reload_modes().await.unwrap().notices, ["read again"]);
    assert_eq!(client.pools().await.unwrap()[0].endpoints, 7);
    assert_eq!(client.holdings().await.unwrap()[0].host, "node7");
    let reclaiming = Reclaiming { host: "node 8".into(), only_look: true };
    let reclaimed = client.reclaim(reclaiming).await.unwrap();
    assert_eq!((reclaimed[0].host.as_str(), reclaimed[0].own), ("node 8", false));
    let releasing = Releasing { vrf: "blue".into(), subnet: "10.1.0.0/24".into(), addresses: vec!["10.1.0.9".into()] };
    let released = client.release(releasing).await.unwrap();
    assert_eq!((released.networks, released.addresses), (2, vec!["10.1.0.9".to_owned()]));
    let upgrading = Upgrading { to: Some("lab".into()), confirmation: Some("9f2c".into()) };
    let upgraded = client.upgrade(selector("b508"), upgrading).await.unwrap();
    assert_eq!((upgraded.stage, upgraded.to.mode.as_str()), (UpgradeStage::Done, "lab"));
    let log = client.set_log_filter("debug").await.unwrap();
    assert_eq!(log, LogFilter { filter: "debug".into(), before: "info".into() });
}

#[tokio::test]
async fn the_drivers_failures_keep_their_kind() {
    let lab = Lab::start(PATIENT).await;
    let error = lab.client().network(selector("web")).await.unwrap_err();
    assert_eq!((error.to_string().as_str(), error.exit_code()), ("no such network web", 66));
    let error = lab.client().to_be_undone().await.unwrap_err();
    assert_eq!((error.to_string().as_str(), error.exit_code()), ("open vswitch is not running", 69));
    let error = lab.client().network(selector("panic")).await.unwrap_err();
    assert_eq!(error.exit_code(), 70);
    assert_eq!(error.to_string(), "/v1/networks/panic failed inside the driver: its log says more");
    assert_eq!(lab.client().status().await.unwrap().version, "0.1.0");
}

#[tokio::test]
async fn curl_can_ask_too() {
    let lab = Lab::start(PATIENT).await;
    let (status, body) = lab.raw("GET /v1/networks HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert_eq!((status, &body[0]["id"], &body[0]["health"]), (200, &json!(NETWORK), &json!("healthy")));
    let (status, body) = lab.raw("GET /v1/networks/web HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert_eq!((status, body), (404, json!({"error": {"kind": "not-found", "message": "no such network web"}})));
    let (status, body) = lab.raw("POST /v1/status HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n").await;
    assert_eq!((status, &body["error"]["kind"]), (400, &json!("invalid")));
    let body = "x".repeat(70_000);
    let large = format!("PUT /v1/log-filter HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let (status, body) = lab.raw(&large).await;
    assert_eq!((status, &body["error"]["kind"]), (400, &json!("invalid")));
}

#[tokio::test]
async fn a_driver_that_is_not_there_is_said_to_be_not_running() {
    let directory = tempfile::tempdir().unwrap();
    let socket = directory.path().join("admin.sock");
    let error = Client::new(&socket, PATIENT).status().await.unwrap_err();
    assert!(matches!(error, ClientError::NotRunning { .. }));
    assert!(error.to_string().contains("is it running?"), "{error}");
    assert_eq!(error.exit_code(), 69);
    drop(bind(&socket).await.unwrap());
    let error = Client::new(&socket, PATIENT).status().await.unwrap_err();
    assert!(matches!(error, ClientError::NotRunning { .. }), "{error}");
}

#[tokio::test]
async fn the_client_gives_up_at_its_deadline_and_the_operation_goes_on() {
    let lab = Lab::start(PATIENT).await;
    let client = Client::new(lab.socket(), Duration::from_millis(100));
    let error = client.reconcile(None).await.unwrap_err();
    assert!(matches!(error, ClientError::Timeout { .. }), "{error}");
    assert_eq!(error.exit_code(), 75);
    lab.driver.gate.add_permits(1);
    passed(&lab.driver.reconciled).await;
}

#[tokio::test]
async fn what_is_no_answer_is_said_to_be_none() {
    let directory = tempfile::tempdir().unwrap();
    let socket = directory.path().join("admin.sock");
    let listener = bind(&socket).await.unwrap();
    let nonsense = tokio::spawn(async move {
        for answer in
            ["HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno", "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", ""]
        {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut question = [0; 1024];
            assert!(stream.read(&mut question).await.unwrap() > 0);
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    for _ in 0..3 {
        let error = Client::new(&socket, PATIENT).status().await.unwrap_err();
        assert!(matches!(error, ClientError::Broken { .. }), "{error}");
        assert_eq!(error.exit_code(), 76);
    }
    nonsense.await.unwrap();
}

#[tokio::test]
async fn an_operation_under_way_finishes_before_the_server_ends() {
    let lab = Lab::start(PATIENT).await;
    let client = lab.client();
    let asking = tokio::spawn(async move { client.reconcile(None).await });
    passed(&lab.driver.started).await;
    lab.shutdown.send(()).unwrap();
    lab.driver.gate.add_permits(1);
    assert_eq!(asking.await.unwrap().unwrap().duration_ms, 3);
    assert!(lab.server.await.unwrap());
}

#[tokio::test]
async fn the_server_ends_with_its_time_to_drain() {
    let lab = Lab::start(Duration::from_millis(50)).await;
    let client = lab.client();
    let asking = tokio::spawn(async move { client.reconcile(None).await });
    passed(&lab.driver.started).await;
    lab.shutdown.send(()).unwrap();
    assert!(!lab.server.await.unwrap());
    asking.abort();
}

#[tokio::test]
async fn the_socket_is_for_its_owner_only() {
    let lab = Lab::start(PATIENT).await;
    let mode = std::fs::metadata(lab.socket()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn a_socket_is_never_taken_from_somebody() {
    let lab = Lab::start(PATIENT).await;
    let error = bind(&lab.socket()).await.unwrap_err();
    assert!(matches!(error, BindError::InUse { .. }), "{error}");
    assert_eq!(lab.client().status().await.unwrap().version, "0.1.0");
    let file = lab.directory.path().join("notes");
    std::fs::write(&file, "mine").unwrap();
    assert!(matches!(bind(&file).await.unwrap_err(), BindError::NotASocket { .. }));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
}

#[tokio::test]
async fn a_socket_that_a_dead_driver_left_is_replaced() {
    let directory = tempfile::tempdir().unwrap();
    let socket = directory.path().join("admin.sock");
    drop(bind(&socket).await.unwrap());
    assert!(socket.exists());
    let listener = bind(&socket).await.unwrap();
    let (connected, accepted) = tokio::join!(UnixStream::connect(&socket), listener.accept());
    assert!(connected.is_ok() && accepted.is_ok());
}

#[test]
fn reports_of_other_versions_can_be_read() {
    let newer = json!({"id": "n", "health": "sleepy", "state": "asleep", "moons": 3});
    let summary: NetworkSummary = serde_json::from_value(newer).unwrap();
    assert_eq!((summary.id.as_str(), summary.health, summary.state), ("n", Health::Unknown, NetworkState::Unknown));
    let detail: NetworkDetail = serde_json::from_value(json!({"id": "n", "mode": "nat"})).unwrap();
    assert_eq!(detail.summary.mode, "nat");
}
