//! The hosts of Docker's swarm, as Docker knows them. Workers are told of no nodes; but every host of a swarm has its network
//! `ingress`, with the hosts that have it, by the addresses that Docker's notices have, too.

use std::collections::BTreeSet;
use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;

use driver::{Swarm, SwarmSource};

use super::docker::{Docker, Info, NoDocker, Peer};

/// The network that every host of a swarm has.
const EVERYWHERE: &str = "ingress";

/// Docker, where the driver runs.
#[derive(Debug)]
pub(crate) struct SwarmHosts(Result<Docker, NoDocker>);

impl SwarmHosts {
    pub(crate) fn new() -> Self {
        Self(Docker::of(std::env::var("DOCKER_HOST").ok().as_deref()))
    }

    async fn ask(&self) -> Result<Swarm, String> {
        let said = |error: NoDocker| error.to_string();
        let docker = self.0.as_ref().map_err(ToString::to_string)?;
        let info = docker.info().await.map_err(said)?;
        let Some(own) = own(&info)? else { return Ok(Swarm::default()) };
        let network = docker.network(EVERYWHERE).await.map_err(said)?;
        let network =
            network.ok_or_else(|| format!("the swarm has no network {EVERYWHERE}, by which hosts are known"))?;
        members(own, &network.peers.unwrap_or_default())
    }
}

impl SwarmSource for SwarmHosts {
    fn hosts(&self) -> Pin<Box<dyn Future<Output = Result<Swarm, String>> + Send + '_>> {
        Box::pin(self.ask())
    }
}

/// This host's address in its swarm; none: it is in no swarm.
fn own(info: &Info) -> Result<Option<IpAddr>, String> {
    let swarm = &info.swarm;
    match (&*swarm.local_node_state, swarm.node_addr.parse()) {
        ("active", Ok(own)) => Ok(Some(own)),
        ("inactive", _) => Ok(None),
        (state, _) => Err(format!("Docker says of this host's part in a swarm: \"{state}\"; docker info says more")),
    }
}

/// The others, of those that Docker names. A Docker that does not name this host has not found the swarm again yet.
fn members(own: IpAddr, named: &[Peer]) -> Result<Swarm, String> {
    let mut peers: BTreeSet<IpAddr> = named.iter().filter_map(|peer| peer.address.parse().ok()).collect();
    match peers.remove(&own) {
        true => Ok(Swarm { own: Some(own), peers }),
        false => Err(format!("Docker has not found the hosts of network {EVERYWHERE} yet")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_of_this_host() {
        let info = |json: &str| serde_json::from_str::<Info>(json).unwrap();
        let state = |state: &str, address: &str| {
            own(&info(&format!(r#"{{"Swarm":{{"NodeAddr":"{address}","LocalNodeState":"{state}"}}}}"#)))
        };
        assert_eq!(state("active", "192.0.2.1"), Ok(Some(IpAddr::from([192, 0, 2, 1]))));
        assert_eq!(state("inactive", ""), Ok(None));
        assert!(state("pending", "192.0.2.1").unwrap_err().contains("pending"));
        assert!(own(&info("{}")).is_err(), "it does not say");
    }

    #[test]
    fn those_that_docker_names() {
        let own = IpAddr::from([192, 0, 2, 1]);
        let named = |addresses: &[&str]| {
            let peers = addresses.iter().map(|address| Peer { address: (*address).to_owned() }).collect::<Vec<_>>();
            members(own, &peers)
        };
        let peers = BTreeSet::from([IpAddr::from([192, 0, 2, 2])]);
        assert_eq!(named(&["192.0.2.1", "192.0.2.2", "unknown"]), Ok(Swarm { own: Some(own), peers }));
        assert!(named(&[]).is_err() && named(&["192.0.2.2"]).is_err(), "it is just starting");
    }
}
