//! A network's options: what the user asked for, what Docker adds, and what else stands beside them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::malformed::Malformed;
use crate::value::text;

pub(crate) const GENERIC: &str = "com.docker.network.generic";
const ENABLE_IPV4: &str = "com.docker.network.enable_ipv4";
const ENABLE_IPV6: &str = "com.docker.network.enable_ipv6";
const INTERNAL: &str = "com.docker.network.internal";

/// The options of a network, taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NetworkOptions {
    /// `--opt` and `driver_opts`: `com.docker.network.generic`. Values that are no text are given as their JSON.
    pub generic: BTreeMap<String, String>,
    /// `com.docker.network.enable_ipv4`: not sent before Docker 28.
    pub enable_ipv4: Option<bool>,
    /// `com.docker.network.enable_ipv6`.
    pub enable_ipv6: Option<bool>,
    /// `com.docker.network.internal`.
    pub internal: bool,
    /// Every other key beside the generic options. They grow with Docker's releases.
    pub beside: Map<String, Value>,
}

impl NetworkOptions {
    /// Takes the object `Options` of a request apart.
    pub(crate) fn parse(mut beside: Map<String, Value>) -> Result<Self, Malformed> {
        let mut take = |key: &str| beside.remove(key).unwrap_or(Value::Null);
        let generic = text::options(text::object(GENERIC, take(GENERIC))?);
        let enable_ipv4 = text::truth(ENABLE_IPV4, take(ENABLE_IPV4))?;
        let enable_ipv6 = text::truth(ENABLE_IPV6, take(ENABLE_IPV6))?;
        let internal = text::truth(INTERNAL, take(INTERNAL))?.unwrap_or(false);
        Ok(Self { generic, enable_ipv4, enable_ipv6, internal, beside })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(value: &Value) -> Result<NetworkOptions, Malformed> {
        NetworkOptions::parse(value.as_object().cloned().unwrap())
    }

    #[test]
    fn options_are_taken_apart() {
        let options = parse(&json!({
            GENERIC: {"mode": "nat", "mtu": 1400, "icc": false, "gone": null, "list": ["a"]},
            ENABLE_IPV6: true, INTERNAL: "true", "com.docker.network.new": {"a": 1}
        }))
        .unwrap();
        let generic: Vec<_> = options.generic.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(generic, [("icc", "false"), ("list", "[\"a\"]"), ("mode", "nat"), ("mtu", "1400")]);
        assert_eq!((options.enable_ipv4, options.enable_ipv6, options.internal), (None, Some(true), true));
        assert_eq!(Value::Object(options.beside), json!({"com.docker.network.new": {"a": 1}}));
    }

    #[test]
    fn null_is_as_good_as_absent() {
        assert_eq!(parse(&json!({GENERIC: null, ENABLE_IPV6: null})).unwrap(), NetworkOptions::default());
    }

    #[test]
    fn a_type_that_cannot_be_is_named() {
        let error = parse(&json!({INTERNAL: 3})).unwrap_err().to_string();
        assert_eq!(error, "com.docker.network.internal is Number(3), expected true or false");
        assert!(parse(&json!({GENERIC: "mode=nat"})).is_err());
    }
}
