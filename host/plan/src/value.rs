//! What an option, a fact or a reply can hold.

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::MacAddress;

/// A typed value, as in the contract's `value`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Yes or no.
    Boolean(bool),
    /// An IPv4 or IPv6 address.
    Address(IpAddr),
    /// An address with its prefix length.
    Net(IpNet),
    /// An Ethernet address.
    Mac(MacAddress),
    /// A list of texts.
    Texts(Vec<String>),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Boolean(yes) => write!(f, "{yes}"),
            Self::Address(address) => write!(f, "{address}"),
            Self::Net(net) => write!(f, "{net}"),
            Self::Mac(mac) => write!(f, "{mac}"),
            Self::Texts(texts) => f.write_str(&texts.join(",")),
        }
    }
}

/// A value under its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// The key: an option's name, a fact's name, a key of the reply.
    pub key: String,
    /// What it holds.
    pub value: Value,
}

impl Attribute {
    /// A value under a key.
    pub fn new(key: impl Into<String>, value: Value) -> Self {
        Self { key: key.into(), value }
    }
}

/// Look-ups in a list of attributes. Lists are short (64 at most), so they are searched, not indexed.
pub trait Attributes {
    /// The value under a key, if there is one.
    fn value(&self, key: &str) -> Option<&Value>;

    /// The text under a key, if there is one and it is text.
    fn text(&self, key: &str) -> Option<&str> {
        match self.value(key) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }
}

impl Attributes for [Attribute] {
    fn value(&self, key: &str) -> Option<&Value> {
        self.iter().find(|attribute| attribute.key == key).map(|attribute| &attribute.value)
    }
}
