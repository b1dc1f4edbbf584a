//! OVN's central part: the databases, and the daemon that turns the northbound one into the southbound one.
//!
//! The northbound database has nodes of its own, one or a cluster of three, so that it can be down, or lose its leader,
//! while the rest of OVN goes on.

use crate::command::{LONG, patience};
use crate::node::Node;
use crate::service::{Service, log_of};
use crate::snapshot::{self, Snapshot};
use std::fs;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// The folder of the databases, as the packages have it.
const DATABASES: &str = "/var/lib/ovn";

/// One server of the northbound database.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) node: Node,
    pub(crate) address: String,
    pub(crate) server: Option<Service>,
}

/// A node with the southbound database and ovn-northd, and the nodes of the northbound database. It is the first of them,
/// as far as commands go.
#[derive(Debug)]
pub struct Central {
    _services: [Service; 2],
    members: Vec<Member>,
    node: Node,
    address: String,
    logs: PathBuf,
}

impl Central {
    /// Starts what is to run on `node`, at `address`, and on the `members` with their databases.
    pub(crate) fn start(node: Node, address: &str, mut members: Vec<Member>, logs: PathBuf) -> Self {
        let first = members[0].address.clone();
        let single = members.len() == 1;
        for member in &mut members {
            member.create((!single).then_some(&*first));
            member.start(&logs);
        }
        node.sh(&format!(
            "mkdir -p /run/ovn {DATABASES}; ovsdb-tool create {DATABASES}/ovnsb_db.db /usr/share/ovn/ovn-sb.ovsschema"
        ));
        let file = format!("{DATABASES}/ovnsb_db.db");
        let local = "--remote=punix:/run/ovn/ovnsb_db.sock";
        let server = ["ovsdb-server", &file, local, "--remote=ptcp:6642:0.0.0.0", "--unixctl=/run/ovn/ovnsb_db.ctl"];
        let southbound = Service::start(&node, &logs, "ovnsb", &server);
        node.until(LONG, "ovn-sbctl --timeout=1 init");
        let databases =
            [format!("--ovnnb-db={}", remotes(&members)), "--ovnsb-db=unix:/run/ovn/ovnsb_db.sock".to_owned()];
        let northd = Service::start(&node, &logs, "ovn-northd", &["ovn-northd", &databases[0], &databases[1]]);
        let central = Self { _services: [southbound, northd], members, node, address: address.to_owned(), logs };
        central.until(LONG, &central.command("--timeout=2 --wait=sb init"));
        central
    }

    /// The northbound database's servers, as Open vSwitch's `external_ids:ovn-nb` names them.
    #[must_use]
    pub fn northbound_remotes(&self) -> String {
        remotes(&self.members)
    }

    /// The southbound database's server, as `external_ids:ovn-remote` names it.
    #[must_use]
    pub fn southbound_remote(&self) -> String {
        format!("tcp:{}:6642", self.address)
    }

    /// Runs a command of ovn-nbctl.
    #[track_caller]
    pub fn nbctl(&self, command: &str) -> String {
        self.sh(&self.command(&format!("--timeout=10 {command}")))
    }

    /// Everything that is in the northbound database, but for what OVN itself counts there.
    #[track_caller]
    #[must_use]
    pub fn northbound(&self) -> Snapshot {
        let look = format!("exec bash <<'LOOK'\n{}\nLOOK", LOOK.replace("REMOTES", &self.northbound_remotes()));
        Snapshot::of(&self.quietly(&look).unwrap_or_else(|failed| panic!("lab: {failed}")))
    }

    /// Waits until the northbound database is as it was at `before`; panics with the difference if it does not become so.
    #[track_caller]
    pub fn northbound_returns_to(&self, before: &Snapshot) {
        snapshot::comes_to("the northbound database", before, || self.northbound(), str::is_empty);
    }

    /// Kills every server of the northbound database.
    pub fn kill_northbound(&mut self) {
        self.members.iter_mut().for_each(Member::kill);
    }

    /// Starts them again on what they had.
    pub fn start_northbound(&mut self) {
        let logs = self.logs.clone();
        for member in self.members.iter_mut().filter(|member| member.server.is_none()) {
            member.start(&logs);
        }
        self.until(LONG, &self.command("--timeout=2 --wait=sb sync"));
    }

    /// Kills the server that leads the cluster, once there is one.
    pub fn kill_leader(&mut self) {
        let leads = "ovs-appctl -t /run/ovn/ovnnb_db.ctl cluster/status OVN_Northbound | grep 'Role: leader'";
        let deadline = Instant::now() + patience(LONG);
        loop {
            let leader = self.members.iter_mut().find(|member| member.node.quietly(leads).is_ok());
            if let Some(leader) = leader {
                return leader.kill();
            }
            assert!(Instant::now() < deadline, "lab: no server leads the cluster of the northbound database");
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn command(&self, command: &str) -> String {
        format!("ovn-nbctl --db={} {command}", self.northbound_remotes())
    }
}

impl Member {
    /// Makes its database: alone, or as a part of the cluster whose first server is at the address `first`.
    fn create(&self, first: Option<&str>) {
        let Self { address, node, .. } = self;
        let (file, schema) = (format!("{DATABASES}/ovnnb_db.db"), "/usr/share/ovn/ovn-nb.ovsschema");
        let create = match first {
            None => format!("ovsdb-tool create {file} {schema}"),
            Some(first) if first == address => format!("ovsdb-tool create-cluster {file} {schema} tcp:{address}:6643"),
            Some(first) => {
                format!("ovsdb-tool join-cluster {file} OVN_Northbound tcp:{address}:6643 tcp:{first}:6643")
            }
        };
        node.sh(&format!("mkdir -p /run/ovn {DATABASES}; {create}"));
    }

    fn start(&mut self, logs: &Path) {
        let file = format!("{DATABASES}/ovnnb_db.db");
        let local = "--remote=punix:/run/ovn/ovnnb_db.sock";
        let server = ["ovsdb-server", &file, local, "--remote=ptcp:6641:0.0.0.0", "--unixctl=/run/ovn/ovnnb_db.ctl"];
        self.server = Some(Service::start(&self.node, logs, "ovnnb", &server));
        let answers = "ovsdb-client --timeout=1 list-dbs unix:/run/ovn/ovnnb_db.sock | grep OVN_Northbound";
        self.node.until(LONG, answers);
    }

    fn kill(&mut self) {
        if let Some(server) = self.server.take() {
            server.end(&self.node, "KILL");
        }
    }
}

fn remotes(members: &[Member]) -> String {
    members.iter().map(|member| format!("tcp:{}:6641", member.address)).collect::<Vec<_>>().join(",")
}

/// Every row of every table, but for the counters of NB_Global and for what OVN fills in.
const LOOK: &str = r#"
set -euo pipefail
echo '== northbound'
ovsdb-client --timeout=5 --format=json dump REMOTES OVN_Northbound | jq -r '
  .headings as $columns | (.caption | split(" ")[0]) as $table | select($table != "NB_Global" and $table != "Connection") |
  .data[] | [$columns, .] | transpose | map({ (.[0]): .[1] }) | add |
  del(.up, .status) | to_entries | map(select(.value != ["set", []] and .value != ["map", []] and .value != "")) |
  "\($table) \(from_entries)"' | sort
"#;

impl Deref for Central {
    type Target = Node;

    fn deref(&self) -> &Node {
        &self.node
    }
}

impl Drop for Central {
    fn drop(&mut self) {
        if !thread::panicking() {
            return;
        }
        let logs = [("ovn-northd", &self.node), ("ovnsb", &self.node)].into_iter();
        for (service, node) in logs.chain(self.members.iter().map(|member| ("ovnnb", &member.node))) {
            let Ok(log) = fs::read_to_string(log_of(&self.logs, node, service)) else { continue };
            let lines: Vec<&str> = log.lines().collect();
            eprintln!("---- {}: {service}", node.name());
            eprintln!("{}", lines[lines.len().saturating_sub(50)..].join("\n"));
        }
        eprintln!("---- northbound");
        let _ = self.try_sh(&self.command("--timeout=5 show")).map(|show| eprintln!("{show}"));
    }
}
