//! Servers of northbound databases, and hosts that use them.

use std::ffi::OsString;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant as Clock};

use ipnet::IpNet;
use ovsdb::{Found, Remote, TlsFiles};
use plan::{EndpointId, InstanceId, Label, MacAddress, NetworkId, Protocol};
use tempfile::TempDir;
use tokio::time::Instant;

use super::certs::Authority;
use crate::ovn::change::Who;
use crate::ovn::claim::Host;
use crate::ovn::row::{self, LogicalPortSpec, Router, RowSpec, Switch};
use crate::ovn::session::Session;
use crate::ovn::view::Id;
use crate::testing::{program, shared_file};
use crate::{Error, Mark};

/// An ovsdb-server with OVN's northbound schema; it ends with the test.
pub(super) struct Northbound {
    folder: TempDir,
    process: Option<Child>,
}

impl Northbound {
    /// One that stands alone.
    pub(super) fn start() -> Self {
        let mut server = Self { folder: TempDir::new().unwrap(), process: None };
        tool(&["create".into(), server.path("db"), shared_file("ovn/ovn-nb.ovsschema").into()]);
        server.run();
        server.nbctl("init");
        server
    }

    /// One that talks TLS, too, what signs its certificate, and where it does so.
    pub(super) fn with_tls() -> (Self, Authority, Remote) {
        let mut server = Self::start();
        server.kill();
        let authority = Authority::new(server.folder.path(), "ours");
        let files = authority.sign(server.folder.path(), "server", &authority);
        let argument = |name: &str, file: &Path| format!("--{name}={}", file.display());
        server.run_with(&[
            "--remote=pssl:0:127.0.0.1".to_owned(),
            argument("private-key", &files.private_key),
            argument("certificate", &files.certificate),
            argument("ca-cert", &files.ca_certificate),
            argument("log-file", Path::new(&server.path("log"))),
        ]);
        let port = || {
            let log = std::fs::read_to_string(server.path("log")).unwrap_or_default();
            Some(log.split_once("listening on port ")?.1.split_once('\n')?.0.to_owned())
        };
        wait_until("port in the log", || port().is_some());
        let remote = format!("ssl:127.0.0.1:{}", port().unwrap()).parse().unwrap();
        (server, authority, remote)
    }

    /// Certificates for somebody who trusts `trusted`, signed by an authority.
    pub(super) fn sign(&self, by: &Authority, name: &str, trusted: &Authority) -> TlsFiles {
        by.sign(self.folder.path(), name, trusted)
    }

    /// Another authority.
    pub(super) fn others(&self) -> Authority {
        Authority::new(self.folder.path(), "others")
    }

    /// A cluster of three.
    pub(super) fn cluster() -> Vec<Self> {
        let mut servers: Vec<Self> = (0..3).map(|_| Self { folder: TempDir::new().unwrap(), process: None }).collect();
        let first = servers[0].raft();
        for (index, server) in servers.iter_mut().enumerate() {
            let (database, own) = (server.path("db"), server.raft());
            match index {
                0 => tool(&["create-cluster".into(), database, shared_file("ovn/ovn-nb.ovsschema").into(), own]),
                _ => tool(&["join-cluster".into(), database, "OVN_Northbound".into(), own, first.clone()]),
            }
            server.run();
            let remote = server.remote().to_string();
            run(program("ovsdb-client").args(["-t30", "wait", &remote, "OVN_Northbound", "connected"]));
        }
        servers
    }

    pub(super) fn run(&mut self) {
        self.run_with(&[]);
    }

    fn run_with(&mut self, more: &[String]) {
        let _ = std::fs::remove_file(self.path("sock"));
        let mut command = program("ovsdb-server");
        command.arg(self.path("db")).arg(format!("--remote=p{}", self.remote()));
        command.arg(format!("--unixctl={}", self.text("ctl"))).args(["-vconsole:off", "-vsyslog:off"]);
        command.args(more);
        self.process = Some(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        wait_until("a server that listens", || UnixStream::connect(self.path("sock")).is_ok());
    }

    /// As by `kill -9`.
    pub(super) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    pub(super) fn leads(&self) -> bool {
        let status =
            program("ovs-appctl").arg("-t").arg(self.path("ctl")).args(["cluster/status", "OVN_Northbound"]).output();
        self.process.is_some() && String::from_utf8_lossy(&status.unwrap().stdout).contains("Role: leader")
    }

    pub(super) fn remote(&self) -> Remote {
        Remote::Unix(self.folder.path().join("sock"))
    }

    /// `ovn-nbctl`, with its words separated by spaces; what it printed.
    pub(super) fn nbctl(&self, line: &str) -> String {
        run(program("ovn-nbctl").arg(format!("--db={}", self.remote())).args(["-t", "10"]).args(line.split(' ')))
    }

    /// Everything that is in it, as text.
    pub(super) fn contents(&self) -> String {
        let dump = run(program("ovsdb-client").args(["-t10", "dump", &self.remote().to_string(), "OVN_Northbound"]));
        let row = |line: &&str| line.contains('-') && !line.starts_with('-') && !line.starts_with("_uuid");
        dump.lines().filter(row).map(|line| format!("{line}\n")).collect()
    }

    fn raft(&self) -> OsString {
        format!("unix:{}", self.text("raft")).into()
    }

    fn path(&self, file: &str) -> OsString {
        self.folder.path().join(file).into()
    }

    fn text(&self, file: &str) -> String {
        self.folder.path().join(file).display().to_string()
    }
}

impl Drop for Northbound {
    fn drop(&mut self) {
        self.kill();
    }
}

fn tool(arguments: &[OsString]) {
    run(program("ovsdb-tool").args(arguments));
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}: is OVN here? else run `make lab`");
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

/// Waits for something of a process that tells nobody when it is so.
pub(super) fn wait_until(what: &str, so: impl Fn() -> bool) {
    let end = Clock::now() + Duration::from_secs(30);
    while !so() {
        assert!(Clock::now() < end, "no {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

pub(super) fn soon() -> Instant {
    Instant::now() + Duration::from_secs(30)
}

/// A host with a driver and one network.
#[derive(Clone)]
pub(super) struct Station {
    pub(super) session: Session,
    pub(super) who: Who,
}

impl Station {
    /// The host of a number.
    pub(super) fn new(servers: &[&Northbound], number: u32) -> Self {
        Self::at(Found { remotes: servers.iter().map(|server| server.remote()).collect(), tls: None }, number)
    }

    /// The same, wherever the database is.
    pub(super) fn at(found: Found, number: u32) -> Self {
        let instance = InstanceId::new(format!("{number:08x}")).unwrap();
        let session = Session::start(&instance, found).unwrap();
        let mark = Mark { instance, network: NetworkId::new("net").unwrap(), endpoint: None };
        Self { session, who: Who { mark, host: Host { name: format!("host{number}"), system: format!("id{number}") } } }
    }

    /// The same host for another network.
    pub(super) fn network(&self, id: &str) -> Self {
        let mut other = self.clone();
        other.who.mark.network = NetworkId::new(id).unwrap();
        other
    }

    /// The same network for one of its endpoints.
    pub(super) fn endpoint(&self, id: &str) -> Self {
        let mut other = self.clone();
        other.who.mark.endpoint = Some(EndpointId::new(id).unwrap());
        other
    }

    pub(super) async fn make(&self, rows: &[RowSpec]) -> Result<Vec<Id>, Error> {
        let mut made = Vec::new();
        self.session.make(rows, &self.who, &mut made, soon()).await?;
        Ok(made)
    }

    pub(super) async fn remove(&self, rows: &[RowSpec]) -> Result<(), Error> {
        self.session.remove(&ids(rows), &self.who.mark, soon()).await
    }
}

pub(super) fn ids(rows: &[RowSpec]) -> Vec<Id> {
    rows.iter().map(|row| (row.table, row.uuid)).collect()
}

pub(super) fn nets(texts: &[&str]) -> Vec<IpNet> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

pub(super) fn label(text: &str) -> Label {
    Label::new(text).unwrap()
}

/// The switch of the VRF `default` and a subnet.
pub(super) fn switch(subnet: &str) -> Switch {
    Switch::of("default", &nets(&[subnet]), None)
}

/// A routed network: a switch, the VRF's router, and the port between them.
pub(super) fn routed(subnet: &str, gateway: &str) -> Vec<RowSpec> {
    let (switch, router) = (switch(subnet), Router::of("default"));
    let mut rows = vec![row::logical_switch(&label("switch"), &switch), row::logical_router(&label("router"), &router)];
    rows.extend(row::router_port(&label("gateway"), &router, &switch, &nets(&[gateway]), &[]));
    rows
}

/// A container's port on the switch of a subnet.
pub(super) fn port(station: &Station, switch: &Switch, number: u8) -> RowSpec {
    let spec = LogicalPortSpec {
        switch,
        mac: MacAddress([2, 0, 0, 0, 0, number]),
        addresses: &nets(&[&format!("10.1.0.{number}/16")]),
        secured: true,
        allowed: &[],
    };
    row::endpoint_port(&label("port"), &station.who.mark, spec)
}

/// All that a container may have alone: a secured port of both families with its rule against redirects, rates, and a
/// published port.
pub(super) fn container(station: &Station, switch: &Switch, number: u8) -> Vec<RowSpec> {
    let (mark, addresses) = (&station.who.mark, [format!("10.1.0.{number}/16"), format!("fd00::{number}/64")]);
    let spec = LogicalPortSpec {
        switch,
        mac: MacAddress([2, 0, 0, 0, 0, number]),
        addresses: &nets(&addresses.each_ref().map(String::as_str)),
        secured: true,
        allowed: &[],
    };
    let from = ("192.0.2.1".parse().unwrap(), 8000 + u16::from(number));
    let to = (spec.addresses[0].addr(), 80);
    let mut rows =
        vec![row::endpoint_port(&label("port"), mark, spec), row::no_redirects(&label("port"), mark, switch)];
    rows.extend(row::rates(&label("port"), mark, switch, Some(1_000_000), Some(1_000_000)));
    rows.push(row::load_balancer(&label("web"), &Router::of("default"), Protocol::Tcp, from, to));
    rows
}
