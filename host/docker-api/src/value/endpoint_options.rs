//! An endpoint's options: the driver options of the user and what Docker sends beside them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::malformed::Malformed;
use crate::value::mac::MacAddress;
use crate::value::network_options::GENERIC;
use crate::value::port::{ExposedPort, PortBinding};
use crate::value::text;

const MAC: &str = "com.docker.network.endpoint.macaddress";
const EXPOSED: &str = "com.docker.network.endpoint.exposedports";
const PORT_MAP: &str = "com.docker.network.portmap";
const INTERFACE_NAME: &str = "com.docker.network.endpoint.ifname";
const NO_PROXY_6_TO_4: &str = "com.docker.network.driver.private.no_proxy_6to4";
const DOCKERS: &str = "com.docker.";

/// The options of an endpoint (`CreateEndpoint`) or of the container it is joined to (`Join`,
/// `ProgramExternalConnectivity`), taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EndpointOptions {
    /// `--driver-opt` and the `driver_opts` of a Compose service's network. Docker puts them beside its own keys, told
    /// apart by not starting with `com.docker.`; only `CreateEndpoint` has them.
    pub driver: BTreeMap<String, String>,
    /// The ports to publish: the container's whole list, whichever network publishes them.
    pub port_map: Vec<PortBinding>,
    /// The ports that the image or `--expose` names.
    pub exposed_ports: Vec<ExposedPort>,
    /// `--mac-address`, once more.
    pub mac: Option<MacAddress>,
    /// `com.docker.network.endpoint.ifname`: the interface's name in the container. Docker before 28 hands it on as
    /// well, but names the interface as ever.
    pub interface_name: Option<String>,
    /// Another endpoint of the container publishes on the host's IPv6 addresses (Docker 28 and later).
    pub no_proxy_6_to_4: bool,
    /// Docker's other keys. They grow with its releases.
    pub docker: Map<String, Value>,
}

impl EndpointOptions {
    /// Takes the object `Options` of a request apart.
    pub(crate) fn parse(mut options: Map<String, Value>) -> Result<Self, Malformed> {
        let mut take = |key: &str| options.remove(key).unwrap_or(Value::Null);
        let port_map = PortBinding::parse_list(PORT_MAP, take(PORT_MAP))?;
        let exposed_ports = ExposedPort::parse_list(EXPOSED, take(EXPOSED))?;
        let mac = match text::text(take(MAC)) {
            Some(text) => MacAddress::parse_option(MAC, &text)?,
            None => None,
        };
        let interface_name = text::text(take(INTERFACE_NAME)).filter(|name| !name.is_empty());
        let no_proxy_6_to_4 = text::truth(NO_PROXY_6_TO_4, take(NO_PROXY_6_TO_4))?.unwrap_or(false);
        let mut driver = text::options(text::object(GENERIC, take(GENERIC))?);
        let (docker, users): (Map<_, _>, Map<_, _>) =
            options.into_iter().partition(|(key, _)| key.starts_with(DOCKERS));
        driver.extend(text::options(users));
        Ok(Self { driver, port_map, exposed_ports, mac, interface_name, no_proxy_6_to_4, docker })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn options_are_taken_apart() {
        let options = json!({
            PORT_MAP: null, EXPOSED: [{"Proto": 6, "Port": 80}], MAC: "AkKsEQAJ", INTERFACE_NAME: "lan0",
            NO_PROXY_6_TO_4: true, "vlan": "7", "com.docker.network.endpoint.sysctls": "net.ipv4.conf.IFNAME.x=1"
        });
        let options = EndpointOptions::parse(options.as_object().cloned().unwrap()).unwrap();
        assert_eq!(options.driver.into_iter().collect::<Vec<_>>(), [("vlan".into(), "7".into())]);
        assert_eq!((options.port_map.len(), options.exposed_ports.len()), (0, 1));
        assert_eq!(options.mac, Some(MacAddress([2, 0x42, 0xac, 0x11, 0, 9])));
        assert_eq!((options.interface_name.as_deref(), options.no_proxy_6_to_4), (Some("lan0"), true));
        assert_eq!(options.docker.keys().collect::<Vec<_>>(), ["com.docker.network.endpoint.sysctls"]);
    }
}
