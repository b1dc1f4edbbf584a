//! Inputs for a mode's own tests, as the host would make them (feature `testing`, a development dependency).
//!
//! ```
//! use guest_modes::testing;
//! # const MANIFEST: &str = "options = [{ key = 'icc', default = true }]";
//! // const MANIFEST: &str = include_str!("../mode.toml");
//! let network = testing::network(MANIFEST, &[("10.1.0.0/24", "10.1.0.1")]);
//! let endpoint = testing::endpoint(&["10.1.0.2/24"]);
//! assert!(network.options.expect::<bool>("icc"));
//! # assert_eq!(endpoint.addresses.len(), 1);
//! ```
//!
//! Everything in here panics on what is malformed: a test says so best by failing.

use toml::Table;

use crate::{Attributes, Endpoint, MacAddress, Network, Subnet, Value};

/// A network with the defaults of a manifest, and pools with their gateways; an empty gateway is none.
///
/// # Panics
///
/// Where the manifest or an address is malformed.
#[must_use]
pub fn network(manifest: &str, subnets: &[(&str, &str)]) -> Network {
    let subnet = |(pool, gateway): &(&str, &str)| {
        let gateway = (!gateway.is_empty()).then(|| gateway.parse().expect("a gateway's address"));
        Subnet::new(pool.parse().expect("a pool"), gateway)
    };
    Network {
        id: "network".to_owned(),
        subnets: subnets.iter().map(subnet).collect(),
        options: defaults(manifest),
        ..Network::default()
    }
}

/// An endpoint with addresses, each with its pool's prefix length.
///
/// # Panics
///
/// Where an address is malformed.
#[must_use]
pub fn endpoint(addresses: &[&str]) -> Endpoint {
    Endpoint {
        id: "endpoint".to_owned(),
        mac: MacAddress([2, 0, 0, 0, 0, 1]),
        addresses: addresses
            .iter()
            .map(|address| address.parse().expect("an address with its prefix length"))
            .collect(),
        options: Attributes::default(),
        facts: Attributes::default(),
    }
}

fn defaults(manifest: &str) -> Attributes {
    let manifest: Table = manifest.parse().expect("a manifest");
    let options = manifest.get("options").and_then(toml::Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let default = |option: &toml::Value| {
        let key = option.get("key").and_then(toml::Value::as_str).expect("an option's key").to_owned();
        Some((key, value(option, option.get("default")?)))
    };
    options.iter().filter_map(default).collect()
}

fn value(option: &toml::Value, default: &toml::Value) -> Value {
    let kind = option.get("type").and_then(toml::Value::as_str);
    match (kind, default) {
        (Some("address"), toml::Value::String(text)) => Value::Address(text.parse().expect("an address")),
        (Some("net"), toml::Value::String(text)) => Value::Net(text.parse().expect("a net")),
        (Some("mac"), toml::Value::String(text)) => Value::Mac(text.parse().expect("an Ethernet address")),
        (_, toml::Value::String(text)) => Value::Text(text.clone()),
        (_, toml::Value::Integer(number)) => Value::Integer(*number),
        (_, toml::Value::Boolean(yes)) => Value::Boolean(*yes),
        (_, toml::Value::Array(texts)) => {
            Value::Texts(texts.iter().map(|text| text.as_str().expect("a text").to_owned()).collect())
        }
        (_, other) => panic!("no option has a default like {other}"),
    }
}
