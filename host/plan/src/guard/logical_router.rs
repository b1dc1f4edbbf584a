//! A logical router: the one of the plan's VRF.

use super::denial::Broken;
use super::logical::{self, broken};
use super::scene::Scene;
use crate::{Action, LogicalRouter};

pub(super) fn check(router: &LogicalRouter, scene: &Scene<'_>) -> Result<(), Broken> {
    logical::vrf(&router.vrf, scene)?;
    match scene.earlier.iter().find(|step| matches!(step.action, Action::LogicalRouter(_))) {
        Some(other) => Err(broken("a second router", format!("a VRF has one, \"{}\" is it already", other.label))),
        None => Ok(()),
    }
}
