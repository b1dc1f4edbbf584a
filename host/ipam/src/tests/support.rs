//! Records in memory, a northbound database, and drivers on hosts.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ipnet::IpNet;
use ovsdb::{NorthboundAt, Options};
use tokio::time::{Instant, sleep};

use super::server::{Server, shared_file};
use crate::{Error, Holder, Ipam, Listed, Must, PoolId, Record, Records, Wanted, WantedPool, Writing, Written};

/// Records that can be told to fail.
#[derive(Debug, Default)]
pub(super) struct Memory {
    records: Mutex<BTreeMap<String, Vec<u8>>>,
    full: Mutex<bool>,
}

impl Memory {
    pub(super) fn fill(&self, full: bool) {
        *self.full.lock().unwrap() = full;
    }

    pub(super) fn written(&self) -> Vec<(String, Vec<u8>)> {
        self.records.lock().unwrap().clone().into_iter().collect()
    }
}

impl Records for Memory {
    fn write(&self, records: Vec<Record>, _: Must) -> Writing<'_> {
        Box::pin(async move {
            if *self.full.lock().unwrap() {
                return Err("no space left".into());
            }
            for (name, bytes) in records {
                match bytes {
                    Some(bytes) => self.records.lock().unwrap().insert(name, bytes),
                    None => self.records.lock().unwrap().remove(&name),
                };
            }
            Ok(())
        })
    }
}

/// The schema of a northbound database.
pub(super) fn schema() -> String {
    std::fs::read_to_string(shared_file("ovn-nb.ovsschema")).unwrap()
}

/// A northbound database, as `ovn-central` has it.
pub(super) fn database() -> Server {
    Server::with_schema(&schema())
}

/// A driver on a host, whose pools are in a database, or in its own records.
pub(super) fn driver(host: &str, records: &Arc<Memory>, database: Option<&Server>) -> Ipam {
    driver_at(host, records, database.map(at))
}

/// The same, wherever the database is.
pub(super) fn driver_at(host: &str, records: &Arc<Memory>, northbound: Option<ovsdb::Northbound>) -> Ipam {
    let holder = Holder { instance: format!("{host}-1234"), host: host.to_owned() };
    let written = Written::read(records.written()).unwrap();
    Ipam::new(holder, Arc::clone(records) as Arc<dyn Records>, written, northbound)
}

/// That the database is this server's.
pub(super) fn at(server: &Server) -> ovsdb::Northbound {
    at_any(std::slice::from_ref(server))
}

/// That it is what these servers agree on.
pub(super) fn at_any(servers: &[Server]) -> ovsdb::Northbound {
    let remotes = servers.iter().map(Server::remote).collect();
    ovsdb::Northbound::start(NorthboundAt::Remotes(remotes), Options::new([]), None).unwrap()
}

/// A driver on each kind of store, and what keeps the second one's database alive.
pub(super) fn both() -> ([Ipam; 2], Server) {
    let server = database();
    ([driver("h1", &Arc::default(), None), driver("h1", &Arc::default(), Some(&server))], server)
}

/// Lets the driver do what is owed.
pub(super) async fn pays(driver: &Arc<Ipam>) {
    let running = Arc::clone(driver);
    let task = tokio::spawn(async move { running.run().await });
    let patience = soon();
    while driver.owed() > 0 {
        assert!(Instant::now() < patience, "it is still owed");
        sleep(Duration::from_millis(10)).await;
    }
    task.abort();
}

/// Longer than anything should take, however busy the machine is.
pub(super) fn soon() -> Instant {
    Instant::now() + Duration::from_secs(30)
}

/// For what is not going to happen.
pub(super) fn shortly() -> Instant {
    Instant::now() + Duration::from_millis(300)
}

pub(super) fn net(text: &str) -> IpNet {
    text.parse().unwrap()
}

pub(super) fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// `--subnet`, with `--ip-range` and `vrf` where they are given.
pub(super) fn subnet(subnet: &str) -> WantedPool {
    WantedPool {
        vrf: "default".parse().unwrap(),
        subnet: Some(net(subnet)),
        range: None,
        v6: subnet.contains(':'),
        avoid: Vec::new(),
    }
}

/// No `--subnet`.
pub(super) fn whatever(v6: bool) -> WantedPool {
    WantedPool { subnet: None, v6, ..subnet("10.0.0.0/8") }
}

/// An endpoint's wish: `--ip`, or whatever there is.
pub(super) fn endpoint(address: Option<&str>, mac: &str) -> Wanted {
    Wanted::Endpoint { address: address.map(ip), mac: Some(mac.to_owned()), again: true }
}

pub(super) fn gateway(address: Option<&str>) -> Wanted {
    Wanted::Gateway { address: address.map(ip) }
}

impl Ipam {
    pub(super) async fn pool(&self, wanted: &WantedPool) -> PoolId {
        self.request_pool(wanted, soon()).await.unwrap()
    }

    pub(super) async fn ask(&self, pool: &PoolId, wanted: &Wanted) -> Result<IpNet, Error> {
        self.request_address(pool, wanted, soon()).await
    }

    /// An address that is there, as text.
    pub(super) async fn gets(&self, pool: &PoolId, wanted: &Wanted) -> String {
        self.ask(pool, wanted).await.unwrap().to_string()
    }

    /// Why an address is not given.
    pub(super) async fn is_refused(&self, pool: &PoolId, wanted: &Wanted) -> String {
        self.ask(pool, wanted).await.unwrap_err().to_string()
    }

    pub(super) async fn all(&self) -> Vec<Listed> {
        let (pools, error) = self.pools(soon()).await;
        assert!(error.is_none(), "{error:?}");
        pools
    }
}
