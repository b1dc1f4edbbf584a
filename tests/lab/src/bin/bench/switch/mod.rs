//! Open vSwitch without the driver: a session of the bench's own with its database, for what the switch alone takes.

mod rows;

use std::path::Path;
use std::time::Duration;

use lab::Host;
use ovsdb::{
    Client, Condition, MonitorSpec, Mutate, OpResult, Remote, Select, Snapshot, TableSpec, Transaction, Value,
};
use tokio::runtime::Runtime;
use uuid::Uuid;

use crate::samples::timed;

const DATABASE: &str = "Open_vSwitch";
const ROOT: &str = "Open_vSwitch";
/// How long anything may take.
const LIMIT: Duration = Duration::from_secs(60);

/// A bare session with Open vSwitch's database.
#[derive(Debug)]
pub(crate) struct Switch {
    // Before the runtime: a client ends its task.
    client: Client,
    runtime: Runtime,
}

impl Switch {
    /// Connects to a host's database.
    pub(crate) fn connect(host: &Host) -> Self {
        let socket = host.file(Path::new("/run/openvswitch/db.sock"));
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(1).enable_all().build().expect("a thread starts");
        let spec = MonitorSpec::database(DATABASE)
            .table(TableSpec::new(ROOT).columns(["cur_cfg"]))
            .table(TableSpec::new("Bridge").columns(["name", "datapath_type"]))
            .table(TableSpec::new("Interface").columns(["name", "ofport"]).index("name"));
        let client = runtime.block_on(async {
            let client = Client::start(Remote::Unix(socket), spec).expect("the options are good");
            client.wait_connected(LIMIT).await.expect("the database server answers");
            client
        });
        Self { client, runtime }
    }

    /// The bridge of the only network that there is.
    pub(crate) fn only_bridge(&self) -> Uuid {
        let snapshot = self.client.snapshot();
        let mut bridges = snapshot.rows("Bridge");
        let bridge = bridges.next().expect("a network has a bridge").uuid();
        assert!(bridges.next().is_none(), "bench: there is more than one bridge");
        bridge
    }

    /// Inserts ports for links that are there, together; how long it takes until the last one has its number.
    pub(crate) fn add_ports(&self, bridge: Uuid, links: &[String]) -> Duration {
        let insertion = rows::ports(self.root(), bridge, links);
        let all = |copy: &Snapshot| links.iter().map(|link| numbered(copy, link)).collect::<Option<Vec<_>>>();
        let (taken, ()) = timed(|| {
            self.runtime.block_on(async {
                self.client.transact(insertion, LIMIT).await.expect("ports can be inserted");
                self.client.wait_until(all, LIMIT).await.expect("the switch takes the ports");
            });
        });
        taken
    }

    /// Takes these ports out again, and waits until the switch has let go of them; how long the database takes for it.
    pub(crate) fn remove_ports(&self, bridge: Uuid, links: &[String]) -> Duration {
        let names = links.iter().map(|link| Value::from(link.as_str()));
        let rows = self.runtime.block_on(async {
            let select = names.fold(Transaction::new(DATABASE), |transaction, name| {
                let port = Condition::equal("name", name);
                transaction.select(Select::matching("Port", port).columns(["_uuid"]))
            });
            self.client.transact(select, LIMIT).await.expect("ports can be looked up")
        });
        let removal = rows.iter().flat_map(|result| result.rows()).fold(Transaction::new(DATABASE), |removal, port| {
            removal.mutate(Mutate::row("Bridge", bridge).delete("ports", port.uuid()))
        });
        let (taken, removed) = timed(|| self.runtime.block_on(self.client.transact(removal, LIMIT)));
        removed.expect("ports can be removed");
        self.settle();
        taken
    }

    /// Inserts a bridge with one internal port, as a network has them, and takes both out again; how long it takes until
    /// the port has its number.
    pub(crate) fn bridge_comes_and_goes(&self, like: Uuid) -> Duration {
        let root = self.root();
        let snapshot = self.client.snapshot();
        let datapath: &str =
            snapshot.row("Bridge", like).and_then(|row| row.get("datapath_type").ok()).unwrap_or_default();
        let (taken, bridge) = timed(|| {
            self.runtime.block_on(async {
                let results = self.client.transact(rows::bridge(root, datapath), LIMIT).await;
                let results = results.expect("a bridge can be inserted");
                self.client
                    .wait_until(|copy| numbered(copy, rows::BRIDGE_PORT), LIMIT)
                    .await
                    .expect("the switch makes it");
                results.iter().filter_map(OpResult::inserted).next_back().expect("it was inserted")
            })
        });
        let removal = Transaction::new(DATABASE).mutate(Mutate::row(ROOT, root).delete("bridges", bridge));
        self.runtime.block_on(self.client.transact(removal, LIMIT)).expect("bridges can be removed");
        self.settle();
        taken
    }

    /// Waits until the switch has carried out whatever it was asked for, and noticed whatever happened to links. Twice:
    /// the first answer may be of a round that had begun before.
    pub(crate) fn settle(&self) {
        self.one_round();
        self.one_round();
    }

    fn one_round(&self) {
        let root = self.root();
        let asked = Transaction::new(DATABASE)
            .mutate(Mutate::row(ROOT, root).add("next_cfg", 1))
            .select(Select::row(ROOT, root).columns(["next_cfg"]));
        self.runtime.block_on(async {
            let results = self.client.transact(asked, LIMIT).await.expect("a number can be raised");
            let next: i64 = results[1].rows()[0].get("next_cfg").expect("it was selected");
            let reached = |copy: &Snapshot| copy.row(ROOT, root)?.get::<i64>("cur_cfg").ok().filter(|cur| *cur >= next);
            self.client.wait_until(reached, LIMIT).await.expect("ovs-vswitchd carries out what it is asked for");
        });
    }

    fn root(&self) -> Uuid {
        let snapshot = self.client.snapshot();
        snapshot.rows(ROOT).next().expect("the database was set up").uuid()
    }
}

/// An interface's number, if the switch has given it one.
fn numbered(copy: &Snapshot, interface: &str) -> Option<i64> {
    let row = copy.find("Interface", "name", interface)?;
    row.get::<Option<i64>>("ofport").ok().flatten().filter(|ofport| *ofport > 0)
}
