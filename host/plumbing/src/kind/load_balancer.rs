//! `load-balancer`: a published port on a logical router.

use plan::{AdmittedStep, LoadBalancer};

use super::Parts;
use super::logical_router::router;
use crate::{Error, Work, ovn};

pub(super) fn parts(work: &Work, step: &AdmittedStep, balancer: &LoadBalancer) -> Result<Parts, Error> {
    let router = router(work, step, &balancer.router)?;
    let (from, to) = ((balancer.address, balancer.port), (balancer.target, balancer.target_port));
    let row = ovn::load_balancer(&step.label, &router, balancer.protocol, from, to);
    Ok(Parts { rows: vec![row], ..Parts::default() })
}
