//! Addresses and values, both ways.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use crate::bindings::ovs::mode::types;
use crate::{Attributes, MacAddress, Value};

impl From<types::IpAddress> for IpAddr {
    fn from(address: types::IpAddress) -> Self {
        match address {
            types::IpAddress::Ipv4((a, b, c, d)) => Ipv4Addr::new(a, b, c, d).into(),
            types::IpAddress::Ipv6((a, b, c, d, e, f, g, h)) => Ipv6Addr::new(a, b, c, d, e, f, g, h).into(),
        }
    }
}

impl From<IpAddr> for types::IpAddress {
    fn from(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => {
                let [a, b, c, d] = address.octets();
                Self::Ipv4((a, b, c, d))
            }
            IpAddr::V6(address) => {
                let [a, b, c, d, e, f, g, h] = address.segments();
                Self::Ipv6((a, b, c, d, e, f, g, h))
            }
        }
    }
}

/// The host parses nets before a mode sees them, so that a prefix that does not fit is the host's mistake.
impl From<types::IpNet> for IpNet {
    fn from(net: types::IpNet) -> Self {
        IpNet::new(net.address.into(), net.prefix_length).unwrap_or_else(|error| panic!("the host sent a net: {error}"))
    }
}

impl From<IpNet> for types::IpNet {
    fn from(net: IpNet) -> Self {
        Self { address: net.addr().into(), prefix_length: net.prefix_len() }
    }
}

pub(super) fn nets(nets: Vec<IpNet>) -> Vec<types::IpNet> {
    nets.into_iter().map(Into::into).collect()
}

impl From<types::MacAddress> for MacAddress {
    fn from((a, b, c, d, e, f): types::MacAddress) -> Self {
        Self([a, b, c, d, e, f])
    }
}

impl From<MacAddress> for types::MacAddress {
    fn from(MacAddress([a, b, c, d, e, f]): MacAddress) -> Self {
        (a, b, c, d, e, f)
    }
}

impl From<types::Value> for Value {
    fn from(value: types::Value) -> Self {
        match value {
            types::Value::Text(text) => Self::Text(text),
            types::Value::Integer(number) => Self::Integer(number),
            types::Value::Boolean(yes) => Self::Boolean(yes),
            types::Value::Address(address) => Self::Address(address.into()),
            types::Value::Net(net) => Self::Net(net.into()),
            types::Value::Mac(mac) => Self::Mac(mac.into()),
            types::Value::Texts(texts) => Self::Texts(texts),
        }
    }
}

impl From<Value> for types::Value {
    fn from(value: Value) -> Self {
        match value {
            Value::Text(text) => Self::Text(text),
            Value::Integer(number) => Self::Integer(number),
            Value::Boolean(yes) => Self::Boolean(yes),
            Value::Address(address) => Self::Address(address.into()),
            Value::Net(net) => Self::Net(net.into()),
            Value::Mac(mac) => Self::Mac(mac.into()),
            Value::Texts(texts) => Self::Texts(texts),
        }
    }
}

impl From<Vec<types::Attribute>> for Attributes {
    fn from(attributes: Vec<types::Attribute>) -> Self {
        attributes.into_iter().map(|attribute| (attribute.key, attribute.value.into())).collect()
    }
}

impl From<Attributes> for Vec<types::Attribute> {
    fn from(attributes: Attributes) -> Self {
        attributes.into_iter().map(|(key, value)| types::Attribute { key, value: value.into() }).collect()
    }
}
