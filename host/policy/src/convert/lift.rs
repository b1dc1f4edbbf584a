//! Answers: what all versions of the contract say in the same words. Compiled for each version's types: `wit` and the rest
//! of `super` are those of the one that includes this file.

use std::net::IpAddr;

use ipnet::IpNet;
use plan::{
    Action, Attribute, Bridge, Custom, Datapath, Forward, MacAddress, Masquerade, Plan, Protocol, Publish, Refusal,
    RefusalClass, Uplink, Value,
};

use super::super::checked::{self, Checked, MESSAGE, WORD, name, vlan, vlans};
use super::{step, wit};
use crate::BadValue;
use crate::escape::{printable, printable_within};

pub(crate) fn refusal(refusal: &wit::Refusal) -> Refusal {
    Refusal {
        class: match refusal.class {
            wit::RefusalClass::Invalid => RefusalClass::Invalid,
            wit::RefusalClass::Unsupported => RefusalClass::Unsupported,
            wit::RefusalClass::Conflict => RefusalClass::Conflict,
            wit::RefusalClass::Exhausted => RefusalClass::Exhausted,
            wit::RefusalClass::Denied => RefusalClass::Denied,
            wit::RefusalClass::Internal => RefusalClass::Internal,
        },
        code: printable_within(&refusal.code, WORD),
        message: printable_within(&refusal.message, MESSAGE),
        at: refusal.at.as_deref().map(|at| printable_within(at, WORD)),
    }
}

pub(crate) fn plan(plan: &wit::Plan) -> Result<Plan, BadValue> {
    let steps = plan.steps.iter().enumerate();
    let steps = steps.map(|(index, one)| step(one).map_err(|bad| bad.in_step(index, &one.label)));
    Ok(Plan {
        steps: steps.collect::<Result<_, _>>()?,
        reply: attributes(&plan.reply).map_err(checked::Bad::in_reply)?,
    })
}

pub(super) fn bridge(bridge: &wit::Bridge) -> Checked<Action> {
    Ok(Action::Bridge(Bridge {
        name: bridge.name.as_deref().map(|text| name("name", text)).transpose()?,
        datapath: match bridge.datapath {
            wit::Datapath::Auto => Datapath::Auto,
            wit::Datapath::System => Datapath::System,
            wit::Datapath::Netdev => Datapath::Netdev,
        },
    }))
}

pub(super) fn uplink(uplink: &wit::Uplink) -> Checked<Action> {
    Ok(Action::Uplink(Uplink {
        bridge: name("bridge", &uplink.bridge)?,
        name: name("name", &uplink.name)?,
        vlan: uplink.vlan.map(vlan).transpose()?,
        trunks: vlans(&uplink.trunks)?,
    }))
}

pub(super) fn masquerade(masquerade: &wit::Masquerade) -> Checked<Action> {
    Ok(Action::Masquerade(Masquerade {
        port: name("port", &masquerade.port)?,
        sources: nets("sources", &masquerade.sources)?,
    }))
}

pub(super) fn forward(forward: &wit::Forward) -> Checked<Action> {
    Ok(Action::Forward(Forward { port: name("port", &forward.port)?, hairpin: forward.hairpin }))
}

pub(super) fn publish(publish: &wit::Publish) -> Checked<Action> {
    Ok(Action::Publish(Publish {
        port: name("port", &publish.port)?,
        protocol: protocol(publish.protocol),
        host_address: publish.host_address.map(address),
        host_port: publish.host_port,
        target: address(publish.target),
        target_port: publish.target_port,
        translate: publish.translate,
    }))
}

pub(super) fn custom(custom: &wit::Custom) -> Checked<Action> {
    Ok(Action::Custom(Custom { kind: printable(&custom.kind), arguments: attributes(&custom.arguments)? }))
}

pub(super) fn protocol(protocol: wit::Protocol) -> Protocol {
    match protocol {
        wit::Protocol::Tcp => Protocol::Tcp,
        wit::Protocol::Udp => Protocol::Udp,
        wit::Protocol::Sctp => Protocol::Sctp,
    }
}

pub(super) fn nets(field: &'static str, nets: &[wit::IpNet]) -> Checked<Vec<IpNet>> {
    nets.iter().map(|one| net(field, *one)).collect()
}

pub(super) fn net(field: &'static str, net: wit::IpNet) -> Checked<IpNet> {
    checked::net(field, address(net.address), net.prefix_length)
}

pub(super) fn address(address: wit::IpAddress) -> IpAddr {
    match address {
        wit::IpAddress::Ipv4(octets) => IpAddr::from(<[u8; 4]>::from(octets)),
        wit::IpAddress::Ipv6(groups) => IpAddr::from(<[u16; 8]>::from(groups)),
    }
}

pub(super) fn mac(octets: wit::MacAddress) -> MacAddress {
    MacAddress(octets.into())
}

fn attributes(attributes: &[wit::Attribute]) -> Checked<Vec<Attribute>> {
    attributes.iter().map(|one| Ok(Attribute::new(printable(&one.key), value(&one.value)?))).collect()
}

fn value(value: &wit::Value) -> Checked<Value> {
    Ok(match value {
        wit::Value::Text(text) => Value::Text(printable(text)),
        wit::Value::Integer(number) => Value::Integer(*number),
        wit::Value::Boolean(yes) => Value::Boolean(*yes),
        wit::Value::Address(ip) => Value::Address(address(*ip)),
        wit::Value::Net(ip) => Value::Net(net("value", *ip)?),
        wit::Value::Mac(octets) => Value::Mac(mac(*octets)),
        wit::Value::Texts(texts) => Value::Texts(texts.iter().map(|text| printable(text)).collect()),
    })
}
