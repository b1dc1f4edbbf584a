//! Forwarding: through the network's own host ports, said once for each.

use super::denial::{Broken, Rule};
use super::scene::Scene;
use crate::{Action, Capability, Forward};

pub(super) fn check(forward: &Forward, scene: &Scene<'_>) -> Result<(), Broken> {
    scene.host_port(&forward.port)?;
    scene.granted(Capability::Nat)?;
    let same = |action: &Action| matches!(action, Action::Forward(other) if other.port == forward.port);
    if scene.earlier.iter().any(|step| same(&step.action)) {
        return Err(Broken::new(Rule::Nat, &forward.port, "an earlier step forwards through it already"));
    }
    Ok(())
}
