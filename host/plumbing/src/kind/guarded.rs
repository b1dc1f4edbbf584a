//! Ports that are slowed down or guarded: what an `endpoint-port` on a bridge to which, or from which, only so much may go, or
//! that may only send as itself, has beside its link.

use plan::{AdmittedStep, Attachment, Datapath, EndpointPort, InterfaceName};

use super::{Parts, add_typed_port, ids_of, unperformable};
use crate::guard::{self, GuardSpec};
use crate::ovs::{PortSpec, Role, Vlans};
use crate::{Error, Mark, Work};

/// Gives a container's port on a bridge its rate, and puts a guard between the two if there is to be one.
pub(super) fn endpoint(
    work: &Work,
    step: &AdmittedStep,
    endpoint: &EndpointPort,
    parts: &mut Parts,
) -> Result<(), Error> {
    let (Attachment::Bridge(_), Some(port)) = (&endpoint.on, &mut parts.port) else { return Ok(()) };
    port.role = Role::Endpoint { isolated: endpoint.isolated, rate: endpoint.rate_ingress };
    let guard = GuardSpec::of(&work.mark.instance, &port.name, endpoint);
    let Some(guard) = guard.map_err(|error| unperformable(step, error.to_string()))? else { return Ok(()) };
    let patch = |name: &InterfaceName, peer: &InterfaceName| PortSpec {
        label: port.label.clone(),
        name: name.clone(),
        bridge: guard.bridge.name.clone(),
        role: Role::Patch { peer: peer.clone(), isolated: false },
        vlans: Vlans::of_uplink(None, &[]),
        binding: None,
    };
    // The network's bridge sees the outer end in the container's place.
    let outer = PortSpec {
        bridge: port.bridge.clone(),
        role: Role::Patch { peer: guard.inner.clone(), isolated: endpoint.isolated },
        vlans: port.vlans.clone(),
        ..patch(&guard.outer, &guard.inner)
    };
    parts.patch = vec![patch(&guard.inner, &guard.outer), outer];
    port.bridge = guard.bridge.name.clone();
    port.role = Role::Endpoint { isolated: false, rate: endpoint.rate_ingress };
    port.vlans = Vlans::of_uplink(None, &[]);
    parts.guard = Some(guard);
    Ok(())
}

/// The bridge that guards, before the ports there.
pub(super) fn bridge_shell(work: &Work, parts: &Parts) -> Option<String> {
    let bridge = &parts.guard.as_ref()?.bridge;
    let (name, mode) = (&bridge.name, bridge.fail_mode());
    let datapath = if bridge.datapath == Datapath::Netdev { "netdev" } else { "system" };
    let ids = ids_of(&Mark::of_guard(&work.mark.instance), &bridge.label);
    Some(format!(
        "ovs-vsctl --may-exist add-br {name} -- set Bridge {name} fail_mode={mode} datapath_type={datapath}{ids}"
    ))
}

/// The patch to the network's bridge, and what the guard lets through.
pub(super) fn shell(work: &Work, parts: &Parts) -> Vec<String> {
    let patch = parts.patch.iter().map(|port| add_typed_port(work, port));
    patch.chain(parts.guard.iter().flat_map(guard::shell)).collect()
}
