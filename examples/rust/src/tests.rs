//! The mode's logic, natively. What the module says is tested by `tests/*.toml`.

use guest_modes::{Action, IpNet, Mode, Network, Plan, testing};

use crate::Switch;

fn network(gateway: &str) -> Network {
    let subnets = [("10.1.0.0/24", "10.1.0.1"), ("fd00:1::/64", "fd00:1::1")];
    let mut network = testing::network(include_str!("../mode.toml"), &subnets);
    network.options.set("gateway", gateway);
    network
}

fn host_addresses(plan: &Plan) -> Vec<IpNet> {
    plan.steps
        .iter()
        .flat_map(|step| match &step.action {
            Action::HostPort(port) => port.addresses.clone(),
            _ => Vec::new(),
        })
        .collect()
}

#[test]
fn the_host_is_in_the_network_if_it_is_the_gateway() {
    let addresses = host_addresses(&Switch::plan_network(&network("host")).unwrap());
    assert_eq!(addresses, ["10.1.0.1/24".parse().unwrap(), "fd00:1::1/64".parse().unwrap()]);
    assert_eq!(host_addresses(&Switch::plan_network(&network("none")).unwrap()), []);
}

#[test]
fn a_container_has_a_default_route_in_each_family_it_has_an_address_of() {
    let keys = |addresses: &[&str]| -> Vec<String> {
        let plan = Switch::plan_endpoint(&network("host"), &testing::endpoint(addresses)).unwrap();
        plan.reply.iter().map(|(key, _)| key.to_owned()).collect()
    };
    assert_eq!(keys(&["10.1.0.2/24"]), ["gateway"]);
    assert_eq!(keys(&["10.1.0.2/24", "fd00:1::2/64"]), ["gateway", "gateway6"]);
}
