//! `host_binding`: the host's address that ports are published at which name none.

use std::net::IpAddr;

use plan::{Attribute, Attributes, Value};

/// What a network's options say of it; none: all addresses.
#[must_use]
pub fn host_binding(options: &[Attribute]) -> Option<IpAddr> {
    match options.value("host_binding") {
        Some(Value::Address(address)) => Some(*address),
        _ => None,
    }
}
