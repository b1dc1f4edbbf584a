//! `NetworkDriver.Join`: the container gets its interface.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use ipnet::IpNet;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Call, EndpointWire, Subject, parse_json};
use crate::malformed::Malformed;
use crate::{Context, EndpointId, EndpointOptions, EndpointRef, Limits, NetworkId, Plugin, Refusal};

/// An endpoint to join to a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Join {
    /// The network it is on.
    pub network: NetworkId,
    /// The endpoint.
    pub endpoint: EndpointId,
    /// The path of the container's network namespace, which exists at this time from Docker 28 on.
    pub sandbox_key: String,
    /// The container's ports, and no driver options: those come with `CreateEndpoint` only.
    pub options: EndpointOptions,
}

/// How a joined endpoint is to be set up in the container. Without a gateway, and unless `disable_gateway_service`,
/// Docker puts the container on `docker_gwbridge` as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// The interface that Docker moves into the container.
    pub interface: InterfaceName,
    /// The container's IPv4 gateway.
    pub gateway_ipv4: Option<Ipv4Addr>,
    /// The container's IPv6 gateway.
    pub gateway_ipv6: Option<Ipv6Addr>,
    /// Routes besides those of the gateway and the subnet.
    pub routes: Vec<StaticRoute>,
    /// No `docker_gwbridge`, whatever is missing.
    pub disable_gateway_service: bool,
}

/// The names of an interface, on the host and in the container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InterfaceName {
    /// Its name on the host.
    pub source: String,
    /// The beginning of its name in the container, which Docker numbers: `eth`.
    pub prefix: String,
    /// Its whole name in the container; Docker 29 and older take no notice of it.
    pub name: Option<String>,
}

/// A route in the container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StaticRoute {
    /// Where it leads.
    pub destination: IpNet,
    /// Through which router; none: the destination is on the link.
    pub next_hop: Option<IpAddr>,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(flatten)]
    endpoint: EndpointWire,
    #[serde(rename = "SandboxKey")]
    sandbox_key: Option<String>,
    #[serde(rename = "Options")]
    options: Option<Map<String, Value>>,
}

impl Call for Join {
    const METHOD: &'static str = "NetworkDriver.Join";

    fn parse(body: &[u8]) -> Result<Self, Malformed> {
        let wire: Wire = parse_json(body)?;
        let EndpointRef { network, endpoint } = wire.endpoint.parse()?;
        Ok(Self {
            network,
            endpoint,
            sandbox_key: wire.sandbox_key.unwrap_or_default(),
            options: EndpointOptions::parse(wire.options.unwrap_or_default())?,
        })
    }

    fn subject(&self) -> Subject<'_> {
        Subject::endpoint(&self.network, &self.endpoint)
    }

    fn time(limits: &Limits) -> Duration {
        limits.join
    }

    async fn answer<D: Plugin>(self, driver: &D, context: Context) -> Result<Value, Refusal> {
        Ok(driver.join(context, self).await?.to_json())
    }
}

impl Joined {
    fn to_json(&self) -> Value {
        let InterfaceName { source, prefix, name } = &self.interface;
        json!({
            "InterfaceName": {"SrcName": source, "DstPrefix": prefix, "DstName": name.as_deref().unwrap_or_default()},
            "Gateway": self.gateway_ipv4.map(|address| address.to_string()).unwrap_or_default(),
            "GatewayIPv6": self.gateway_ipv6.map(|address| address.to_string()).unwrap_or_default(),
            "StaticRoutes": self.routes.iter().copied().map(StaticRoute::to_json).collect::<Vec<_>>(),
            "DisableGatewayService": self.disable_gateway_service,
        })
    }
}

impl StaticRoute {
    /// `RouteType` 0 goes through a next hop, 1 is on the link.
    fn to_json(self) -> Value {
        let next_hop = self.next_hop.map(|address| address.to_string()).unwrap_or_default();
        let kind = u8::from(self.next_hop.is_none());
        json!({"Destination": self.destination.to_string(), "RouteType": kind, "NextHop": next_hop})
    }
}
