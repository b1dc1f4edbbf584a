//! Between the generated types, which are what crosses the boundary, and the SDK's, which are pleasant to use.

mod action;
mod input;
mod logical;
mod output;
mod port;
mod value;

use crate::bindings::ovs::mode::types;
use crate::{Plan, Refusal};

pub(crate) fn answer(answer: Result<Plan, Refusal>) -> Result<types::Plan, types::Refusal> {
    answer.map(Into::into).map_err(Into::into)
}

#[cfg(test)]
mod tests {
    use crate::bindings::ovs::mode::types;
    use crate::{
        Acl, Action, Attributes, Bridge, Custom, Endpoint, EndpointPort, HostPort, Label, MacAddress, Network, Plan,
        Publish, PublishedPort, Refusal, Route, Station, Value, Verdict,
    };

    fn every_kind_of_value() -> Attributes {
        let values = [
            Value::Text("text".to_owned()),
            Value::Integer(-7),
            Value::Boolean(true),
            Value::Address("2001:db8::1".parse().unwrap()),
            Value::Net("10.1.0.9/24".parse().unwrap()),
            Value::Mac(MacAddress([2, 0, 0, 0, 0, 1])),
            Value::Texts(vec!["a".to_owned(), "b".to_owned()]),
        ];
        values.into_iter().enumerate().map(|(index, value)| (format!("key{index}"), value)).collect()
    }

    #[test]
    fn values_cross_unchanged() {
        let there: Vec<types::Attribute> = every_kind_of_value().into();
        assert_eq!(Attributes::from(there), every_kind_of_value());
    }

    #[test]
    fn a_network_arrives_as_it_was_sent() {
        let net = |address, prefix_length| types::IpNet { address: types::IpAddress::Ipv4(address), prefix_length };
        let network: Network = types::Network {
            id: "web".to_owned(),
            internal: true,
            subnets: vec![types::Subnet {
                pool: net((10, 1, 0, 0), 24),
                gateway: Some(net((10, 1, 0, 1), 24)),
                auxiliary: Vec::new(),
            }],
            options: every_kind_of_value().into(),
            facts: Vec::new(),
        }
        .into();
        assert!(network.internal);
        assert_eq!(network.gateways().collect::<Vec<_>>(), ["10.1.0.1/24".parse().unwrap()]);
        assert_eq!(network.options, every_kind_of_value());
    }

    #[test]
    fn a_plan_leaves_as_it_was_made() {
        let mut plan = Plan::new();
        let bridge = plan.add("bridge", Bridge::named("br-lab"), "why");
        let port = PublishedPort {
            protocol: crate::Protocol::Sctp,
            host_address: Some("::1".parse().unwrap()),
            host_port: 1,
            container_port: 2,
        };
        plan.add("publish", Publish::through(&bridge, &port, "10.1.0.2".parse().unwrap()), "why");
        plan.add("later", Custom::new("police@1").argument("rate", 7_i64), "why");
        plan.gateway("10.1.0.1".parse().unwrap());
        let sent: types::Plan = plan.into();
        let labels: Vec<&str> = sent.steps.iter().map(|step| step.label.as_str()).collect();
        assert_eq!(labels, ["bridge", "publish", "later"]);
        assert!(sent.steps.iter().all(|step| step.why.as_deref() == Some("why")));
        let [types::Action::Bridge(bridge), types::Action::Publish(publish), types::Action::Custom(custom)] =
            [&sent.steps[0].action, &sent.steps[1].action, &sent.steps[2].action]
        else {
            panic!("other actions than were planned: {sent:?}")
        };
        assert_eq!(bridge.name.as_deref(), Some("br-lab"));
        assert_eq!((publish.host_port, publish.target_port, publish.translate), (1, 2, true));
        assert!(matches!(publish.host_address, Some(types::IpAddress::Ipv6((0, 0, 0, 0, 0, 0, 0, 1)))));
        assert!(matches!(publish.protocol, types::Protocol::Sctp));
        assert_eq!((custom.kind.as_str(), custom.arguments[0].key.as_str()), ("police@1", "rate"));
        assert_eq!(sent.reply[0].key, "gateway");
    }

    #[test]
    fn a_port_says_what_it_is_plugged_into_and_may_send() {
        let endpoint = Endpoint {
            id: "endpoint".to_owned(),
            mac: MacAddress([2, 0, 0, 0, 0, 1]),
            addresses: vec!["10.1.0.2/24".parse().unwrap()],
            options: Attributes::default(),
            facts: Attributes::default(),
        };
        let (bridge, switch) = (Label::new("bridge"), Label::new("switch"));
        let station = Station { mac: None, address: "10.1.0.9/32".parse().unwrap() };
        let port = EndpointPort::on_logical_switch(&switch, &endpoint).secured(true).allowed([station]);
        let sent = types::Action::from(Action::from(port.rate_ingress(7).rate_egress(8)));
        let types::Action::EndpointPort(sent) = sent else { panic!("{sent:?}") };
        assert!(matches!(&sent.on, types::Attachment::LogicalSwitch(label) if label == "switch"));
        assert_eq!((sent.secured, sent.rate_ingress, sent.rate_egress), (true, Some(7), Some(8)));
        assert!(sent.allowed[0].mac.is_none() && sent.allowed[0].address.prefix_length == 32);
        let plain = types::Action::from(Action::from(EndpointPort::on(&bridge, &endpoint)));
        let types::Action::EndpointPort(plain) = plain else { panic!("{plain:?}") };
        assert!(matches!(&plain.on, types::Attachment::Bridge(label) if label == "bridge"));
        assert!(!plain.secured && plain.allowed.is_empty() && plain.rate_ingress.is_none());
        let route = Route::new("10.2.0.0/16".parse().unwrap(), "10.1.0.254".parse().unwrap());
        let host = HostPort::on(&bridge, ["10.1.0.1/24".parse().unwrap()]).routes([route]);
        let host = types::Action::from(Action::from(host));
        let types::Action::HostPort(host) = host else { panic!("{host:?}") };
        assert_eq!((host.routes.len(), host.routes[0].destination.prefix_length), (1, 16));
    }

    #[test]
    fn a_rule_of_a_logical_switch_leaves_as_it_was_made() {
        let rule = Acl::on(&Label::new("switch"), 1000, Verdict::AllowRelated)
            .sources(["10.1.0.0/24".parse().unwrap()])
            .destinations(["10.2.0.0/24".parse().unwrap(), "fd00::/64".parse().unwrap()])
            .protocol(crate::Protocol::Tcp, 80);
        let sent = types::Action::from(Action::from(rule));
        let types::Action::Acl(sent) = sent else { panic!("{sent:?}") };
        assert_eq!((sent.switch.as_str(), sent.priority, sent.port), ("switch", 1000, Some(80)));
        assert_eq!((sent.sources.len(), sent.destinations.len()), (1, 2));
        assert!(matches!((sent.protocol, sent.verdict), (Some(types::Protocol::Tcp), types::Verdict::AllowRelated)));
    }

    #[test]
    fn what_is_shared_says_so_with_its_key() {
        let mut plan = Plan::new();
        let bridge = plan.add_shared("uplink eth1", "bridge", Bridge::own(), "of all networks on eth1");
        plan.add("own", Bridge::named(bridge.as_str()), "this network's");
        let sent: types::Plan = plan.into();
        let keys: Vec<_> = sent.steps.iter().map(|step| step.shared.as_deref()).collect();
        assert_eq!(keys, [Some("uplink eth1"), None]);
    }

    #[test]
    fn a_refusal_says_the_same_on_the_other_side() {
        let sent: types::Refusal = Refusal::conflict("taken", "it is taken").at("uplink").into();
        assert!(matches!(sent.class, types::RefusalClass::Conflict));
        assert_eq!(
            (sent.code.as_str(), sent.message.as_str(), sent.at.as_deref()),
            ("taken", "it is taken", Some("uplink"))
        );
    }
}
