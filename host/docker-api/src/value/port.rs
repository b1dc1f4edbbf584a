//! Ports: those that an image exposes and those that a user publishes.

use std::net::IpAddr;

use serde::Deserialize;
use serde_json::Value;

use crate::malformed::Malformed;

/// A transport protocol that Docker publishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// 6
    Tcp,
    /// 17
    Udp,
    /// 132
    Sctp,
}

/// A port that the image or `--expose` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ExposedPort {
    /// Its protocol.
    pub protocol: Protocol,
    /// Its number in the container.
    pub port: u16,
}

/// A port to publish: one `-p`, or one port of `-P`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PortBinding {
    /// Its protocol.
    pub protocol: Protocol,
    /// The container's address, which Docker leaves empty for a remote driver.
    pub container_address: Option<IpAddr>,
    /// The port in the container.
    pub container_port: u16,
    /// The host's address to listen on; none: the user named none. `0.0.0.0` and `::` are what the user asked for.
    pub host_address: Option<IpAddr>,
    /// First port on the host; 0: any that is free.
    pub host_port: u16,
    /// Last port of the range to choose one from; equal to `host_port` when there is no choice.
    pub host_port_end: u16,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Wire {
    proto: Option<Value>,
    port: Option<u16>,
    #[serde(rename = "IP")]
    ip: Option<String>,
    #[serde(rename = "HostIP")]
    host_ip: Option<String>,
    host_port: Option<u16>,
    host_port_end: Option<u16>,
}

impl Protocol {
    /// Docker sends the number of the protocol; text is taken as well.
    fn parse(field: &str, value: Option<Value>) -> Result<Self, Malformed> {
        let value = value.unwrap_or(Value::Null);
        let number = value.as_u64();
        let text = value.as_str().map(str::to_ascii_lowercase);
        match (number, text.as_deref()) {
            (Some(6), _) | (_, Some("tcp" | "6")) => Ok(Self::Tcp),
            (Some(17), _) | (_, Some("udp" | "17")) => Ok(Self::Udp),
            (Some(132), _) | (_, Some("sctp" | "132")) => Ok(Self::Sctp),
            _ => Err(Malformed::value(format!("{field}: Proto"), value, "6 (tcp), 17 (udp) or 132 (sctp)")),
        }
    }
}

impl ExposedPort {
    /// Reads a list that may be absent, null or empty.
    pub(crate) fn parse_list(field: &str, value: Value) -> Result<Vec<Self>, Malformed> {
        parse_each(value, |wire| {
            let protocol = Protocol::parse(field, wire.proto)?;
            Ok(Self { protocol, port: container_port(field, wire.port)? })
        })
    }
}

impl PortBinding {
    /// Reads a list that may be absent, null or empty.
    pub(crate) fn parse_list(field: &str, value: Value) -> Result<Vec<Self>, Malformed> {
        parse_each(value, |wire| Self::parse(field, wire))
    }

    fn parse(field: &str, wire: Wire) -> Result<Self, Malformed> {
        let host_port = wire.host_port.unwrap_or(0);
        let host_port_end = wire.host_port_end.filter(|end| *end != 0).unwrap_or(host_port);
        if host_port_end < host_port {
            return Err(Malformed::value(format!("{field}: HostPortEnd"), host_port_end, "no less than HostPort"));
        }
        Ok(Self {
            protocol: Protocol::parse(field, wire.proto)?,
            container_address: address(field, "IP", wire.ip)?,
            container_port: container_port(field, wire.port)?,
            host_address: address(field, "HostIP", wire.host_ip)?,
            host_port,
            host_port_end,
        })
    }
}

fn parse_each<T>(value: Value, parse: impl FnMut(Wire) -> Result<T, Malformed>) -> Result<Vec<T>, Malformed> {
    let list: Option<Vec<Wire>> = serde_json::from_value(value)?;
    list.unwrap_or_default().into_iter().map(parse).collect()
}

fn container_port(field: &str, port: Option<u16>) -> Result<u16, Malformed> {
    let port = port.unwrap_or(0);
    if port == 0 { Err(Malformed::value(format!("{field}: Port"), port, "1 to 65535")) } else { Ok(port) }
}

fn address(field: &str, name: &str, text: Option<String>) -> Result<Option<IpAddr>, Malformed> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| Malformed::value(format!("{field}: {name}"), text, "an IP address"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn docker_writes_a_binding_like_this() {
        let list = json!([{"Proto": 6, "IP": "", "Port": 80, "HostIP": "::1", "HostPort": 8080, "HostPortEnd": 8090}]);
        let expected = PortBinding {
            protocol: Protocol::Tcp,
            container_address: None,
            container_port: 80,
            host_address: Some("::1".parse().unwrap()),
            host_port: 8080,
            host_port_end: 8090,
        };
        assert_eq!(PortBinding::parse_list("portmap", list).unwrap(), [expected]);
    }

    #[test]
    fn the_protocol_may_be_a_number_or_a_name() {
        let list = json!([{"Proto": "UDP", "Port": 53}, {"Proto": 132, "Port": 7}, {"Proto": "6", "Port": 1}]);
        let ports = ExposedPort::parse_list("exposedports", list).unwrap();
        let protocols: Vec<_> = ports.into_iter().map(|port| port.protocol).collect();
        assert_eq!(protocols, [Protocol::Udp, Protocol::Sctp, Protocol::Tcp]);
    }

    #[test]
    fn a_missing_end_is_the_beginning() {
        let list = json!([{"Proto": 17, "Port": 53, "HostPort": 5353, "HostPortEnd": null}]);
        assert_eq!(PortBinding::parse_list("portmap", list).unwrap()[0].host_port_end, 5353);
    }

    #[test]
    fn null_and_absent_lists_are_empty_and_nonsense_is_named() {
        assert_eq!(PortBinding::parse_list("portmap", Value::Null).unwrap(), []);
        for bad in [
            json!({}),
            json!([{"Proto": 1, "Port": 80}]),
            json!([{"Port": 80}]),
            json!([{"Proto": 6, "Port": 0}]),
            json!([{"Proto": 6, "Port": 70000}]),
            json!([{"Proto": 6, "Port": 1, "HostIP": "x"}]),
            json!([{"Proto": 6, "Port": 1, "HostPort": 9, "HostPortEnd": 8}]),
        ] {
            assert!(PortBinding::parse_list("portmap", bad.clone()).is_err(), "{bad}");
        }
    }
}
