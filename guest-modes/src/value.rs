//! What an option, a fact or a reply can hold.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::MacAddress;

/// A typed value. The manifest says which type an option has, and the host has parsed it before the mode sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
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

macro_rules! value_from {
    ($($type:ty => $value:ident => $made:expr),+ $(,)?) => {$(
        impl From<$type> for Value {
            fn from($value: $type) -> Self {
                $made
            }
        }
    )+};
}

value_from! {
    &str => text => Self::Text(text.to_owned()),
    String => text => Self::Text(text),
    i64 => number => Self::Integer(number),
    u16 => number => Self::Integer(number.into()),
    u32 => number => Self::Integer(number.into()),
    bool => yes => Self::Boolean(yes),
    IpAddr => address => Self::Address(address),
    IpNet => net => Self::Net(net),
    MacAddress => mac => Self::Mac(mac),
    Vec<String> => texts => Self::Texts(texts),
}

/// What a [`Value`] can be read as.
pub trait FromValue<'a>: Sized {
    /// What is wanted, for the message when the value is something else.
    const WANTED: &'static str;

    /// The value as this type, if it is one.
    fn from_value(value: &'a Value) -> Option<Self>;
}

macro_rules! from_value {
    ($($type:ty, $wanted:literal, $pattern:pat => $made:expr);+ $(;)?) => {$(
        impl<'a> FromValue<'a> for $type {
            const WANTED: &'static str = $wanted;

            fn from_value(value: &'a Value) -> Option<Self> {
                match value {
                    $pattern => $made,
                    _ => None,
                }
            }
        }
    )+};
}

from_value! {
    &'a str, "text", Value::Text(text) => Some(text);
    i64, "an integer", Value::Integer(number) => Some(*number);
    u16, "an integer from 0 to 65535", Value::Integer(number) => u16::try_from(*number).ok();
    u32, "an integer from 0 to 4294967295", Value::Integer(number) => u32::try_from(*number).ok();
    bool, "a boolean", Value::Boolean(yes) => Some(*yes);
    IpAddr, "an address", Value::Address(address) => Some(*address);
    IpNet, "a net", Value::Net(net) => Some(*net);
    MacAddress, "a mac", Value::Mac(mac) => Some(*mac);
    &'a [String], "texts", Value::Texts(texts) => Some(texts);
}
