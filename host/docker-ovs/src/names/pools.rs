//! Who has addresses of the driver's pools, as Docker knows it: networks, of whatever driver, with its address management.

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipnet::IpNet;

use super::Names;
use super::docker::DockerNetwork;

/// The key of `--ipam-opt`, and what is meant where nobody says it.
const VRF: (&str, &str) = ("vrf", "default");
/// The scope of networks that one daemon alone has.
const LOCAL: &str = "local";

/// A network that Docker has, with addresses of the driver's pools.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PoolUser {
    pub(crate) name: String,
    pub(crate) vrf: String,
    pub(crate) subnets: Vec<IpNet>,
    /// Whether it is this daemon's alone: services of a swarm have addresses that no container has.
    pub(crate) is_local: bool,
    /// The names of the containers that have them.
    pub(crate) addresses: BTreeMap<IpAddr, String>,
}

impl Names {
    /// All of them, for the driver of a name; in words why Docker cannot be asked.
    pub(crate) async fn pool_users(&self, driver: &str) -> Result<Vec<PoolUser>, String> {
        let docker = self.docker()?;
        let networks = docker.networks().await.map_err(|error| error.to_string())?;
        let mut users = Vec::new();
        for network in networks.into_iter().filter(|network| network.ipam.driver == driver && !network.config_only) {
            // The list does not say who is in them.
            let known = docker.network(&network.id).await.map_err(|error| error.to_string())?;
            users.extend(known.map(PoolUser::from));
        }
        Ok(users)
    }
}

impl PoolUser {
    /// Whether it has addresses of a pool.
    pub(crate) fn is_on(&self, vrf: &str, subnet: IpNet) -> bool {
        self.vrf == vrf && self.subnets.contains(&subnet.trunc())
    }
}

impl From<DockerNetwork> for PoolUser {
    fn from(network: DockerNetwork) -> Self {
        let DockerNetwork { name, scope, ipam, containers, .. } = network;
        let (key, default) = VRF;
        let subnet = |text: &str| text.parse().ok().map(|subnet: IpNet| subnet.trunc());
        let address = |text: &str| text.split('/').next()?.parse().ok();
        let addresses = containers.values().flat_map(|attached| {
            let own = [&attached.ipv4, &attached.ipv6].into_iter().filter_map(move |text| address(text));
            own.map(|address| (address, attached.name.clone()))
        });
        Self {
            name,
            vrf: ipam.options.unwrap_or_default().remove(key).unwrap_or_else(|| default.to_owned()),
            subnets: ipam.config.unwrap_or_default().iter().filter_map(|config| subnet(&config.subnet)).collect(),
            is_local: scope == LOCAL,
            addresses: addresses.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn it_is_read_as_docker_writes_it() {
        let network: DockerNetwork = serde_json::from_value(json!({
            "Name": "web", "Id": "b508", "Driver": "macvlan", "Scope": "local", "ConfigOnly": false,
            "IPAM": {"Driver": "ovs", "Options": null, "Config": [{"Subnet": "10.1.0.7/24", "Gateway": "10.1.0.1"}]},
            "Containers": {"c1": {"Name": "left", "EndpointID": "e1", "IPv4Address": "10.1.0.9/24", "IPv6Address": ""}},
        }))
        .unwrap();
        let user = PoolUser::from(network.clone());
        assert!(user.is_on("default", "10.1.0.0/24".parse().unwrap()) && user.is_local, "{user:?}");
        assert!(!user.is_on("blue", "10.1.0.0/24".parse().unwrap()));
        assert_eq!(user.addresses, [("10.1.0.9".parse().unwrap(), "left".to_owned())].into());
        let other = json!({"Driver": "ovs", "Options": {"vrf": "blue"}, "Config": null});
        let other = DockerNetwork { ipam: serde_json::from_value(other).unwrap(), ..network };
        assert_eq!((PoolUser::from(other.clone()).vrf.as_str(), PoolUser::from(other).subnets.len()), ("blue", 0));
    }
}
