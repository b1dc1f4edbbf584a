//! A driver on a fake dataplane, with the real modes and a real store that outlives it.

use std::collections::BTreeMap;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use admin::Operations;
use admin::report::{NetworkDetail, Reconciled};
use docker_api::{
    AddressData, Context, CreateEndpoint, CreateNetwork, CreatedEndpoint, EndpointId, EndpointOptions, EndpointRef,
    Join, Joined, NetworkDriver, NetworkId, NetworkOptions, PortBinding, ProgramExternalConnectivity, Protocol,
    Refusal,
};
use driver::{Addresses, Config, Driver, LogControl, Memory, ModeSource, Modes, PhysicalNetwork};
use ipnet::IpNet;
use mode_tools::record::Recorder;
use plan::Grants;
use policy::{BuiltIn, Cache, Catalog, Compiler, GrantSection, Limits, Reloaded, Sandbox, Site, Witness};
use tokio::time::{Instant, sleep, timeout};

use crate::fake::Fake;
use crate::listening::{is_free, is_free_of_ipv6};

pub(crate) const NETWORK: &str = "b5082ded43d3b362c2b913dae6ee17a8afb51ef0e2a2e19db122d4b5fea67142";
pub(crate) const OTHER: &str = "c6082ded43d3b362c2b913dae6ee17a8afb51ef0e2a2e19db122d4b5fea67142";
pub(crate) const ENDPOINT: &str = "2f2497db76a577c0f0ff0f8056b657a003bd7636d7fd984b875d5ad9a5d3fedf";

/// Long enough for anything that is going to happen, on a machine that has other things to do.
pub(crate) const LONG: Duration = Duration::from_secs(120);

pub(crate) struct House {
    directory: tempfile::TempDir,
    pub(crate) fake: Fake,
    pub(crate) driver: Arc<Driver<Fake>>,
    background: tokio::task::JoinHandle<()>,
    start: Start,
}

/// What a driver is started with.
#[derive(Clone, Default)]
struct Start {
    boot: String,
    compiler: Compiler,
    grants: BTreeMap<String, GrantSection>,
    /// The modes there are; none: the driver's own.
    modes: Vec<BuiltIn>,
    /// It has modules of its own, too.
    site: bool,
    /// The northbound database that its pools are in; none: its own store.
    pools: Option<ovsdb::Remote>,
    /// How long strays are left alone, unless that is longer than any test takes.
    grace: Option<Duration>,
}

/// Reads the same places again.
struct Again {
    built_in: Vec<BuiltIn>,
    site: Site,
}

impl ModeSource for Again {
    fn read(&self, catalog: &Catalog) -> Reloaded {
        catalog.reload(&self.built_in, &self.site)
    }
}

struct NoLog;

impl LogControl for NoLog {
    fn filter(&self) -> String {
        "off".to_owned()
    }

    fn set(&self, filter: &str) -> Result<(), String> {
        Err(format!("no log to set to {filter}"))
    }
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::with(&[]).await
    }

    /// A house with other modes than the driver's own.
    pub(crate) async fn with(modes: &[BuiltIn]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let fake = Fake::new();
        let start = Start { boot: "boot-1".to_owned(), modes: modes.to_vec(), ..Start::default() };
        let (driver, background) = started(&directory, &fake, &start).await;
        Self { directory, fake, driver, background, start }
    }

    /// Changes the modes there are, and what they may do.
    pub(crate) fn has_now(&mut self, modes: &[BuiltIn], grants: &[(&str, &[&str])]) {
        self.start.modes = modes.to_vec();
        let allowed = |allow: &[&str]| Grants(allow.iter().map(|grant| grant.parse().unwrap()).collect());
        let section = |allow| GrantSection { digest: None, allow: allowed(allow) };
        self.start.grants = grants.iter().map(|(mode, allow)| ((*mode).to_owned(), section(*allow))).collect();
        let site = Site { grants: self.start.grants.clone(), ..Site::default() };
        drop(self.driver.catalog().reload(&self.start.modes, &site));
    }

    /// A house with a directory of modules, and one of grants.
    pub(crate) async fn of_site() -> Self {
        let house = Self::new().await;
        let start = Start { site: true, ..house.start.clone() };
        let house = house.restart_with(start).await;
        for directory in [house.mode_dir(), house.grants_dir()] {
            std::fs::create_dir(directory).unwrap();
        }
        house
    }

    pub(crate) fn mode_dir(&self) -> PathBuf {
        self.directory.path().join("modes.d")
    }

    pub(crate) fn grants_dir(&self) -> PathBuf {
        self.directory.path().join("grants.d")
    }

    /// A house whose address pools are in a northbound database.
    pub(crate) async fn with_pools_in(northbound: ovsdb::Remote) -> Self {
        let house = Self::new().await;
        let start = Start { pools: Some(northbound), ..house.start.clone() };
        house.restart_with(start).await
    }

    /// Ends the driver as it stands and starts one again, on the same store and the same world.
    pub(crate) async fn restart(self) -> Self {
        let start = self.start.clone();
        self.restart_with(start).await
    }

    pub(crate) async fn restart_in(self, boot: &str) -> Self {
        let start = Start { boot: boot.to_owned(), ..self.start.clone() };
        self.restart_with(start).await
    }

    /// Restarts where no module can be compiled any more.
    pub(crate) async fn restart_without_modules(self) -> Self {
        let compiler = Compiler { program: "/nonexistent/compiler".into(), arguments: Vec::new() };
        let start = Start { compiler, ..self.start.clone() };
        self.restart_with(start).await
    }

    /// Restarts with a mode that may do these things and no others.
    pub(crate) async fn restart_granting(self, mode: &str, allow: &[&str]) -> Self {
        let allow = Grants(allow.iter().map(|grant| grant.parse().unwrap()).collect());
        let grants = BTreeMap::from([(mode.to_owned(), GrantSection { digest: None, allow })]);
        let start = Start { grants, ..self.start.clone() };
        self.restart_with(start).await
    }

    /// Restarts a driver that leaves strays alone for so long.
    pub(crate) async fn restart_after(self, grace: Duration) -> Self {
        let start = Start { grace: Some(grace), ..self.start.clone() };
        self.restart_with(start).await
    }

    /// Where the driver keeps its store.
    pub(crate) fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Restarts, and does something while no driver runs.
    pub(crate) async fn restart_around(self, meanwhile: impl FnOnce()) -> Self {
        let start = self.start.clone();
        self.restart_doing(start, meanwhile).await
    }

    async fn restart_with(self, start: Start) -> Self {
        self.restart_doing(start, || ()).await
    }

    async fn restart_doing(self, start: Start, meanwhile: impl FnOnce()) -> Self {
        let Self { directory, fake, driver, background, .. } = self;
        background.abort();
        let _ = background.await;
        let held = held_ports(&driver).await;
        drop(driver);
        // A process that ends has closed its sockets; the tasks of a driver that was dropped take a moment.
        until(async || held.iter().all(|port| is_free(*port) && is_free_of_ipv6(*port))).await;
        meanwhile();
        let (driver, background) = started(&directory, &fake, &start).await;
        Self { directory, fake, driver, background, start }
    }

    pub(crate) async fn create(&self, options: &[(&str, &str)]) -> Result<(), Refusal> {
        self.create_as(NETWORK, options).await
    }

    pub(crate) async fn create_as(&self, id: &str, options: &[(&str, &str)]) -> Result<(), Refusal> {
        self.driver.create_network(context(), network(id, options)).await
    }

    /// Creates a network in another subnet.
    pub(crate) async fn create_in(&self, id: &str, subnet: &str, options: &[(&str, &str)]) -> Result<(), Refusal> {
        self.driver.create_network(context(), network_in(id, subnet, options)).await
    }

    pub(crate) async fn delete(&self, id: &str) {
        self.driver.delete_network(context(), NetworkId::new(id).unwrap()).await.unwrap();
    }

    pub(crate) async fn endpoint(&self, id: &str, address: &str) -> Result<CreatedEndpoint, Refusal> {
        self.driver.create_endpoint(context(), endpoint(id, address)).await
    }

    pub(crate) async fn join(&self, id: &str) -> Result<Joined, Refusal> {
        self.join_in(id, "/nowhere/netns/1").await
    }

    pub(crate) async fn join_in(&self, id: &str, sandbox: &str) -> Result<Joined, Refusal> {
        Self::join_on(&self.driver, id, sandbox).await
    }

    pub(crate) async fn join_on(driver: &Driver<Fake>, id: &str, sandbox: &str) -> Result<Joined, Refusal> {
        let EndpointRef { network, endpoint } = reference(id);
        let request = Join { network, endpoint, sandbox_key: sandbox.to_owned(), options: EndpointOptions::default() };
        driver.join(context(), request).await
    }

    pub(crate) async fn leave(&self, id: &str) {
        self.driver.leave(context(), reference(id)).await.unwrap();
    }

    pub(crate) async fn remove(&self, id: &str) {
        self.driver.delete_endpoint(context(), reference(id)).await.unwrap();
    }

    pub(crate) async fn program(&self, id: &str, ports: &[u16]) -> Result<(), Refusal> {
        let port_map = ports.iter().map(|port| binding(*port)).collect();
        self.program_with(id, EndpointOptions { port_map, ..EndpointOptions::default() }).await
    }

    pub(crate) async fn program_with(&self, id: &str, options: EndpointOptions) -> Result<(), Refusal> {
        let EndpointRef { network, endpoint } = reference(id);
        let request = ProgramExternalConnectivity { network, endpoint, options };
        self.driver.program_external_connectivity(context(), request).await
    }

    pub(crate) async fn revoke(&self, id: &str) {
        self.driver.revoke_external_connectivity(context(), reference(id)).await.unwrap();
    }

    pub(crate) async fn reconcile(&self) -> Reconciled {
        Operations::reconcile(&*self.driver, None).await.unwrap()
    }

    pub(crate) async fn inspect(&self) -> NetworkDetail {
        self.driver.network(NETWORK.parse().unwrap()).await.unwrap()
    }

    /// A network, an endpoint on it, and a container that joined.
    pub(crate) async fn joined() -> Self {
        let house = Self::new().await;
        house.create(&[]).await.unwrap();
        house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
        house.join(ENDPOINT).await.unwrap();
        house
    }
}

/// The host ports that the network's endpoints publish.
async fn held_ports(driver: &Driver<Fake>) -> Vec<u16> {
    let network = driver.network(NETWORK.parse().unwrap()).await;
    let endpoints = network.map(|network| network.endpoint_list).unwrap_or_default();
    endpoints.iter().flat_map(|endpoint| &endpoint.published).map(|port| port.host_port).collect()
}

/// How long strays are left alone: longer than any test takes.
const GRACE: Duration = Duration::from_secs(3600);

/// How often everything is looked at though nobody asks for it: never.
const EVERY: Duration = Duration::from_secs(24 * 3600);

/// How long background work waits for an Open vSwitch that is away.
const PATIENCE: Duration = Duration::from_secs(1);

async fn started(
    directory: &tempfile::TempDir,
    fake: &Fake,
    start: &Start,
) -> (Arc<Driver<Fake>>, tokio::task::JoinHandle<()>) {
    let memory = remembered(directory, start).await;
    let sandbox = sandbox(&start.compiler);
    let own = builtin_modes::builtin().map(|(name, wasm)| BuiltIn { name, wasm });
    let built_in = if start.modes.is_empty() { own.to_vec() } else { start.modes.clone() };
    let [mode_dir, grants_dir] = ["modes.d", "grants.d"].map(|name| start.site.then(|| directory.path().join(name)));
    let site = Site { mode_dir, grants_dir, grants: start.grants.clone(), ..Site::default() };
    let catalog = Catalog::of_site(sandbox.clone(), &built_in, &site);
    let grace = start.grace.unwrap_or(GRACE);
    let config = Config { grace, patience: PATIENCE, every: EVERY, physical: physical(), ..Config::default() };
    let witness = Recorder::start(&directory.path().join("plans")).unwrap();
    let witness: Option<Arc<dyn Witness>> = Some(Arc::new(witness));
    let modes = Modes { sandbox, catalog, source: Some(Arc::new(Again { built_in, site })), witness };
    let addresses = Addresses { northbound: start.pools.clone().map(northbound), ..Addresses::default() };
    let driver = Driver::new(config, memory, addresses, fake.clone(), modes, Arc::new(fake.clone()), Arc::new(NoLog));
    let background = tokio::spawn(Arc::clone(&driver).run());
    // What was found in the store has been dealt with once everything was looked at.
    until(async || driver.status().await.unwrap().reconciled_seconds_ago.is_some()).await;
    (driver, background)
}

/// A northbound database that is where it is said to be.
pub(crate) fn northbound(at: ovsdb::Remote) -> ipam::Northbound {
    ipam::Northbound::start(ovsdb::NorthboundAt::Remotes(vec![at]), ovsdb::Options::new([]), None).unwrap()
}

/// What modes run in. Their machine code is kept from one test to the next, and from one run to the next, unless it is to
/// be compiled by something else: four modules for each driver would be most of what these tests take.
fn sandbox(compiler: &Compiler) -> Sandbox {
    let (limits, own) = (Limits::default(), Compiler::default());
    if *compiler != own {
        return Sandbox::new(limits, compiler.clone()).unwrap();
    }
    let directory = concat!(env!("CARGO_TARGET_TMPDIR"), "/machine-code");
    Sandbox::with_cache(limits, own, Cache { worth: Duration::ZERO, ..Cache::new(directory) }).unwrap()
}

/// What the store says; the tasks of a driver that was dropped may have it for another moment.
async fn remembered(directory: &tempfile::TempDir, start: &Start) -> Memory {
    let end = Instant::now() + LONG;
    loop {
        match Memory::open(directory.path(), &start.boot) {
            Ok(memory) => return memory,
            Err(error) => assert!(Instant::now() < end, "{error}"),
        }
        sleep(Duration::from_millis(5)).await;
    }
}

/// The physical network that OVN's routers leave by.
fn physical() -> BTreeMap<String, PhysicalNetwork> {
    let network = PhysicalNetwork {
        physnet: "wan".to_owned(),
        vlan: None,
        addresses: vec!["203.0.113.10/24".parse().unwrap()],
        next_hop: vec!["203.0.113.1".parse().unwrap()],
        chassis: vec!["h1".to_owned()],
    };
    BTreeMap::from([("wan".to_owned(), network)])
}

/// Waits until something is so.
pub(crate) async fn until<F: Future<Output = bool>>(so: impl Fn() -> F) {
    let wait = async {
        while !so().await {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(LONG, wait).await.expect("it never came to be");
}

/// A call of Docker's. Where it waits for what is away, it does so for longer than anything else takes.
pub(crate) fn context() -> Context {
    Context { request: 1, deadline: Instant::now() + 2 * LONG }
}

pub(crate) fn network(id: &str, options: &[(&str, &str)]) -> CreateNetwork {
    network_in(id, "10.9.0.0/24", options)
}

pub(crate) fn network_in(id: &str, subnet: &str, options: &[(&str, &str)]) -> CreateNetwork {
    let subnet: IpNet = subnet.parse().unwrap();
    let gateway = subnet.hosts().next().unwrap();
    let pool = AddressData {
        address_space: "LocalDefault".to_owned(),
        pool: Some(subnet),
        gateway: Some(IpNet::new(gateway, subnet.prefix_len()).unwrap()),
        auxiliary: BTreeMap::new(),
    };
    let generic = options.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let options = NetworkOptions { generic, ..NetworkOptions::default() };
    CreateNetwork { network: NetworkId::new(id).unwrap(), options, ipv4: vec![pool], ipv6: Vec::new() }
}

pub(crate) fn endpoint(id: &str, address: &str) -> CreateEndpoint {
    let EndpointRef { network, endpoint } = reference(id);
    let ipv4 = Some(address.parse().unwrap());
    CreateEndpoint { network, endpoint, ipv4, ipv6: None, mac: None, options: EndpointOptions::default() }
}

pub(crate) fn reference(id: &str) -> EndpointRef {
    EndpointRef { network: NetworkId::new(NETWORK).unwrap(), endpoint: EndpointId::new(id).unwrap() }
}

pub(crate) fn binding(port: u16) -> PortBinding {
    PortBinding {
        protocol: Protocol::Tcp,
        container_address: None,
        container_port: 80,
        host_address: Some("127.0.0.1".parse().unwrap()),
        host_port: port,
        host_port_end: port,
    }
}

/// A port of 127.0.0.1 that nobody has, nor gets: below those that the kernel gives out, and each only once.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(20_000);
    loop {
        let port = NEXT.fetch_add(1, Ordering::Relaxed);
        if is_free(port) {
            return port;
        }
    }
}
