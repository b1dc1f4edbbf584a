//! `logical-switch`: the one of a VRF and subnets, or one that a user named.

use plan::{Action, AdmittedStep, Label, LogicalSwitch};

use super::{Parts, unperformable};
use crate::ovn::{self, Switch};
use crate::{Error, Work};

pub(super) fn parts(step: &AdmittedStep, switch: &LogicalSwitch) -> Parts {
    Parts { rows: vec![ovn::logical_switch(&step.label, &of(switch))], ..Parts::default() }
}

fn of(switch: &LogicalSwitch) -> Switch {
    Switch::of(&switch.vrf, &switch.subnets, switch.name.as_deref())
}

/// The switch of a label that a step builds on.
pub(super) fn switch(work: &Work, step: &AdmittedStep, label: &Label) -> Result<Switch, Error> {
    match work.step(label).map(|ground| &ground.action) {
        Some(Action::LogicalSwitch(switch)) => Ok(of(switch)),
        _ => Err(unperformable(step, "it builds on no logical switch")),
    }
}
