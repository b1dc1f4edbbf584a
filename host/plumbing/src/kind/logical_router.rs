//! `logical-router`: the one of a VRF.

use plan::{Action, AdmittedStep, Label, LogicalRouter};

use super::{Parts, unperformable};
use crate::ovn::{self, Router};
use crate::{Error, Work};

pub(super) fn parts(step: &AdmittedStep, router: &LogicalRouter) -> Parts {
    Parts { rows: vec![ovn::logical_router(&step.label, &Router::of(&router.vrf))], ..Parts::default() }
}

/// The router of a label that a step builds on.
pub(super) fn router(work: &Work, step: &AdmittedStep, label: &Label) -> Result<Router, Error> {
    match work.step(label).map(|ground| &ground.action) {
        Some(Action::LogicalRouter(router)) => Ok(Router::of(&router.vrf)),
        _ => Err(unperformable(step, "it builds on no logical router")),
    }
}
