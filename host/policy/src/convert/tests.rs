//! Every kind of value and action, there and back.

use plan::{Action, Attribute, Network, Plan, Subnet, Value};

use super::v1::{lift, lower};
use crate::bindings::v1::ovs::mode::types as wit;

fn values() -> Vec<Attribute> {
    vec![
        Attribute::new("text", Value::Text("eth1".into())),
        Attribute::new("integer", Value::Integer(-7)),
        Attribute::new("boolean", Value::Boolean(true)),
        Attribute::new("address", Value::Address("fd00::1:2".parse().unwrap())),
        Attribute::new("net", Value::Net("10.1.2.3/8".parse().unwrap())),
        Attribute::new("mac", Value::Mac("02:42:0a:00:00:fe".parse().unwrap())),
        Attribute::new("texts", Value::Texts(vec!["a".into(), "b".into()])),
    ]
}

fn step(action: wit::Action) -> wit::Step {
    wit::Step { label: "step".into(), action, why: None, shared: None }
}

fn one(action: wit::Action) -> Result<Action, String> {
    let plan = wit::Plan { steps: vec![step(action)], reply: Vec::new() };
    lift::plan(&plan).map(|plan| plan.steps[0].action.clone()).map_err(|bad| bad.to_string())
}

fn uplink(name: &str, trunks: Vec<u16>) -> wit::Action {
    wit::Action::Uplink(wit::Uplink { bridge: "bridge".into(), name: name.into(), vlan: None, trunks })
}

#[test]
fn values_survive_the_way_to_a_guest_and_back() {
    let subnet = Subnet {
        pool: "fd00::/64".parse().unwrap(),
        gateway: Some("fd00::1/64".parse().unwrap()),
        auxiliary: values(),
    };
    let id = "net".to_owned().try_into().unwrap();
    let network = Network { id, internal: true, subnets: vec![subnet], options: values(), facts: values() };
    let lowered = lower::network(&network);
    assert!(lowered.internal && lowered.id == "net");
    let plan = wit::Plan { steps: Vec::new(), reply: lowered.options };
    assert_eq!(lift::plan(&plan).unwrap(), Plan { steps: Vec::new(), reply: values() });
    let wit::IpNet { address: wit::IpAddress::Ipv6(groups), prefix_length: 64 } = lowered.subnets[0].pool else {
        panic!("{:?}", lowered.subnets[0].pool)
    };
    assert_eq!(groups.0, 0xfd00);
}

#[test]
fn names_and_numbers_are_checked() {
    assert!(one(uplink("eth1", vec![1, 4094])).is_ok());
    let complaint = one(uplink("a-name-that-is-too-long", Vec::new())).unwrap_err();
    assert!(
        complaint.starts_with("step 1 \"step\", name: \"a-name-that-is-too-long\" is not an interface name"),
        "{complaint}"
    );
    let complaint = one(uplink("eth1", vec![4095])).unwrap_err();
    assert!(complaint.starts_with("step 1 \"step\", vlan: \"4095\" is not a VLAN id"), "{complaint}");
    let net = wit::IpNet { address: wit::IpAddress::Ipv4((10, 0, 0, 0)), prefix_length: 33 };
    let masquerade = wit::Action::Masquerade(wit::Masquerade { port: "host".into(), sources: vec![net] });
    assert_eq!(
        one(masquerade).unwrap_err(),
        "step 1 \"step\", sources: \"10.0.0.0/33\" is not an address with a prefix length: 0 to 32 are"
    );
    let label = wit::Action::Forward(wit::Forward { port: "no label".into(), hairpin: false });
    assert!(one(label).unwrap_err().contains("\"no label\" is not a label"));
}

#[test]
fn a_bad_value_in_the_reply_is_said_to_be_there() {
    let net = wit::IpNet { address: wit::IpAddress::Ipv4((10, 0, 0, 0)), prefix_length: 99 };
    let reply = vec![wit::Attribute { key: "gateway".into(), value: wit::Value::Net(net) }];
    let bad = lift::plan(&wit::Plan { steps: Vec::new(), reply }).unwrap_err();
    assert!(bad.to_string().starts_with("reply, value: \"10.0.0.0/99\" is not an address"), "{bad}");
}
