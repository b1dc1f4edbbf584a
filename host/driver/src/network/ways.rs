//! The ways that this host has to networks: the same addresses have one of them.

use ipnet::IpNet;
use plan::{Action, Admitted, AdmittedStep, Label, NetworkId};
use plumbing::Dataplane;

use crate::Driver;
use crate::error::Error;
use crate::record::{NetworkRecord, NetworkState};

/// A way of this host to some addresses.
#[derive(Clone, Copy)]
struct Way<'a> {
    /// The host's port that it goes by.
    port: &'a AdmittedStep,
    net: IpNet,
    /// By a route, which is its network's alone, or since the port is there itself, which all have who share the port.
    routed: bool,
}

impl Way<'_> {
    /// Whether it is in another one's way: then one of them would get what is for both, and both end with either.
    fn collides(&self, other: &Way<'_>) -> bool {
        let same_port = self.port.shared.is_some() && self.port.shared == other.port.shared;
        let one = same_port && !self.routed && !other.routed;
        !one && (self.net.contains(&other.net) || other.net.contains(&self.net))
    }
}

impl<D: Dataplane> Driver<D> {
    /// Checks that nothing a plan gives this host a way to, by a route or by a port that is there itself, has a way of another
    /// network of ours already. What the network has already is its own.
    pub(crate) fn check_ways(&self, plan: &Admitted, network: &NetworkId) -> Result<(), Error> {
        let known = self.state.network(network);
        let has: Vec<IpNet> = known.iter().flat_map(|record| ways(&record.plan)).map(|way| way.net).collect();
        let wanted: Vec<Way<'_>> = ways(plan).filter(|way| !has.contains(&way.net)).collect();
        let others = self.state.networks();
        for record in others.iter().filter(|other| other.network.id != *network) {
            let known = all_of(record);
            for way in &wanted {
                if let Some(other) = known.iter().find(|other| way.collides(other)) {
                    let holder = record.network.id.clone();
                    return Err(Error::Overlap { pool: way.net, other: other.net, holder });
                }
            }
        }
        Ok(())
    }
}

/// The ways to a network and to what it is being made. The port of one that goes is gone before long; where its routes lead
/// may stay for as long as OVN is away.
fn all_of(record: &NetworkRecord) -> Vec<Way<'_>> {
    let attempted = record.attempt.iter().map(|attempt| &attempt.network.plan);
    let plans = std::iter::once(&record.plan).chain(attempted);
    match record.state {
        NetworkState::Removing => plans.flat_map(routed).collect(),
        NetworkState::Creating | NetworkState::Ready => plans.flat_map(ways).collect(),
    }
}

fn ways(plan: &Admitted) -> impl Iterator<Item = Way<'_>> {
    routed(plan).chain(owned(plan))
}

/// Where a plan's routes of this host lead.
fn routed(plan: &Admitted) -> impl Iterator<Item = Way<'_>> {
    let routes = plan.steps.iter().filter_map(|step| match &step.action {
        Action::StaticRoute(added) => Some((&added.router, added.route.destination.trunc())),
        _ => None,
    });
    let through = |label: &Label| host_ports(plan).find(|port| port.label == *label);
    routes.filter_map(move |(label, net)| Some(Way { port: through(label)?, net, routed: true }))
}

/// The subnets that a plan's host ports are in.
fn owned(plan: &Admitted) -> impl Iterator<Item = Way<'_>> {
    host_ports(plan).flat_map(|port| match &port.action {
        Action::HostPort(it) => it.addresses.iter().map(|net| Way { port, net: net.trunc(), routed: false }).collect(),
        _ => Vec::new(),
    })
}

fn host_ports(plan: &Admitted) -> impl Iterator<Item = &AdmittedStep> {
    plan.steps.iter().filter(|step| matches!(step.action, Action::HostPort(_)))
}
