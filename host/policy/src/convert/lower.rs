//! Questions, as the contract has them. Compiled for each version's types: `wit` is the one that includes this file.

use std::net::IpAddr;

use ipnet::IpNet;
use plan::{Attribute, Endpoint, MacAddress, Network, Protocol, PublishedPort, Subnet, Value};

use super::wit;

pub(crate) fn network(network: &Network) -> wit::Network {
    wit::Network {
        id: network.id.to_string(),
        internal: network.internal,
        subnets: network.subnets.iter().map(subnet).collect(),
        options: attributes(&network.options),
        facts: attributes(&network.facts),
    }
}

pub(crate) fn endpoint(endpoint: &Endpoint) -> wit::Endpoint {
    wit::Endpoint {
        id: endpoint.id.to_string(),
        mac: mac(endpoint.mac),
        addresses: endpoint.addresses.iter().copied().map(net).collect(),
        options: attributes(&endpoint.options),
        facts: attributes(&endpoint.facts),
    }
}

pub(crate) fn published(port: &PublishedPort) -> wit::PublishedPort {
    wit::PublishedPort {
        protocol: match port.protocol {
            Protocol::Tcp => wit::Protocol::Tcp,
            Protocol::Udp => wit::Protocol::Udp,
            Protocol::Sctp => wit::Protocol::Sctp,
        },
        host_address: port.host_address.map(address),
        host_port: port.host_port,
        container_port: port.container_port,
    }
}

fn subnet(subnet: &Subnet) -> wit::Subnet {
    wit::Subnet { pool: net(subnet.pool), gateway: subnet.gateway.map(net), auxiliary: attributes(&subnet.auxiliary) }
}

fn attributes(attributes: &[Attribute]) -> Vec<wit::Attribute> {
    let attribute =
        |attribute: &Attribute| wit::Attribute { key: attribute.key.clone(), value: value(&attribute.value) };
    attributes.iter().map(attribute).collect()
}

fn value(value: &Value) -> wit::Value {
    match value {
        Value::Text(text) => wit::Value::Text(text.clone()),
        Value::Integer(number) => wit::Value::Integer(*number),
        Value::Boolean(yes) => wit::Value::Boolean(*yes),
        Value::Address(ip) => wit::Value::Address(address(*ip)),
        Value::Net(ip) => wit::Value::Net(net(*ip)),
        Value::Mac(octets) => wit::Value::Mac(mac(*octets)),
        Value::Texts(texts) => wit::Value::Texts(texts.clone()),
    }
}

fn net(net: IpNet) -> wit::IpNet {
    wit::IpNet { address: address(net.addr()), prefix_length: net.prefix_len() }
}

fn address(address: IpAddr) -> wit::IpAddress {
    match address {
        IpAddr::V4(address) => wit::IpAddress::Ipv4(address.octets().into()),
        IpAddr::V6(address) => wit::IpAddress::Ipv6(address.segments().into()),
    }
}

fn mac(mac: MacAddress) -> wit::MacAddress {
    mac.0.into()
}
