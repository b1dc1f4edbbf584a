//! The guard: admits a plan as a whole, or refuses it before the first side effect.
//!
//! A mode is not trusted. Whatever it answers, what gets past the guard touches this network's bridge or one that the
//! mode was granted, this endpoint's link, this network's addresses, and the ports that were asked for: nothing else on
//! the host. The guard is a pure function too. What it has to know about the host comes as a snapshot; plumbing, which
//! can look, checks the same things again when it performs.
//!
//! One file per action kind, each with one `check`; [`denial`](Denial) says no in the same form everywhere.

mod acl;
mod asked;
mod bridge;
mod denial;
mod endpoint_port;
mod forward;
mod host_port;
mod kinds;
mod labels;
mod limits;
mod link;
mod load_balancer;
mod localnet;
mod logical;
mod logical_nat;
mod logical_router;
mod logical_switch;
mod masquerade;
mod publish;
mod reply;
mod router_port;
mod scene;
mod sender;
mod shared;
mod static_route;
mod tunnel;
mod uplink;

use std::net::IpAddr;

use ipnet::IpNet;

use self::denial::Broken;
pub use self::denial::{Denial, DeniedStep, Rule};
use self::scene::{Scene, Stage};
use crate::{Action, Admitted, AdmittedStep, Endpoint, Grants, HostFacts, Network, Plan, Predecessor, PublishedPort};

/// What the mode was asked for.
#[derive(Clone, Copy, Debug)]
pub enum Asked<'a> {
    /// What has to exist for the network itself.
    Network,
    /// What has to exist for one endpoint.
    Endpoint {
        /// The endpoint.
        endpoint: &'a Endpoint,
        /// The network's own plan: its labels are in scope.
        of: &'a Admitted,
    },
    /// What has to exist for the ports an endpoint publishes.
    Publish {
        /// The endpoint.
        endpoint: &'a Endpoint,
        /// The network's own plan: its labels are in scope.
        of: &'a Admitted,
        /// The ports the user published.
        ports: &'a [PublishedPort],
    },
}

/// Everything a plan is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The network the plan is for.
    pub network: &'a Network,
    /// What the mode was asked for.
    pub asked: Asked<'a>,
    /// What the mode may do.
    pub grants: &'a Grants,
    /// What there is on the host.
    pub host: &'a HostFacts,
}

impl<'a> Request<'a> {
    /// The network's own steps, where the plan stands on them.
    fn scope(&self) -> &'a [AdmittedStep] {
        match self.asked {
            Asked::Network => &[],
            Asked::Endpoint { of, .. } | Asked::Publish { of, .. } => &of.steps,
        }
    }
}

/// Admits a mode's plan. Nothing it makes has a name yet: [`Admitted::name_objects`] gives them. An uplink that was
/// named by an alternative name gets its link's own.
///
/// # Errors
///
/// The first rule that is broken, with the step that breaks it.
pub fn admit(plan: &Plan, request: &Request<'_>) -> Result<Admitted, Denial> {
    admit_after(plan, Predecessor { plan: &Admitted::default(), scope: &[] }, request)
}

/// Admits a plan that takes another one's place, as [`admit`] does: what stays of that one is there, and keeps its names.
/// The rest has none yet.
///
/// # Errors
///
/// The first rule that is broken, with the step that breaks it.
pub fn admit_after(plan: &Plan, before: Predecessor<'_>, request: &Request<'_>) -> Result<Admitted, Denial> {
    limits::check(plan)?;
    let mut admitted = labels::read(plan)?;
    admitted.reply = reply::read(&plan.reply, request)?;
    admitted.take_names(before, request.scope());
    admitted.take_shared_names(&request.network.id, &request.host.shared);
    check(&admitted, request, Stage::Fresh)?;
    uplink::resolve(&mut admitted, request.host);
    Ok(admitted)
}

/// Checks a plan from the store again, under today's grants and facts. What it made may exist by now, and a link that
/// it builds on may be missing: that is for verification to find, here only what may be touched is judged.
///
/// # Errors
///
/// The first rule that is broken, with the step that breaks it.
pub fn readmit(stored: &Admitted, request: &Request<'_>) -> Result<(), Denial> {
    check(stored, request, Stage::Stored)
}

fn check(plan: &Admitted, request: &Request<'_>, stage: Stage) -> Result<(), Denial> {
    labels::check(plan, request)?;
    kinds::check(plan, request)?;
    for (index, step) in plan.steps.iter().enumerate() {
        let scene = Scene { request, stage, earlier: &plan.steps[..index], step };
        shared::check(&scene)
            .and_then(|()| action(&step.action, &scene))
            .map_err(|broken| broken.in_step(index, &step.label))?;
    }
    publish::check_complete(plan, request)?;
    reply::check(&plan.reply, request)
}

fn action(action: &Action, scene: &Scene<'_>) -> Result<(), Broken> {
    match action {
        Action::Bridge(bridge) => bridge::check(bridge, scene),
        Action::Uplink(uplink) => uplink::check(uplink, scene),
        Action::HostPort(port) => host_port::check(port, scene),
        Action::EndpointPort(port) => endpoint_port::check(port, scene),
        Action::Masquerade(masquerade) => masquerade::check(masquerade, scene),
        Action::Forward(forward) => forward::check(forward, scene),
        Action::Publish(publish) => publish::check(publish, scene),
        Action::Tunnel(tunnel) => tunnel::check(tunnel, scene),
        Action::LogicalSwitch(switch) => logical_switch::check(switch, scene),
        Action::LogicalRouter(router) => logical_router::check(router, scene),
        Action::RouterPort(port) => router_port::check(port, scene),
        Action::StaticRoute(route) => static_route::check(route, scene),
        Action::Localnet(localnet) => localnet::check(localnet, scene),
        Action::Acl(acl) => acl::check(acl, scene),
        Action::LoadBalancer(balancer) => load_balancer::check(balancer, scene),
        Action::LogicalNat(nat) => logical_nat::check(nat, scene),
        // Of no kind that any call is answered with: refused by `kinds`.
        Action::Custom(_) => Ok(()),
    }
}

/// Whether an address lies in a pool. An all-zero pool (the null address space) is no pool.
fn is_in(pool: &IpNet, address: IpAddr) -> bool {
    pool.prefix_len() > 0 && pool.contains(&address)
}

/// Whether an address is one station's: not that of the subnet itself, nor its broadcast address.
fn is_station(subnet: &IpNet, address: IpAddr) -> bool {
    let host_bits = subnet.max_prefix_len() - subnet.prefix_len();
    host_bits < 2 || (address != subnet.network() && (address.is_ipv6() || address != subnet.broadcast()))
}
