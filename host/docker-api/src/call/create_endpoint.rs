//! `NetworkDriver.CreateEndpoint`: a container will want an interface.

use ipnet::IpNet;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Call, EndpointWire, Subject, done, parse_json};
use crate::malformed::Malformed;
use crate::value::net;
use crate::{Context, EndpointId, EndpointOptions, EndpointRef, MacAddress, NetworkId, Plugin, Refusal};

/// An endpoint to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateEndpoint {
    /// The network it is on.
    pub network: NetworkId,
    /// The endpoint.
    pub endpoint: EndpointId,
    /// Its IPv4 address, unless the network has no address management.
    pub ipv4: Option<IpNet>,
    /// Its IPv6 address, if the network has any.
    pub ipv6: Option<IpNet>,
    /// The Ethernet address that the user asked for.
    pub mac: Option<MacAddress>,
    /// Its options.
    pub options: EndpointOptions,
}

/// What the driver chose for an endpoint because Docker had left it open. What Docker had decided need not be repeated,
/// and is not sent back: to Docker an echo is an attempt to change it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CreatedEndpoint {
    /// An Ethernet address; Docker makes none of its own.
    pub mac: Option<MacAddress>,
    /// An IPv4 address.
    pub ipv4: Option<IpNet>,
    /// An IPv6 address.
    pub ipv6: Option<IpNet>,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(flatten)]
    endpoint: EndpointWire,
    #[serde(rename = "Interface")]
    interface: Option<InterfaceWire>,
    #[serde(rename = "Options")]
    options: Option<Map<String, Value>>,
}

#[derive(Deserialize, Default)]
struct InterfaceWire {
    #[serde(rename = "Address")]
    ipv4: Option<String>,
    #[serde(rename = "AddressIPv6")]
    ipv6: Option<String>,
    #[serde(rename = "MacAddress")]
    mac: Option<String>,
}

impl Call for CreateEndpoint {
    const METHOD: &'static str = "NetworkDriver.CreateEndpoint";

    fn parse(body: &[u8]) -> Result<Self, Malformed> {
        let wire: Wire = parse_json(body)?;
        let EndpointRef { network, endpoint } = wire.endpoint.parse()?;
        let interface = wire.interface.unwrap_or_default();
        let options = EndpointOptions::parse(wire.options.unwrap_or_default())?;
        Ok(Self {
            network,
            endpoint,
            ipv4: net::parse("Interface: Address", interface.ipv4.as_deref())?,
            ipv6: net::parse("Interface: AddressIPv6", interface.ipv6.as_deref())?,
            mac: MacAddress::parse("Interface: MacAddress", interface.mac.as_deref())?.or(options.mac),
            options,
        })
    }

    fn subject(&self) -> Subject<'_> {
        Subject::endpoint(&self.network, &self.endpoint)
    }

    async fn answer<D: Plugin>(self, driver: &D, context: Context) -> Result<Value, Refusal> {
        let (mac, ipv4, ipv6) = (self.mac, self.ipv4, self.ipv6);
        let mut made = driver.create_endpoint(context, self).await?;
        made.mac = made.mac.filter(|_| mac.is_none());
        made.ipv4 = made.ipv4.filter(|_| ipv4.is_none());
        made.ipv6 = made.ipv6.filter(|_| ipv6.is_none());
        Ok(made.to_json())
    }
}

impl CreatedEndpoint {
    fn to_json(self) -> Value {
        if self == Self::default() {
            return done();
        }
        let text = |net: Option<IpNet>| net.map(|net| net.to_string()).unwrap_or_default();
        let mac = self.mac.map(|mac| mac.to_string()).unwrap_or_default();
        json!({"Interface": {"Address": text(self.ipv4), "AddressIPv6": text(self.ipv6), "MacAddress": mac}})
    }
}
