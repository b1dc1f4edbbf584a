//! Ports on a logical switch: what an `endpoint-port` or a `host-port` there has in the northbound database, and how its
//! port on this host's integration bridge is bound to that.

use plan::{AdmittedStep, Attachment, EndpointPort, HostPort, InterfaceName};

use super::logical_switch::switch;
use super::{Parts, bridge_of, unperformable};
use crate::ovn::{self, HostPortSpec, LogicalPortSpec};
use crate::ovs::{Binding, INTEGRATION_BRIDGE, Role};
use crate::{Error, Work};

/// Adds to the parts of a container's port what it has on a logical switch.
pub(super) fn endpoint(
    work: &Work,
    step: &AdmittedStep,
    endpoint: &EndpointPort,
    parts: &mut Parts,
) -> Result<(), Error> {
    let Attachment::LogicalSwitch(label) = &endpoint.on else { return Ok(()) };
    if endpoint.vlan.is_some() || !endpoint.trunks.is_empty() {
        return Err(unperformable(step, "a port of a logical switch carries no VLANs"));
    }
    let switch = switch(work, step, label)?;
    let allowed: Vec<_> = endpoint.allowed.iter().map(|station| (station.mac, station.address)).collect();
    let port = LogicalPortSpec {
        switch: &switch,
        mac: endpoint.mac,
        addresses: &endpoint.addresses,
        secured: endpoint.secured,
        allowed: &allowed,
    };
    parts.rows.push(ovn::endpoint_port(&step.label, &work.mark, port));
    if port.secured && port.speaks_ipv6() {
        parts.rows.push(ovn::no_redirects(&step.label, &work.mark, &switch));
    }
    let rates = (endpoint.rate_ingress, endpoint.rate_egress);
    parts.rows.extend(ovn::rates(&step.label, &work.mark, &switch, rates.0, rates.1));
    if let Some(port) = &mut parts.port {
        let name = ovn::endpoint_name(&work.mark);
        port.binding = Some(Binding { version: Some(name.clone()), port: name, mac: Some(endpoint.mac) });
        // OVN sees to it, with the rows above.
        port.role = Role::Endpoint { isolated: false, rate: None };
    }
    Ok(())
}

/// Adds to the parts of a host's port what it has on a logical switch.
pub(super) fn host(work: &Work, step: &AdmittedStep, host: &HostPort, parts: &mut Parts) -> Result<(), Error> {
    let Attachment::LogicalSwitch(label) = &host.on else { return Ok(()) };
    if host.vlan.is_some() {
        return Err(unperformable(step, "a port of a logical switch carries no VLAN"));
    }
    let switch = switch(work, step, label)?;
    let HostPortSpec { name, mac, .. } = HostPortSpec::of(&switch, &host.addresses);
    parts.rows.push(ovn::host_port(&step.label, &switch, &host.addresses));
    if let Some(port) = &mut parts.port {
        // The same on each host: the switch knows one station of that address.
        port.role = Role::Host { mac, mtu: host.mtu };
        port.binding = Some(Binding { port: name, version: None, mac: None });
    }
    Ok(())
}

/// The bridge of a port: the one it says, or else, as far as is known without looking, the integration bridge.
pub(super) fn bridge(work: &Work, step: &AdmittedStep, on: &Attachment) -> Result<InterfaceName, Error> {
    match on {
        Attachment::Bridge(_) => bridge_of(work, step),
        Attachment::LogicalSwitch(_) => {
            InterfaceName::new(INTEGRATION_BRIDGE).map_err(|error| unperformable(step, error.to_string()))
        }
    }
}
