//! A physical network on a logical switch: the one of the configuration, on the VRF's part of it.

use super::denial::Broken;
use super::logical::{self, Outside, Whose, broken};
use super::scene::Scene;
use crate::{Action, Localnet};

pub(super) fn check(localnet: &Localnet, scene: &Scene<'_>) -> Result<(), Broken> {
    let (_, whose) = logical::switch(&localnet.switch, scene)?;
    if whose != Whose::Outside {
        let right = "a physical network is on a switch of the configuration's addresses for it";
        return Err(broken(format_args!("a physical network on \"{}\"", localnet.switch), right));
    }
    let outside = Outside::of(scene.request.network);
    let vlan = localnet.vlan.map(|vlan| i64::from(vlan.get()));
    if outside.physnet != Some(&localnet.network) || outside.vlan != vlan {
        let wire = vlan.map(|vlan| format!(" with VLAN {vlan}")).unwrap_or_default();
        return Err(broken(format_args!("\"{}\"{wire}", localnet.network), "the configuration has another one"));
    }
    let same = |action: &Action| matches!(action, Action::Localnet(other) if other.switch == localnet.switch);
    match scene.earlier.iter().any(|step| same(&step.action)) {
        true => Err(broken("a second physical network", format!("\"{}\" has one already", localnet.switch))),
        false => Ok(()),
    }
}
