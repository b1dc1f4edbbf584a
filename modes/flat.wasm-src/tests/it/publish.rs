//! Published ports, which a segment has none of.

use guest_modes::{Mode, Plan, Protocol, PublishedPort, RefusalClass};
use mode_flat::Flat;

use crate::given::{endpoint, network};

const PORT: PublishedPort =
    PublishedPort { protocol: Protocol::Tcp, host_address: None, host_port: 8080, container_port: 80 };

#[test]
fn ports_are_refused_with_the_ways_out() {
    let network = network(&[("10.1.0.0/24", "10.1.0.254")]);
    let refusal = Flat::plan_publish(&network, &endpoint(&["10.1.0.2/24"]), &[PORT]).unwrap_err();
    assert_eq!((refusal.class, refusal.code.as_str()), (RefusalClass::Unsupported, "publish"));
    assert_eq!(refusal.at.as_deref(), Some("publish"));
    assert!(refusal.message.contains("80/tcp") && refusal.message.contains("publish=ignore"), "{refusal}");
}

#[test]
fn ports_are_ignored_where_the_user_says_so() {
    let mut network = network(&[("10.1.0.0/24", "10.1.0.254")]);
    network.options.set("publish", "ignore");
    assert_eq!(Flat::plan_publish(&network, &endpoint(&["10.1.0.2/24"]), &[PORT]), Ok(Plan::new()));
}
