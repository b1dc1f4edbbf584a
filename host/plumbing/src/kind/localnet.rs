//! `localnet`: a physical network on a logical switch, and the addresses that routers on that switch have in it.

use plan::{Action, AdmittedStep, Localnet, VlanId};

use super::Parts;
use super::logical_router::router;
use super::logical_switch::switch;
use crate::{Error, Work, ovn};

pub(super) fn parts(work: &Work, step: &AdmittedStep, localnet: &Localnet) -> Result<Parts, Error> {
    let (switch, vlan) = (switch(work, step, &localnet.switch)?, localnet.vlan.map(VlanId::get));
    let mut rows = vec![ovn::localnet(&step.label, &switch, &localnet.network, vlan)];
    for action in work.steps.iter().chain(&work.scope).map(|other| &other.action) {
        let Action::RouterPort(port) = action else { continue };
        if port.switch != localnet.switch {
            continue;
        }
        let router = router(work, step, &port.router)?;
        for net in &port.addresses {
            let row = ovn::outside_address(&step.label, &router, &localnet.network, vlan, net.addr());
            // A plan's steps may be in its scope, too.
            if !rows.contains(&row) {
                rows.push(row);
            }
        }
    }
    Ok(Parts { rows, ..Parts::default() })
}

#[cfg(test)]
mod tests {
    use plan::{InstanceId, Label, LogicalRouter, LogicalSwitch, NetworkId, RouterPort};

    use super::*;
    use crate::Mark;

    fn step(label: &str, action: Action) -> AdmittedStep {
        AdmittedStep { label: Label::new(label).unwrap(), why: None, action, name: None, peer: None, shared: None }
    }

    #[test]
    fn the_routers_addresses_there_are_its_alone_wherever_its_port_is_said() {
        let [router, switch] = ["router", "outside"].map(|label| Label::new(label).unwrap());
        let addresses = ["203.0.113.10/24", "2001:db8::10/64"].map(|text| text.parse().unwrap()).to_vec();
        let subnets = vec!["203.0.113.0/24".parse().unwrap()];
        let localnet = Localnet { switch: switch.clone(), network: "wan".to_owned(), vlan: None };
        let port = RouterPort { router, switch, addresses, chassis: Vec::new() };
        let scope = vec![
            step("router", Action::LogicalRouter(LogicalRouter { vrf: "red".to_owned() })),
            step("outside", Action::LogicalSwitch(LogicalSwitch { vrf: "red".to_owned(), subnets, name: None })),
            step("localnet", Action::Localnet(localnet.clone())),
            step("port", Action::RouterPort(port)),
        ];
        let mark = Mark {
            instance: InstanceId::new("0123abcd").unwrap(),
            network: NetworkId::new("net").unwrap(),
            endpoint: None,
        };
        for steps in [vec![scope[2].clone()], scope.clone()] {
            let work = Work { mark: mark.clone(), steps, scope: scope.clone() };
            let rows = parts(&work, &scope[2], &localnet).unwrap().rows;
            let of_addresses: Vec<&str> = rows[1..].iter().map(|row| row.what.as_str()).collect();
            assert_eq!(
                of_addresses,
                ["address 203.0.113.10 of physical network wan", "address 2001:db8::10 of physical network wan"]
            );
        }
    }
}
