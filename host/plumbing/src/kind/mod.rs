//! The kinds of actions, one file each: what an action is made of on each layer, and how it reads as commands. Each is
//! a pure function; the layers (`ovs`, `link`, `nat`) make, check and remove the parts.

mod acl;
mod bridge;
mod endpoint_port;
mod forward;
mod guarded;
mod host_port;
mod load_balancer;
mod localnet;
mod logical_nat;
mod logical_port;
mod logical_router;
mod logical_switch;
mod masquerade;
mod publish;
mod router_port;
mod static_route;
mod tunnel;
mod uplink;

use plan::{Action, AdmittedStep, Datapath, InterfaceName, RouteVia};

pub(crate) use tunnel::mesh_of;

use crate::guard::GuardSpec;
use crate::link::{Configuration, VethSpec};
use crate::nat::{self, Effect, FirewallConfig, Rule};
use crate::ovn::{self, RowSpec};
use crate::ovs::{Binding, BridgeSpec, PortSpec, Purpose};
use crate::{Error, Mark, Work};

/// What an action is made of, in the order in which it is made.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    /// A container's link.
    pub(crate) veth: Option<VethSpec>,
    /// A bridge.
    pub(crate) bridge: Option<BridgeSpec>,
    /// A port of a bridge.
    pub(crate) port: Option<PortSpec>,
    /// What guards that port, and the patch from there to the network's bridge.
    pub(crate) guard: Option<GuardSpec>,
    /// The two ends of it, or of a mesh's.
    pub(crate) patch: Vec<PortSpec>,
    /// The tunnels of a mesh, whose bridge is the bridge.
    pub(crate) tunnels: Vec<PortSpec>,
    /// A host's interface that is to be up.
    pub(crate) up: Option<InterfaceName>,
    /// An internal port with its addresses.
    pub(crate) foot: Option<(InterfaceName, Configuration)>,
    /// A route of the host, through an internal port.
    pub(crate) route: Option<(InterfaceName, RouteVia)>,
    /// A rule of the firewall.
    pub(crate) rule: Option<Rule>,
    /// Rows of the northbound database.
    pub(crate) rows: Vec<RowSpec>,
}

impl Parts {
    /// Whether there is nothing but a rule of the firewall.
    pub(crate) fn is_rule_only(&self) -> bool {
        let links = self.veth.is_none() && self.bridge.is_none() && self.port.is_none() && self.route.is_none();
        links && self.rows.is_empty()
    }
}

impl Parts {
    /// Every bridge of it.
    pub(crate) fn bridges(&self) -> impl Iterator<Item = &BridgeSpec> {
        self.bridge.iter().chain(self.guard.iter().map(|guard| &guard.bridge))
    }

    /// The bridge on which its network has its port.
    pub(crate) fn home(&self) -> Option<&InterfaceName> {
        self.patch.last().or(self.port.as_ref()).map(|port| &port.bridge)
    }

    /// Moves its guard to the kernel's datapath, where its network's bridge is.
    pub(crate) fn guard_on_kernel(&mut self) {
        let Some(guard) = &mut self.guard else { return };
        guard.settle_on_kernel();
        for port in self.port.iter_mut().chain(self.patch.first_mut()) {
            port.bridge = guard.bridge.name.clone();
        }
    }

    /// Takes a mesh to the datapath where its segment's bridge is.
    pub(crate) fn settle_mesh(&mut self, netdev: bool) {
        if let Some(bridge) = self.bridge.as_mut().filter(|bridge| bridge.purpose == Purpose::Mesh) {
            bridge.datapath = if netdev { Datapath::Netdev } else { Datapath::System };
        }
    }

    /// The routes of this host that it has.
    pub(crate) fn routes(&self) -> impl Iterator<Item = &RouteVia> {
        let foot = self.foot.iter().flat_map(|(_, configuration)| &configuration.routes);
        foot.chain(self.route.iter().map(|(_, route)| route))
    }

    /// Every port of it.
    pub(crate) fn ports(&self) -> impl Iterator<Item = &PortSpec> {
        self.port.iter().chain(&self.patch).chain(&self.tunnels)
    }
}

/// What a step is made of.
pub(crate) fn parts(work: &Work, step: &AdmittedStep) -> Result<Parts, Error> {
    match &step.action {
        Action::Bridge(action) => bridge::parts(work, step, action),
        Action::Uplink(action) => uplink::parts(work, step, action),
        Action::HostPort(action) => host_port::parts(work, step, action),
        Action::EndpointPort(action) => endpoint_port::parts(work, step, action),
        Action::Masquerade(action) => masquerade::parts(work, step, action),
        Action::Forward(action) => forward::parts(work, step, action),
        Action::Publish(action) => publish::parts(work, step, action),
        Action::LogicalSwitch(action) => Ok(logical_switch::parts(step, action)),
        Action::LogicalRouter(action) => Ok(logical_router::parts(step, action)),
        Action::RouterPort(action) => router_port::parts(work, step, action),
        Action::StaticRoute(action) => static_route::parts(work, step, action),
        Action::Localnet(action) => localnet::parts(work, step, action),
        Action::Acl(action) => acl::parts(work, step, action),
        Action::LoadBalancer(action) => load_balancer::parts(work, step, action),
        Action::LogicalNat(action) => logical_nat::parts(work, step, action),
        Action::Tunnel(action) => tunnel::parts(work, step, action),
        Action::Custom(action) => Err(unperformable(step, format!("this release has no action {}", action.kind))),
    }
}

/// What the steps of a plan are made of.
pub(crate) fn all_parts(work: &Work) -> Result<Vec<Parts>, Error> {
    work.steps.iter().map(|step| parts(work, step)).collect()
}

/// The commands that would do what a step does, given what it is made of.
pub(crate) fn shell(work: &Work, step: &AdmittedStep, parts: &Parts, firewall: &FirewallConfig) -> Vec<String> {
    let mut lines = match &step.action {
        Action::Bridge(_) => bridge::shell(work, parts),
        Action::Uplink(_) => uplink::shell(work, parts),
        Action::HostPort(_) => host_port::shell(work, parts),
        Action::EndpointPort(_) => endpoint_port::shell(work, parts),
        Action::StaticRoute(_) => static_route::shell(parts),
        Action::Tunnel(_) => tunnel::shell(work, parts),
        Action::Masquerade(_)
        | Action::Forward(_)
        | Action::Publish(_)
        | Action::LogicalSwitch(_)
        | Action::LogicalRouter(_)
        | Action::RouterPort(_)
        | Action::Localnet(_)
        | Action::Acl(_)
        | Action::LoadBalancer(_)
        | Action::LogicalNat(_)
        | Action::Custom(_) => Vec::new(),
    };
    // Before the port that is bound to one of them.
    lines.splice(0..0, ovn::shell(&parts.rows, &work.mark));
    lines.extend(parts.rule.iter().flat_map(|rule| nat::shell(firewall, rule)));
    lines
}

fn unperformable(step: &AdmittedStep, reason: impl Into<String>) -> Error {
    Error::Step { label: step.label.to_string(), reason: reason.into() }
}

/// The name the host gave to what a step makes.
fn name(step: &AdmittedStep) -> Result<InterfaceName, Error> {
    step.name.clone().ok_or_else(|| unperformable(step, "its object has no name"))
}

/// The name of the bridge that a port's step builds on.
fn bridge_of(work: &Work, step: &AdmittedStep) -> Result<InterfaceName, Error> {
    let ground = work.ground(step).filter(|ground| matches!(ground.action, Action::Bridge(_)));
    name(ground.ok_or_else(|| unperformable(step, "it builds on no bridge"))?)
}

/// The link of the host port that a rule is about.
fn host_port_of(work: &Work, step: &AdmittedStep) -> Result<InterfaceName, Error> {
    work.host_port(step).cloned().ok_or_else(|| unperformable(step, "it is about no host port"))
}

fn rule(work: &Work, effect: Effect) -> Rule {
    Rule { mark: work.mark.clone(), effect }
}

/// `external_ids` as `ovs-vsctl set` takes them.
fn ids(work: &Work, label: &str) -> String {
    ids_of(&work.mark, label)
}

fn ids_of(mark: &Mark, label: &str) -> String {
    mark.ids(label).iter().map(|(key, value)| format!(" external_ids:{key}={value}")).collect()
}

/// [`add_port`] with the type and the options of its interface.
fn add_typed_port(work: &Work, port: &PortSpec) -> String {
    let options: String = port.role.options().iter().map(|(key, value)| format!(" options:{key}={value}")).collect();
    format!("{} -- set Interface {} type={}{options}", add_port(work, port), port.name, port.interface_type())
}

/// `ovs-vsctl add-port` with everything that a port's row has.
fn add_port(work: &Work, port: &PortSpec) -> String {
    let (bridge, name, vlans) = (&port.bridge, &port.name, port.vlans.arguments());
    let protected = if port.protected() { " protected=true" } else { "" };
    let ids = ids(work, &port.label);
    let rate = port.rate().map(|rate| {
        format!(
            " -- set Port {name} qos=@qos -- --id=@qos create QoS type=linux-htb other_config:max-rate={rate} \
             queues:0=@queue -- --id=@queue create Queue other_config:max-rate={rate}"
        )
    });
    let rate = rate.unwrap_or_default();
    let binding = port.binding.iter().flat_map(Binding::ids).map(|(key, id)| format!(" external_ids:{key}='\"{id}\"'"));
    let binding = binding.collect::<String>();
    let binding = if binding.is_empty() { binding } else { format!(" -- set Interface {name}{binding}") };
    format!("ovs-vsctl add-port {bridge} {name}{vlans} -- set Port {name}{protected}{ids}{binding}{rate}")
}
