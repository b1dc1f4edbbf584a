//! A node with Open vSwitch, a Docker daemon and the driver.

use crate::command::patience;
use crate::docker::Docker;
use crate::node::Node;
use crate::service::{Service, log_of};
use crate::snapshot::{self, Snapshot};
use crate::traffic::Container;
use std::fs;
use std::ops::Deref;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

/// How long a look that fails is taken again: what goes away below one does so at once.
const AGAIN: Duration = Duration::from_secs(10);

/// What one looks at after a failure, besides the logs.
const STATE: &str = "\
docker ps -a; docker network ls; ip -brief address; ip route; ovs-vsctl show; nft list ruleset; docker-ovs network ls; true";

/// A node with Open vSwitch, a Docker daemon and the driver, each started and ended by itself.
///
/// It is a [`Node`], too: commands run with [`Node::sh`].
#[derive(Debug)]
pub struct Host {
    /// Which Docker it runs.
    pub docker: Docker,
    pub(crate) driver: Option<Service>,
    pub(crate) docker_daemon: Option<Service>,
    pub(crate) ovn_controller: Option<Service>,
    pub(crate) ovs_vswitchd: Option<Service>,
    pub(crate) ovsdb_server: Option<Service>,
    pub(crate) node: Node,
    pub(crate) logs: PathBuf,
}

impl Host {
    pub(crate) fn new(node: Node, docker: Docker, logs: PathBuf) -> Self {
        let services = (None, None, None, None, None);
        let (driver, docker_daemon, ovn_controller, ovs_vswitchd, ovsdb_server) = services;
        Self { docker, driver, docker_daemon, ovn_controller, ovs_vswitchd, ovsdb_server, node, logs }
    }

    /// A container to run commands in.
    #[must_use]
    pub fn container<'a>(&'a self, name: &'a str) -> Container<'a> {
        Container::new(&self.node, name)
    }

    /// Starts a container of the lab's image that answers on the ports 5000 and 5001 (see `lab-peer`), with `options` of
    /// `docker run`.
    #[track_caller]
    pub fn start_container<'a>(&'a self, name: &'a str, options: &str) -> Container<'a> {
        self.sh(&format!(
            "docker run -d --name {name} --hostname {name} {options} lab lab-peer serve {name} 5000 5001"
        ));
        self.container(name)
    }

    /// What there is on this host that a driver could leave behind. A look that fails because something goes away below
    /// it is taken again.
    #[track_caller]
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let deadline = Instant::now() + patience(AGAIN);
        loop {
            match Snapshot::take(self) {
                Ok(snapshot) => return snapshot,
                Err(failed) => assert!(Instant::now() < deadline, "lab: {failed}"),
            }
            thread::sleep(snapshot::PAUSE);
        }
    }

    /// Waits until the host looks as it did at `before`; panics with the difference if it does not become so.
    #[track_caller]
    pub fn returns_to(&self, before: &Snapshot) {
        self.comes_to(before, str::is_empty);
    }

    /// The same after Docker was started again: it writes its rules in another order then.
    #[track_caller]
    pub fn returns_to_but_for_order(&self, before: &Snapshot) {
        self.comes_to(before, |difference| matches!(difference, "" | "nftables:\n  the same lines in another order\n"));
    }

    #[track_caller]
    fn comes_to(&self, before: &Snapshot, is_fine: impl Fn(&str) -> bool) {
        snapshot::comes_to(self.name(), before, || self.snapshot(), is_fine);
    }

    fn print_logs(&mut self) {
        eprintln!("---- {}: state", self.name());
        eprintln!("{}", self.try_sh(&format!("({STATE}) 2>&1")).unwrap_or_else(|failed| failed.to_string()));
        for service in ["docker-ovs", "dockerd", "ovn-controller", "ovs-vswitchd", "ovsdb-server"] {
            let Ok(log) = fs::read_to_string(log_of(&self.logs, &self.node, service)) else { continue };
            let lines: Vec<&str> = log.lines().collect();
            eprintln!("---- {}: {service}", self.name());
            eprintln!("{}", lines[lines.len().saturating_sub(300)..].join("\n"));
        }
    }
}

impl Deref for Host {
    type Target = Node;

    fn deref(&self) -> &Node {
        &self.node
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        if thread::panicking() {
            self.print_logs();
        }
    }
}
