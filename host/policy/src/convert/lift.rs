//! Answers, checked: names are names, VLANs are VLANs, prefixes fit their address, texts are printable.

use std::net::IpAddr;

use ipnet::IpNet;
use plan::{
    Action, Attribute, Bridge, Custom, Datapath, EndpointPort, Forward, HostPort, InvalidName, MacAddress, Masquerade,
    Plan, Protocol, Publish, Refusal, RefusalClass, Step, Uplink, Value, VlanId,
};

use crate::BadValue;
use crate::bindings::ovs::mode::types as wit;
use crate::escape::{printable, printable_within};

/// Bytes of a refusal's message that are shown.
const MESSAGE: usize = 1 << 10;
/// Bytes of a refusal's code and of the option it names that are shown.
const WORD: usize = 64;

/// A value that cannot be, before it is known in which step.
struct Bad {
    field: &'static str,
    value: String,
    reason: String,
}

type Checked<T> = Result<T, Bad>;

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
    let in_step = |(index, step): (usize, &wit::Step)| {
        let label = printable(&step.label);
        match action(&step.action) {
            Ok(action) => Ok(Step { label, action, why: step.why.as_deref().map(printable) }),
            Err(Bad { field, value, reason }) => {
                let label = printable_within(&label, WORD);
                Err(BadValue { step: Some(index + 1), label, field, value, reason })
            }
        }
    };
    let steps = plan.steps.iter().enumerate().map(in_step).collect::<Result<_, _>>()?;
    let reply = attributes(&plan.reply).map_err(|Bad { field, value, reason }| BadValue {
        step: None,
        label: String::new(),
        field,
        value,
        reason,
    })?;
    Ok(Plan { steps, reply })
}

fn action(action: &wit::Action) -> Checked<Action> {
    Ok(match action {
        wit::Action::Bridge(bridge) => Action::Bridge(Bridge {
            name: bridge.name.as_deref().map(|text| name("name", text)).transpose()?,
            datapath: match bridge.datapath {
                wit::Datapath::Auto => Datapath::Auto,
                wit::Datapath::System => Datapath::System,
                wit::Datapath::Netdev => Datapath::Netdev,
            },
        }),
        wit::Action::Uplink(uplink) => Action::Uplink(Uplink {
            bridge: name("bridge", &uplink.bridge)?,
            name: name("name", &uplink.name)?,
            vlan: uplink.vlan.map(vlan).transpose()?,
            trunks: vlans(&uplink.trunks)?,
        }),
        wit::Action::HostPort(port) => Action::HostPort(HostPort {
            bridge: name("bridge", &port.bridge)?,
            addresses: nets("addresses", &port.addresses)?,
            vlan: port.vlan.map(vlan).transpose()?,
            mtu: port.mtu,
        }),
        wit::Action::EndpointPort(port) => endpoint_port(port)?,
        wit::Action::Masquerade(masquerade) => Action::Masquerade(Masquerade {
            port: name("port", &masquerade.port)?,
            sources: nets("sources", &masquerade.sources)?,
        }),
        wit::Action::Forward(forward) => {
            Action::Forward(Forward { port: name("port", &forward.port)?, hairpin: forward.hairpin })
        }
        wit::Action::Publish(published) => publish(published)?,
        wit::Action::Custom(custom) => {
            Action::Custom(Custom { kind: printable(&custom.kind), arguments: attributes(&custom.arguments)? })
        }
    })
}

fn endpoint_port(port: &wit::EndpointPort) -> Checked<Action> {
    Ok(Action::EndpointPort(EndpointPort {
        bridge: name("bridge", &port.bridge)?,
        mac: mac(port.mac),
        addresses: nets("addresses", &port.addresses)?,
        vlan: port.vlan.map(vlan).transpose()?,
        trunks: vlans(&port.trunks)?,
        mtu: port.mtu,
        isolated: port.isolated,
    }))
}

fn publish(publish: &wit::Publish) -> Checked<Action> {
    Ok(Action::Publish(Publish {
        port: name("port", &publish.port)?,
        protocol: match publish.protocol {
            wit::Protocol::Tcp => Protocol::Tcp,
            wit::Protocol::Udp => Protocol::Udp,
            wit::Protocol::Sctp => Protocol::Sctp,
        },
        host_address: publish.host_address.map(address),
        host_port: publish.host_port,
        target: address(publish.target),
        target_port: publish.target_port,
        translate: publish.translate,
    }))
}

/// A name as it is shown where it cannot be one.
pub(crate) fn shown_name(text: &str) -> String {
    printable_within(text, WORD)
}

/// A bridge's, an interface's or a step's name. The complaint about one that cannot be is printable.
fn name<N: TryFrom<String, Error = InvalidName>>(field: &'static str, text: &str) -> Checked<N> {
    N::try_from(text.to_owned()).map_err(|_| {
        let value = shown_name(text);
        let reason = match N::try_from(value.clone()) {
            Err(invalid) => invalid.to_string(),
            // Written out, what steers a terminal can look like a name.
            Ok(_) => format!("\"{value}\" stands for characters that no name has"),
        };
        Bad { field, value, reason }
    })
}

fn vlan(id: u16) -> Checked<VlanId> {
    VlanId::new(id).map_err(|invalid| Bad { field: "vlan", value: id.to_string(), reason: invalid.to_string() })
}

fn vlans(ids: &[u16]) -> Checked<Vec<VlanId>> {
    ids.iter().copied().map(vlan).collect()
}

fn nets(field: &'static str, nets: &[wit::IpNet]) -> Checked<Vec<IpNet>> {
    nets.iter().map(|one| net(field, *one)).collect()
}

fn net(field: &'static str, net: wit::IpNet) -> Checked<IpNet> {
    let address = address(net.address);
    IpNet::new(address, net.prefix_length).map_err(|_| {
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let value = format!("{address}/{}", net.prefix_length);
        let reason = format!("\"{value}\" is not an address with a prefix length: 0 to {longest} are");
        Bad { field, value, reason }
    })
}

fn address(address: wit::IpAddress) -> IpAddr {
    match address {
        wit::IpAddress::Ipv4(octets) => IpAddr::from(<[u8; 4]>::from(octets)),
        wit::IpAddress::Ipv6(groups) => IpAddr::from(<[u16; 8]>::from(groups)),
    }
}

fn mac(octets: wit::MacAddress) -> MacAddress {
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
