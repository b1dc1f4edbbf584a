//! A database whose whereabouts are told by this host alone, which says nothing of it while it is stopped.

use std::sync::Arc;

use ovsdb::{Client, Insert, MonitorSpec, Mutate, NorthboundAt, TableSpec, Transaction, Value};

use super::server::{Server, shared_file};
use super::support::{Memory, database, driver_at, endpoint, soon, subnet};
use crate::{Ipam, Place};

const SWITCH: &str = "Open_vSwitch";

/// This host's Open vSwitch, which can be told where the northbound database is.
struct Host {
    switch: Server,
    client: Client,
    records: Arc<Memory>,
}

impl Host {
    async fn new() -> Self {
        let elsewhere = ovsdb::northbound_remotes(None).unwrap();
        assert_eq!(elsewhere, None, "this machine's own OVN is in the way of this test");
        let switch = Server::with_schema(&std::fs::read_to_string(shared_file("vswitch.ovsschema")).unwrap());
        let root = TableSpec::new(SWITCH).columns(["external_ids"]);
        let client = Client::start(switch.remote(), MonitorSpec::database(SWITCH).table(root)).unwrap();
        client.transact(Transaction::new(SWITCH).insert(Insert::into(SWITCH)), soon()).await.unwrap();
        Self { switch, client, records: Arc::default() }
    }

    /// A driver that does as the configuration says.
    fn driver(&self, at: NorthboundAt) -> Ipam {
        let northbound = ovsdb::Northbound::start(at, self.switch.options(), None).unwrap();
        driver_at("h1", &self.records, Some(northbound))
    }

    /// What `ovs-vsctl set` and `remove` do.
    async fn says(&self, database: Option<&Server>) {
        let root = Mutate::every_row(SWITCH);
        let said = match database {
            Some(database) => root.put("external_ids", "ovn-nb", &database.remote().to_string()),
            None => root.delete("external_ids", Value::set(["ovn-nb"])),
        };
        self.client.transact(Transaction::new(SWITCH).push(said), soon()).await.unwrap();
    }

    /// Where a driver that begins now keeps a pool: it hears what is said now.
    async fn asks(&self, at: NorthboundAt) -> Result<Place, String> {
        let asked = self.driver(at).request_pool(&subnet("10.2.0.0/24"), soon()).await;
        asked.map(|id| id.place).map_err(|error| error.to_string())
    }
}

#[tokio::test]
async fn a_host_that_never_had_one_keeps_its_own_pools() {
    let host = Host::new().await;
    assert_eq!(host.asks(NorthboundAt::Auto).await, Ok(Place::Own));
    assert_eq!(host.asks(NorthboundAt::Nowhere).await, Ok(Place::Own));
}

/// `systemctl stop ovn-central` takes the local socket away, and with it all that says that there is a database.
#[tokio::test]
async fn one_that_is_gone_is_missed_and_the_own_store_does_not_step_in() {
    let (host, northbound) = (Host::new().await, database());
    host.says(Some(&northbound)).await;
    assert_eq!(host.asks(NorthboundAt::Auto).await, Ok(Place::Northbound));
    host.says(None).await;
    let said = host.asks(NorthboundAt::Auto).await.unwrap_err();
    let about = format!(
        "OVN's northbound database keeps the addresses of this host, and is not there: it was at {}",
        northbound.remote()
    );
    assert!(said.starts_with(&about) && said.contains("Start it") && said.contains("ovn_nb = \"none\""), "{said}");
    let (own, away) = host.driver(NorthboundAt::Auto).pools(soon()).await;
    assert!(own.is_empty() && away.is_some(), "whoever asks for the pools is told that some are missing");

    // Whoever has none any more says so, and has it again when it is there.
    assert_eq!(host.asks(NorthboundAt::Nowhere).await, Ok(Place::Own));
    assert!(host.asks(NorthboundAt::Auto).await.is_err());
    host.says(Some(&northbound)).await;
    assert_eq!(host.asks(NorthboundAt::Auto).await, Ok(Place::Northbound));
}

/// A look is enough: the first network may be made when the database is down already.
#[tokio::test]
async fn one_that_answered_before_there_was_a_pool_is_missed_too() {
    let (host, northbound) = (Host::new().await, database());
    host.says(Some(&northbound)).await;
    assert_eq!(host.driver(NorthboundAt::Auto).all().await, []);
    host.says(None).await;
    assert!(host.asks(NorthboundAt::Auto).await.unwrap_err().contains("is not there"));
}

/// What it keeps is not given either, with words that fit.
#[tokio::test]
async fn addresses_of_its_pools_are_not_given_while_it_is_gone() {
    let (host, northbound) = (Host::new().await, database());
    host.says(Some(&northbound)).await;
    let pool = host.driver(NorthboundAt::Auto).pool(&subnet("10.1.0.0/24")).await;
    host.says(None).await;
    for (at, words) in
        [(NorthboundAt::Auto, "is not there: it was at"), (NorthboundAt::Nowhere, "this host has none now")]
    {
        let said = host.driver(at).is_refused(&pool, &endpoint(None, "m1")).await;
        assert!(said.contains(words), "{said}");
    }
}
