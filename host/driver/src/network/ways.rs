//! The ways that this host has to networks: the same addresses cannot lie behind two of them.

use ipnet::IpNet;
use plan::{Action, Admitted, AdmittedStep, Label, NetworkId};
use plumbing::Dataplane;

use crate::Driver;
use crate::error::Error;
use crate::record::{NetworkRecord, NetworkState};

impl<D: Dataplane> Driver<D> {
    /// Checks that nothing a plan gives this host a way to, by a route or by a port that is there itself, lies behind
    /// another port of ours already. What the network has already is its own.
    pub(crate) fn check_ways(&self, plan: &Admitted, network: &NetworkId) -> Result<(), Error> {
        let known = self.state.network(network);
        let has: Vec<IpNet> = known.iter().flat_map(|record| ways(&record.plan)).map(|(_, net)| net).collect();
        let wanted: Vec<_> = ways(plan).into_iter().filter(|(_, net)| !has.contains(net)).collect();
        let others = self.state.networks();
        for record in others.iter().filter(|other| other.network.id != *network) {
            let known = all_of(record);
            for (port, pool) in &wanted {
                let same_port = |other: &AdmittedStep| port.shared.is_some() && port.shared == other.shared;
                let overlaps = |other: &IpNet| pool.contains(other) || other.contains(pool);
                let taken = known.iter().find(|(other, net)| !same_port(other) && overlaps(net));
                if let Some((_, other)) = taken {
                    let holder = record.network.id.clone();
                    return Err(Error::Overlap { pool: *pool, other: *other, holder });
                }
            }
        }
        Ok(())
    }
}

/// The ways to a network and to what it is being made. The port of one that goes is gone before long; where its routes lead
/// may stay for as long as OVN is away.
fn all_of(record: &NetworkRecord) -> Vec<(&AdmittedStep, IpNet)> {
    let attempted = record.attempt.iter().map(|attempt| &attempt.network.plan);
    let plans = std::iter::once(&record.plan).chain(attempted);
    match record.state {
        NetworkState::Removing => plans.flat_map(routed).collect(),
        NetworkState::Creating | NetworkState::Ready => plans.flat_map(ways).collect(),
    }
}

fn ways(plan: &Admitted) -> Vec<(&AdmittedStep, IpNet)> {
    routed(plan).into_iter().chain(owned(plan)).collect()
}

/// Where a plan's routes of this host lead, each with its host port.
fn routed(plan: &Admitted) -> Vec<(&AdmittedStep, IpNet)> {
    let routes = plan.steps.iter().filter_map(|step| match &step.action {
        Action::StaticRoute(added) => Some((&added.router, added.route.destination.trunc())),
        _ => None,
    });
    let through = |label: &Label| host_ports(plan).find(|port| port.label == *label);
    routes.filter_map(|(label, destination)| Some((through(label)?, destination))).collect()
}

/// The subnets that a plan's host ports are in.
fn owned(plan: &Admitted) -> impl Iterator<Item = (&AdmittedStep, IpNet)> {
    host_ports(plan).flat_map(|step| match &step.action {
        Action::HostPort(port) => port.addresses.iter().map(|net| (step, net.trunc())).collect(),
        _ => Vec::new(),
    })
}

fn host_ports(plan: &Admitted) -> impl Iterator<Item = &AdmittedStep> {
    plan.steps.iter().filter(|step| matches!(step.action, Action::HostPort(_)))
}
