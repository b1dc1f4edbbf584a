//! Arguments with a form of their own.

use std::net::IpAddr;
use std::str::FromStr;

use plan::{Protocol, PublishedPort};

/// `KEY=VALUE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Assignment {
    pub(crate) key: String,
    pub(crate) value: String,
}

/// `KEY=VALUE` was wanted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("KEY=VALUE is wanted")]
pub(crate) struct BadAssignment;

impl FromStr for Assignment {
    type Err = BadAssignment;

    fn from_str(text: &str) -> Result<Self, BadAssignment> {
        let (key, value) = text.split_once('=').filter(|(key, _)| !key.is_empty()).ok_or(BadAssignment)?;
        Ok(Self { key: key.to_owned(), value: value.to_owned() })
    }
}

/// `[HOST-ADDRESS:]HOST-PORT:PORT[/PROTOCOL]`, an IPv6 address in brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PortSpec(pub(crate) PublishedPort);

/// A port was wanted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("[HOST-ADDRESS:]HOST-PORT:PORT[/tcp|udp|sctp] is wanted, such as 8080:80 or [::1]:5353:53/udp")]
pub(crate) struct BadPort;

impl FromStr for PortSpec {
    type Err = BadPort;

    fn from_str(text: &str) -> Result<Self, BadPort> {
        let (text, protocol) = match text.split_once('/') {
            None => (text, Protocol::Tcp),
            Some((text, "tcp")) => (text, Protocol::Tcp),
            Some((text, "udp")) => (text, Protocol::Udp),
            Some((text, "sctp")) => (text, Protocol::Sctp),
            Some(_) => return Err(BadPort),
        };
        let port = |text: &str| text.parse().ok().filter(|port| *port > 0).ok_or(BadPort);
        let (host, container) = text.rsplit_once(':').ok_or(BadPort)?;
        let (address, host) = match host.rsplit_once(':') {
            Some((address, host)) => (Some(self::address(address)?), host),
            None => (None, host),
        };
        let (host_port, container_port) = (port(host)?, port(container)?);
        Ok(Self(PublishedPort { protocol, host_address: address, host_port, container_port }))
    }
}

fn address(text: &str) -> Result<IpAddr, BadPort> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    bare.unwrap_or(text).parse().map_err(|_| BadPort)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports() {
        for (text, shown) in [
            ("8080:80", "8080->80/tcp"),
            ("8080:80/tcp", "8080->80/tcp"),
            ("127.0.0.1:53:5353/udp", "127.0.0.1:53->5353/udp"),
            ("[::1]:53:5353/sctp", "[::1]:53->5353/sctp"),
        ] {
            assert_eq!(text.parse::<PortSpec>().unwrap().0.to_string(), shown);
        }
        for bad in ["", "80", "0:80", "80:0", "80:80/icmp", "host:80:80", "1:2:3:4", "80:80/", "80:80/tcp/tcp"] {
            assert_eq!(bad.parse::<PortSpec>(), Err(BadPort), "{bad}");
        }
    }

    #[test]
    fn assignments() {
        let assignment: Assignment = "routes=10.0.0.0/8=10.1.0.254".parse().unwrap();
        assert_eq!((&*assignment.key, &*assignment.value), ("routes", "10.0.0.0/8=10.1.0.254"));
        assert!("=x".parse::<Assignment>().is_err() && "x".parse::<Assignment>().is_err());
    }
}
