//! The ways that this host has to networks: the same addresses cannot lie behind two of them.

use ipnet::IpNet;
use plan::{Action, Admitted, AdmittedStep, Label, NetworkId};
use plumbing::Dataplane;

use crate::Driver;
use crate::error::Error;

impl<D: Dataplane> Driver<D> {
    /// Checks that nothing a plan's routes of this host lead to lies behind another port of ours already.
    pub(crate) fn check_ways(&self, plan: &Admitted, network: &NetworkId) -> Result<(), Error> {
        let wanted = routed(plan);
        let others = self.state.networks();
        let others = others.iter().filter(|other| !wanted.is_empty() && other.network.id != *network);
        for record in others {
            let attempted = record.attempt.iter().map(|attempt| &attempt.network.plan);
            let plans = std::iter::once(&record.plan).chain(attempted);
            let known: Vec<(&AdmittedStep, IpNet)> =
                plans.flat_map(|plan| routed(plan).into_iter().chain(owned(plan))).collect();
            for (port, pool) in &wanted {
                let same_port = |other: &AdmittedStep| port.shared.is_some() && port.shared == other.shared;
                let overlaps = |other: &IpNet| pool.contains(other) || other.contains(pool);
                let taken = known.iter().find(|(other, net)| !same_port(other) && overlaps(net));
                if let Some((_, other)) = taken {
                    let holder = record.network.id.clone();
                    return Err(Error::Overlap { pool: *pool, other: other.trunc(), holder });
                }
            }
        }
        Ok(())
    }
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
