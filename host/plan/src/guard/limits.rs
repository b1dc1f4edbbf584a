//! How large a plan may be. The sandbox bounds memory and time; these bounds keep what is stored, shown and performed
//! of a size that people and databases can take.

use super::denial::{Broken, Denial, Rule};
use crate::{Action, Attribute, Plan, Step, Value};

/// Most steps in a plan.
const STEPS: usize = 256;
/// Most attributes, addresses or texts in a list.
const ENTRIES: usize = 64;
/// Most VLANs in a list: all there are.
const VLANS: usize = 4094;
/// Most hosts in a mesh besides this one.
const PEERS: usize = 1024;
/// Most bytes in a text.
const TEXT: usize = 1024;

/// Checks the sizes of everything in a plan.
pub(super) fn check(plan: &Plan) -> Result<(), Denial> {
    at_most(plan.steps.len(), STEPS, "steps").map_err(Broken::in_plan)?;
    attributes(&plan.reply).map_err(Broken::in_plan)?;
    for (index, step) in plan.steps.iter().enumerate() {
        self::step(step).map_err(|broken| broken.in_step(index, &step.label))?;
    }
    Ok(())
}

fn step(step: &Step) -> Result<(), Broken> {
    text(&step.label, "a label")?;
    text(step.why.as_deref().unwrap_or_default(), "a reason")?;
    text(step.shared.as_deref().unwrap_or_default(), "a key")?;
    match &step.action {
        Action::Uplink(uplink) => at_most(uplink.trunks.len(), VLANS, "VLANs"),
        Action::HostPort(port) => at_most(port.addresses.len(), ENTRIES, "addresses")
            .and_then(|()| at_most(port.routes.len(), ENTRIES, "routes")),
        Action::EndpointPort(port) => at_most(port.addresses.len(), ENTRIES, "addresses")
            .and_then(|()| at_most(port.trunks.len(), VLANS, "VLANs"))
            .and_then(|()| at_most(port.allowed.len(), ENTRIES, "allowed stations")),
        Action::Masquerade(masquerade) => at_most(masquerade.sources.len(), ENTRIES, "sources"),
        Action::Custom(custom) => text(&custom.kind, "a kind").and_then(|()| attributes(&custom.arguments)),
        Action::Tunnel(tunnel) => at_most(tunnel.peers.len(), PEERS, "peers"),
        Action::LogicalSwitch(switch) => at_most(switch.subnets.len(), ENTRIES, "subnets")
            .and_then(|()| text(&switch.vrf, "a VRF"))
            .and_then(|()| text(switch.name.as_deref().unwrap_or_default(), "a name")),
        Action::LogicalRouter(router) => text(&router.vrf, "a VRF"),
        Action::RouterPort(port) => at_most(port.addresses.len(), ENTRIES, "addresses")
            .and_then(|()| at_most(port.chassis.len(), ENTRIES, "hosts"))
            .and_then(|()| port.chassis.iter().try_for_each(|chassis| text(chassis, "a host"))),
        Action::Localnet(localnet) => text(&localnet.network, "a name"),
        Action::Acl(acl) => at_most(acl.sources.len(), ENTRIES, "sources")
            .and_then(|()| at_most(acl.destinations.len(), ENTRIES, "destinations")),
        Action::LogicalNat(nat) => at_most(nat.sources.len(), ENTRIES, "sources"),
        Action::Bridge(_)
        | Action::Forward(_)
        | Action::Publish(_)
        | Action::StaticRoute(_)
        | Action::LoadBalancer(_) => Ok(()),
    }
}

fn attributes(attributes: &[Attribute]) -> Result<(), Broken> {
    at_most(attributes.len(), ENTRIES, "attributes")?;
    for attribute in attributes {
        text(&attribute.key, "a key")?;
        match &attribute.value {
            Value::Text(value) => text(value, "a value")?,
            Value::Texts(values) => {
                at_most(values.len(), ENTRIES, "texts")?;
                values.iter().try_for_each(|value| text(value, "a value"))?;
            }
            Value::Integer(_) | Value::Boolean(_) | Value::Address(_) | Value::Net(_) | Value::Mac(_) => {}
        }
    }
    Ok(())
}

fn at_most(count: usize, most: usize, what: &str) -> Result<(), Broken> {
    if count <= most {
        return Ok(());
    }
    Err(Broken::new(Rule::Size, format_args!("{count} {what}"), format!("at most {most} are allowed")))
}

fn text(text: &str, what: &str) -> Result<(), Broken> {
    if text.len() <= TEXT {
        return Ok(());
    }
    let value = format_args!("{what} of {} bytes", text.len());
    Err(Broken::new(Rule::Size, value, format!("at most {TEXT} are allowed")))
}
