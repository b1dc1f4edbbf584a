//! `localnet`: a physical network on a logical switch.

use plan::{AdmittedStep, Localnet, VlanId};

use super::Parts;
use super::logical_switch::switch;
use crate::{Error, Work, ovn};

pub(super) fn parts(work: &Work, step: &AdmittedStep, localnet: &Localnet) -> Result<Parts, Error> {
    let switch = switch(work, step, &localnet.switch)?;
    let row = ovn::localnet(&step.label, &switch, &localnet.network, localnet.vlan.map(VlanId::get));
    Ok(Parts { rows: vec![row], ..Parts::default() })
}
