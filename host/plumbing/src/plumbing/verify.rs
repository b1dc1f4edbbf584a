//! Verifying a plan.

use plan::InterfaceName;
use tokio::time::Instant;

use super::Plumbing;
use super::perform::{fit, rules};
use super::routes;
use super::underlay::{self, leave_own_out};
use crate::kind::{self, Parts};
use crate::link::{Configuration, VethSpec};
use crate::nat::Rule;
use crate::ovn::{self, RowState};
use crate::ovs::{BridgeState, PortSpec, PortState, View, Wanted};
use crate::{Condition, Error, Finding, Mark, Work};

/// What a look at a plan found.
pub(super) struct Look {
    /// One finding a step.
    pub(super) findings: Vec<Finding>,
    /// Whether it is known what the plan has in the northbound database, if anything.
    pub(super) knows_north: bool,
}

impl Plumbing {
    /// Looks at what is on this host and, if it answers, in the northbound database.
    pub(super) async fn look(&self, work: &Work, deadline: Instant) -> Result<Look, Error> {
        let mut parts = kind::all_parts(work)?;
        let view = self.ovs.session().view(deadline).await?;
        fit(&mut parts, &view);
        let north = match parts.iter().any(|parts| !parts.rows.is_empty()) {
            true => Some(self.ovn.look(deadline).await),
            false => None,
        };
        let ways = self.ways(&parts).await?;
        leave_own_out(&mut parts, &ways);
        let others = self.reached_beside(&parts, &view).await?;
        let wanted = self.wanted(work, &parts).await?;
        let rules = rules(&parts);
        let missing = if rules.is_empty() { Vec::new() } else { self.firewall.missing(&rules).await? };
        let mut findings = Vec::new();
        for (step, parts) in work.steps.iter().zip(&parts) {
            let mut condition = self.condition(parts, &wanted, &view, &missing, deadline).await?;
            if let (Condition::Fine, Err(error)) = (&condition, underlay::check(parts, &ways, &wanted, &view)) {
                condition = Condition::Different(error.to_string());
            }
            if let Err(error) = routes::stand(parts, &others) {
                condition = Condition::Different(error.to_string());
            }
            if let (Condition::Fine, Some(north)) = (&condition, &north) {
                condition = match north {
                    Ok(north) => self.logical_condition(parts, &wanted.mark, &view, north),
                    Err(_) if parts.rows.is_empty() => Condition::Fine,
                    Err(away) => Condition::Unknown(away.to_string()),
                };
            }
            findings.push(Finding { label: step.label.clone(), condition });
        }
        Ok(Look { findings, knows_north: north.is_none_or(|north| north.is_ok()) })
    }

    /// The first thing that is wrong with what a step is made of.
    async fn condition(
        &self,
        parts: &Parts,
        wanted: &Wanted,
        view: &View,
        missing: &[Rule],
        deadline: Instant,
    ) -> Result<Condition, Error> {
        let mut found = Vec::new();
        if let Some(veth) = &parts.veth {
            found.push(self.link_condition(veth).await?);
        }
        found.extend(parts.bridges().map(|bridge| bridge_condition(BridgeState::of(bridge, wanted, view))));
        found.extend(parts.ports().map(|port| port_condition(port, wanted, view)));
        if let Some(guard) =
            parts.guard.as_ref().filter(|_| found.iter().all(|condition| *condition == Condition::Fine))
        {
            found.push(self.guards.condition(guard, deadline).await?);
        }
        if let Some(name) = &parts.up {
            found.push(self.up_condition(name).await?);
        }
        if let Some((name, configuration)) = &parts.foot {
            found.push(self.foot_condition(name, configuration).await?);
        }
        if let Some((name, route)) = &parts.route {
            found.push(if self.links.has_route(name, route).await? { Condition::Fine } else { Condition::Missing });
        }
        if parts.rule.as_ref().is_some_and(|rule| missing.contains(rule)) {
            found.push(Condition::Missing);
        }
        Ok(found.into_iter().find(|condition| *condition != Condition::Fine).unwrap_or(Condition::Fine))
    }

    /// The first thing that is wrong with what a step has in the northbound database, or with its connection there.
    fn logical_condition(&self, parts: &Parts, mark: &Mark, view: &View, north: &ovn::View) -> Condition {
        let mut rows = parts.rows.iter().map(|row| row_condition(RowState::of(row, mark, north)));
        if let Some(condition) = rows.find(|condition| *condition != Condition::Fine) {
            return condition;
        }
        let binding = parts.port.as_ref().and_then(|port| Some((&port.name, port.binding.as_ref()?)));
        match binding.filter(|(_, binding)| binding.is_reported()) {
            Some((name, binding)) if !view.interface(name).is_some_and(|it| it.is_installed()) => {
                Condition::Different(format!("OVN has not connected it: {}", self.ovn_is_doing(binding)))
            }
            _ => Condition::Fine,
        }
    }

    async fn link_condition(&self, veth: &VethSpec) -> Result<Condition, Error> {
        let gone = || Condition::Broken(format!("link {} is gone, and with it the container's interface", veth.name));
        Ok(match self.links.get(&veth.name).await? {
            None => gone(),
            Some(link) if link.alias != veth.alias => gone(),
            Some(link) if !link.up => Condition::Different(format!("link {} is down", veth.name)),
            Some(_) => Condition::Fine,
        })
    }

    async fn up_condition(&self, name: &InterfaceName) -> Result<Condition, Error> {
        Ok(match self.links.get(name).await? {
            None => Condition::Different(format!("interface {name} is not there")),
            Some(link) if !link.up => Condition::Different(format!("interface {name} is down")),
            Some(_) => Condition::Fine,
        })
    }

    async fn foot_condition(&self, name: &InterfaceName, wanted: &Configuration) -> Result<Condition, Error> {
        match self.links.difference(name, wanted).await {
            Ok(None) => Ok(Condition::Fine),
            Ok(Some(difference)) => Ok(Condition::Different(difference)),
            Err(error) if error.is_not_found() => Ok(Condition::Missing),
            Err(error) => Err(error.into()),
        }
    }
}

fn row_condition(state: Result<RowState, Error>) -> Condition {
    match state {
        Ok(RowState::Fine) => Condition::Fine,
        Ok(RowState::Missing) => Condition::Missing,
        Ok(RowState::Unclaimed) => Condition::Different("somebody took this network's claim away".to_owned()),
        Ok(RowState::Different(how)) => Condition::Different(how),
        Err(error) => Condition::Different(error.to_string()),
    }
}

fn bridge_condition(state: Result<BridgeState, Error>) -> Condition {
    match state {
        Ok(BridgeState::Fine) => Condition::Fine,
        Ok(BridgeState::Missing) => Condition::Missing,
        Ok(BridgeState::Different(_, how)) => Condition::Different(how),
        Err(error) => Condition::Different(error.to_string()),
    }
}

fn port_condition(port: &PortSpec, wanted: &Wanted, view: &View) -> Condition {
    match PortState::of(port, wanted, view) {
        Ok(PortState::Fine) => said(port, view),
        Ok(PortState::Missing) => Condition::Missing,
        Ok(PortState::Different(_, how)) => Condition::Different(how),
        Ok(PortState::Elsewhere { .. }) => Condition::Different("somebody moved it to another bridge".to_owned()),
        Err(error) => Condition::Different(error.to_string()),
    }
}

/// What Open vSwitch says about a port whose row is as it should be.
fn said(port: &PortSpec, view: &View) -> Condition {
    let interface = view.interface(&port.name);
    match interface.map(|interface| (interface.error(), interface.ofport())) {
        Some((Some(error), _)) => Condition::Different(format!("Open vSwitch cannot use it: {error}")),
        Some((None, Some(ofport))) if ofport > 0 => Condition::Fine,
        _ => Condition::Different("Open vSwitch has not taken it over".to_owned()),
    }
}
