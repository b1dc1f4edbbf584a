//! What is asked for, and what was found.

use std::collections::BTreeSet;
use std::net::IpAddr;

use plan::{Action, AdmittedStep, EndpointId, InstanceId, InterfaceName, Label, NetworkId};

use crate::Mark;

/// One plan to perform, verify, repair or undo.
#[derive(Clone, Debug)]
pub struct Work {
    /// Whose the things are that it makes.
    pub mark: Mark,
    /// The plan's steps, in order.
    pub steps: Vec<AdmittedStep>,
    /// The network's own steps where this is an endpoint's plan: its steps build on them.
    pub scope: Vec<AdmittedStep>,
}

impl Work {
    /// The step of a label, in this plan or in its scope.
    #[must_use]
    pub fn step(&self, label: &str) -> Option<&AdmittedStep> {
        self.steps.iter().chain(&self.scope).find(|step| &*step.label == label)
    }

    /// The step that another one builds on: the bridge of a port, the host port of a rule.
    #[must_use]
    pub fn ground(&self, step: &AdmittedStep) -> Option<&AdmittedStep> {
        step.action.on().and_then(|label| self.step(label))
    }

    /// The link of the host port that a rule is about.
    #[must_use]
    pub fn host_port(&self, rule: &AdmittedStep) -> Option<&InterfaceName> {
        self.ground(rule).filter(|step| matches!(step.action, Action::HostPort(_)))?.name.as_ref()
    }
}

/// How a step's object is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// As it should be.
    Fine,
    /// Not there.
    Missing,
    /// There, but not as it should be; how.
    Different(String),
    /// Beyond repair: a container's link that is gone is never made again, since nobody would move it into the
    /// container.
    Broken(String),
    /// Nobody knows, since who would know does not answer: who that is. Nothing is done because of it.
    Unknown(String),
}

/// What was found about one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The step.
    pub label: Label,
    /// How its object is.
    pub condition: Condition,
}

/// How another host is reached, for tunnels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Underlay {
    /// The other host.
    pub host: IpAddr,
    /// Whether it is this one.
    pub own: bool,
    /// The MTU of the link that leads there, or of this host's that has the address, in bytes; none: there is none.
    pub mtu: Option<u32>,
    /// Why no tunnel of ovs-vswitchd's own datapath gets there, and what to do.
    pub fault: Option<String>,
}

/// What kind of thing carries a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MarkedKind {
    /// A bridge in Open vSwitch.
    Bridge,
    /// A port in Open vSwitch.
    Port,
    /// A link of the host.
    Link,
    /// Rules in our nftables table.
    Rules,
    /// Rows of OVN's northbound database, and claims to those that are shared.
    LogicalRows,
}

/// A thing that carries our instance's mark.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Marked {
    /// What it is.
    pub kind: MarkedKind,
    /// Its name; of rules and rows: the endpoint's id, or else the network's.
    pub name: String,
    /// The network it was made for.
    pub network: NetworkId,
    /// The endpoint it was made for; none: the network itself.
    pub endpoint: Option<EndpointId>,
}

/// What one driver has in OVN's northbound database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// The driver's state directory.
    pub instance: InstanceId,
    /// Its host: the name, and in parentheses the system-id.
    pub host: String,
    /// Whether it is this driver.
    pub own: bool,
    /// The networks it is for.
    pub networks: BTreeSet<NetworkId>,
    /// How many claims it has to rows that hosts share, and how many rows its containers have beside their ports.
    pub rows: usize,
    /// How many ports of containers it has.
    pub ports: usize,
}

impl Holding {
    /// Whether it is of a host, by the host's name or system-id, or of a driver, by its instance.
    #[must_use]
    pub fn is_of(&self, host: &str) -> bool {
        let (name, system) = self.host.split_once(" (").unwrap_or((&self.host, ""));
        !host.is_empty() && [name, system.trim_end_matches(')'), self.instance.as_str()].contains(&host)
    }
}

/// Something changed under us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The copy of Open vSwitch's database is complete (again): time to reconcile.
    OvsUp,
    /// Open vSwitch's database went away.
    OvsDown,
    /// The copy of OVN's northbound database is complete (again): time to reconcile.
    NorthboundUp,
    /// OVN's northbound database went away.
    NorthboundDown,
    /// ovs-vswitchd was restarted, and with it went the flows that guarded ports need: time to reconcile.
    FlowsGone,
    /// A row of ours is gone or was changed by somebody else.
    RowGone {
        /// Its network.
        network: NetworkId,
        /// Its endpoint; none: the network's own.
        endpoint: Option<EndpointId>,
    },
    /// A link of ours went away without us.
    LinkGone {
        /// Its network.
        network: NetworkId,
        /// Its endpoint; none: the network's own.
        endpoint: Option<EndpointId>,
        /// Its name.
        name: String,
    },
    /// Somebody changed the firewall; our table may be gone.
    FirewallChanged,
    /// More happened than could be followed: time to reconcile.
    Lost,
}

/// How the plumbing is, for status and checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// Where Open vSwitch's database is looked for.
    pub remote: String,
    /// Whether the copy of the database is current.
    pub connected: bool,
    /// Open vSwitch's version, once it said so.
    pub version: Option<String>,
    /// Whether the kernel has Open vSwitch's datapath.
    pub kernel_datapath: bool,
    /// Whether ovs-vswitchd has taken over all that was asked of it; not so for long: it does not run.
    pub settled: bool,
}
