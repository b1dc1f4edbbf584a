//! Published ports, which a VLAN has none of.

use guest_modes::{Mode, Protocol, PublishedPort};
use mode_vlan::Vlan;

use crate::given::{endpoint, network};

#[test]
fn ports_are_refused_in_the_modes_name_or_ignored() {
    let port = PublishedPort { protocol: Protocol::Tcp, host_address: None, host_port: 8080, container_port: 80 };
    let mut network = network();
    let refusal = Vlan::plan_publish(&network, &endpoint(&["10.1.0.2/24"]), &[port]).unwrap_err();
    assert!(refusal.message.starts_with("mode vlan publishes no ports (80/tcp)"), "{refusal}");
    network.options.set("publish", "ignore");
    assert!(Vlan::plan_publish(&network, &endpoint(&["10.1.0.2/24"]), &[port]).unwrap().steps.is_empty());
}
