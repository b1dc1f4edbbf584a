//! A host that is not there: it has the uplinks that a plan names, free to be used, and nothing else.

use plan::{Action, HostFacts, HostInterface, Plan};

/// A host on which a plan's uplinks are there.
#[must_use]
pub fn with_uplinks(plan: &Plan) -> HostFacts {
    let mut host = HostFacts { kernel_datapath: true, ..HostFacts::default() };
    for (index, step) in (1..).zip(&plan.steps) {
        if let Action::Uplink(uplink) = &step.action
            && host.interface(&uplink.name).is_none()
        {
            let name = uplink.name.to_string();
            host.interfaces.push(HostInterface { name, index, mtu: 1500, ..HostInterface::default() });
        }
    }
    host
}
