//! `logical-nat`: what leaves a logical router carries another address.

use plan::{AdmittedStep, LogicalNat};

use super::Parts;
use super::logical_router::router;
use crate::{Error, Work, ovn};

pub(super) fn parts(work: &Work, step: &AdmittedStep, nat: &LogicalNat) -> Result<Parts, Error> {
    let router = router(work, step, &nat.router)?;
    let rows = ovn::logical_nat(&step.label, &router, nat.external, &nat.sources);
    Ok(Parts { rows, ..Parts::default() })
}
