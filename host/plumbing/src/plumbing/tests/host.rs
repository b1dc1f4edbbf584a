//! A host of the test's own, with Open vSwitch and our plumbing on it, and plans to try on it.

use std::process::Command;
use std::time::Duration;

use ovsdb::NorthboundAt;
use plan::{
    Action, AdmittedStep, Attachment, Bridge, BridgeName, Datapath, EndpointId, EndpointPort, HostPort, InstanceId,
    InterfaceName, Label, MacAddress, NetworkId, Uplink, VlanId,
};
use tokio::time::{Instant, timeout};

use super::switch::Switch;
use crate::nat::{Firewall, FirewallConfig};
use crate::netlink::namespace::Namespace;
use crate::testing::search_path;
use crate::{Condition, Config, Dataplane, Mark, Plumbing, Work};

pub(super) const INSTANCE: &str = "0123abcd";

pub(super) struct Host {
    pub(super) switch: Switch,
}

/// Runs a test on a host whose Open vSwitch has never run.
pub(super) fn on_bare_host(test: impl AsyncFnOnce(&mut Host) + Send + 'static) {
    Namespace::new().run(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut host = Host { switch: Switch::new() };
            timeout(Duration::from_secs(90), test(&mut host)).await.expect("the test ends in time");
        });
    });
}

/// Runs a test on a host with a running Open vSwitch.
pub(super) fn on_host(test: impl AsyncFnOnce(&mut Host) + Send + 'static) {
    on_bare_host(async |host| {
        host.switch.start_database();
        host.switch.start_daemon();
        test(host).await;
    });
}

impl Host {
    pub(super) async fn plumbing(&self) -> Plumbing {
        self.plumbing_in(search_path(), NorthboundAt::Nowhere).await
    }

    /// Plumbing that looks in Open vSwitch's database for OVN's.
    pub(super) async fn plumbing_with_ovn(&self) -> Plumbing {
        self.plumbing_in(search_path(), NorthboundAt::Auto).await
    }

    /// Plumbing whose `nft` runs some lines of shell first.
    pub(super) async fn plumbing_with_nft(&self, first: &str) -> Plumbing {
        std::fs::create_dir(self.switch.path("bin")).unwrap();
        let nft = self.switch.path("bin/nft");
        std::fs::write(&nft, format!("#!/bin/sh\n{first}\nPATH=${{PATH#*:}} exec nft \"$@\"\n")).unwrap();
        self.sh(&format!("chmod +x {nft}"));
        self.plumbing_in(format!("{}:{}", self.switch.path("bin"), search_path()), NorthboundAt::Nowhere).await
    }

    /// From now on, that `nft` finds `$0.broken`.
    pub(super) fn break_nft(&self) {
        std::fs::write(self.switch.path("bin/nft.broken"), "").unwrap();
    }

    async fn plumbing_in(&self, path: String, northbound: NorthboundAt) -> Plumbing {
        let instance = InstanceId::new(INSTANCE).unwrap();
        let firewall =
            FirewallConfig { table: "docker-ovs".to_owned(), prefix: "ov".to_owned(), instance: instance.clone() };
        let ovsdb = vec![self.switch.remote().parse().unwrap()];
        let lab = Firewall::with_path(firewall.clone(), Some(path.into())).unwrap();
        Plumbing::start_beside(lab, Config { instance, ovsdb, northbound, tls: None, firewall }).await.unwrap()
    }

    /// Runs a shell's command line, which has to succeed; what it printed.
    pub(super) fn sh(&self, line: &str) -> String {
        let output = Command::new("/bin/sh")
            .args(["-c", line])
            .env("PATH", search_path())
            .env("OVS_RUNDIR", self.switch.path(""))
            .output()
            .unwrap();
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    /// The names of all links.
    pub(super) fn links(&self) -> Vec<String> {
        let mut links: Vec<String> = self
            .sh("ip -o link")
            .lines()
            .map(|line| line.split(": ").nth(1).unwrap().split('@').next().unwrap().to_owned())
            .collect();
        links.sort();
        links
    }

    /// Everything that a test could leave behind.
    pub(super) fn traces(&self) -> (Vec<String>, String, String) {
        let rows = self.switch.vsctl("--columns=name,external_ids list Bridge")
            + &self.switch.vsctl("--columns=name list Port");
        (self.links(), rows, self.sh("nft list ruleset"))
    }

    /// Waits until something is so.
    pub(super) async fn until(&self, what: &str, mut so: impl FnMut() -> bool) {
        let end = Instant::now() + Duration::from_secs(10);
        while !so() {
            assert!(Instant::now() < end, "{what} does not come true");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

pub(super) fn soon() -> Instant {
    Instant::now() + Duration::from_secs(10)
}

pub(super) fn name(text: &str) -> InterfaceName {
    InterfaceName::new(text).unwrap()
}

fn step(label: &str, action: Action, object: &str) -> AdmittedStep {
    let peer = matches!(action, Action::EndpointPort(_)).then(|| name(&object.replacen("ove", "ovc", 1)));
    AdmittedStep { label: Label::new(label).unwrap(), action, why: None, shared: None, name: Some(name(object)), peer }
}

/// A step that makes nothing with a name.
pub(super) fn rule_step(name: &str, action: Action) -> AdmittedStep {
    AdmittedStep { label: label(name), action, why: None, shared: None, name: None, peer: None }
}

pub(super) fn label(text: &str) -> Label {
    Label::new(text).unwrap()
}

/// A bridge of the network's own, `ovb` and a number, on the userspace datapath as `auto` finds it here.
pub(super) fn own_bridge(object: &str) -> AdmittedStep {
    step("bridge", Action::Bridge(Bridge { name: None, datapath: Datapath::Auto }), object)
}

pub(super) fn named_bridge(object: &str, datapath: Datapath) -> AdmittedStep {
    step("bridge", Action::Bridge(Bridge { name: Some(BridgeName::new(object).unwrap()), datapath }), object)
}

fn on_bridge() -> Attachment {
    Attachment::Bridge(label("bridge"))
}

pub(super) fn host_port(object: &str, address: &str) -> AdmittedStep {
    let addresses = vec![address.parse().unwrap()];
    step("host", Action::HostPort(HostPort { mtu: Some(1400), ..HostPort::new(on_bridge(), addresses) }), object)
}

pub(super) fn uplink(object: &str, vlan: Option<u16>, trunks: &[u16]) -> AdmittedStep {
    let vlan = vlan.map(|id| VlanId::new(id).unwrap());
    let trunks = trunks.iter().map(|id| VlanId::new(*id).unwrap()).collect();
    step("uplink", Action::Uplink(Uplink { bridge: label("bridge"), name: name(object), vlan, trunks }), object)
}

pub(super) fn endpoint_port(object: &str, number: u8) -> AdmittedStep {
    let addresses = vec![format!("10.9.0.{number}/24").parse().unwrap()];
    let plain = EndpointPort::new(on_bridge(), MacAddress([2, 0, 0, 0, 0, number]), addresses);
    step("port", Action::EndpointPort(EndpointPort { mtu: Some(1400), ..plain }), object)
}

/// Changes the container's port of a plan.
pub(super) fn with(mut step: AdmittedStep, change: impl FnOnce(&mut EndpointPort)) -> AdmittedStep {
    if let Action::EndpointPort(port) = &mut step.action {
        change(port);
    }
    step
}

/// A network's plan.
pub(super) fn network(id: &str, steps: Vec<AdmittedStep>) -> Work {
    let instance = InstanceId::new(INSTANCE).unwrap();
    Work { mark: Mark { instance, network: NetworkId::new(id).unwrap(), endpoint: None }, steps, scope: Vec::new() }
}

/// The plan of an endpoint of a network.
pub(super) fn endpoint(network: &Work, id: &str, steps: Vec<AdmittedStep>) -> Work {
    let mark = Mark { endpoint: Some(EndpointId::new(id).unwrap()), ..network.mark.clone() };
    Work { mark, steps, scope: network.steps.clone() }
}

/// How each step's object is found.
pub(super) async fn found(plumbing: &Plumbing, work: &Work) -> Vec<Condition> {
    let findings = plumbing.verify(work, soon()).await.unwrap();
    findings.into_iter().map(|finding| finding.condition).collect()
}

/// Whether all of a plan is there as it should be.
pub(super) async fn is_fine(plumbing: &Plumbing, work: &Work) -> bool {
    found(plumbing, work).await.iter().all(|condition| *condition == Condition::Fine)
}

/// Waits until each step's object is found so: the copy of the database follows a moment behind other programs.
pub(super) async fn becomes(plumbing: &Plumbing, work: &Work, expected: &[Condition]) {
    let end = soon();
    loop {
        let found = found(plumbing, work).await;
        if found == expected {
            return;
        }
        assert!(Instant::now() < end, "{found:?} does not become {expected:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
