//! `static-route`: a route of a logical router, or of this host through its port on a logical switch.

use plan::{Action, AdmittedStep, InterfaceName, RouteVia, StaticRoute};

use super::logical_router::router;
use super::{Parts, host_port_of};
use crate::{Error, Work, ovn};

pub(super) fn parts(work: &Work, step: &AdmittedStep, added: &StaticRoute) -> Result<Parts, Error> {
    let StaticRoute { route, .. } = added;
    if work.ground(step).is_some_and(|ground| matches!(ground.action, Action::HostPort(_))) {
        return Ok(Parts { route: Some((host_port_of(work, step)?, route.clone())), ..Parts::default() });
    }
    let router = router(work, step, &added.router)?;
    let row = ovn::static_route(&step.label, &router, route.destination, route.next_hop);
    Ok(Parts { rows: vec![row], ..Parts::default() })
}

pub(super) fn shell(parts: &Parts) -> Vec<String> {
    let line = |(name, route): &(InterfaceName, RouteVia)| {
        format!("ip route add {} via {} dev {name}", route.destination.trunc(), route.next_hop)
    };
    parts.route.iter().map(line).collect()
}
