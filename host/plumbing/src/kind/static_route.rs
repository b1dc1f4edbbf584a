//! `static-route`: a route of a logical router.

use plan::{AdmittedStep, StaticRoute};

use super::Parts;
use super::logical_router::router;
use crate::{Error, Work, ovn};

pub(super) fn parts(work: &Work, step: &AdmittedStep, route: &StaticRoute) -> Result<Parts, Error> {
    let router = router(work, step, &route.router)?;
    let row = ovn::static_route(&step.label, &router, route.route.destination, route.route.next_hop);
    Ok(Parts { rows: vec![row], ..Parts::default() })
}
