//! Giving back what Docker has forgotten of address pools. Whoever asks has made sure of that, since a driver asks Docker
//! for the hosts of its swarm and nothing else; what the driver's own networks and endpoints need is not given back.

use std::net::IpAddr;

use admin::report::Released;
use admin::{Failure, FailureKind, Releasing};
use ipam::{Listed, PoolKey, Use};
use plan::NetworkId;
use plumbing::Dataplane;

use super::addresses::away;
use crate::Driver;

impl<D: Dataplane> Driver<D> {
    pub(super) async fn release_forgotten(&self, releasing: &Releasing) -> Result<Released, Failure> {
        let key = key(releasing)?;
        let (pools, silent) = self.ipam.pools(self.patience()).await;
        if let Some(silent) = silent {
            return Err(away(&silent));
        }
        let own = |of: &&Listed| of.key == key && self.own_claims([*of].into_iter()) > 0;
        let meant: Vec<&Listed> = pools.iter().filter(own).collect();
        if meant.is_empty() {
            return Err(Failure::not_found(format!("address pool of this driver: {key}")));
        }
        let (vrf, subnet) = (key.vrf.to_string(), key.subnet.to_string());
        match &releasing.addresses[..] {
            [] => {
                let networks = self.release_pools(&key, &pools, &meant).await?;
                let addresses = meant.iter().flat_map(|of| self.own_addresses(of)).map(|it| it.to_string()).collect();
                Ok(Released { vrf, subnet, networks, addresses })
            }
            wanted => {
                let addresses = self.release_addresses(&meant, wanted).await?;
                Ok(Released { vrf, subnet, networks: 0, addresses })
            }
        }
    }

    /// The addresses that endpoints have through this driver's claims.
    pub(super) fn own_addresses(&self, of: &Listed) -> Vec<IpAddr> {
        let own = |held: &Use| matches!(held, Use::Endpoint { claim, .. } if self.is_own(of, *claim));
        of.pool.taken.iter().filter(|(_, held)| own(held)).map(|(address, _)| *address).collect()
    }

    /// All of a pool; says how many claims that were.
    async fn release_pools(&self, key: &PoolKey, pools: &[Listed], meant: &[&Listed]) -> Result<usize, Failure> {
        let claims = self.own_claims(meant.iter().copied());
        let left = self.own_claims(pools.iter().filter(|of| of.key.subnet == key.subnet)) - claims;
        let networks = self.networks_on(key.subnet);
        if networks.len() > left {
            return Err(needed(key, &networks));
        }
        for of in meant {
            tracing::info!(pool = %of.key, place = %of.place, "an operator gives back a pool");
            self.ipam.reclaim_own(of, self.patience()).await;
        }
        Ok(claims)
    }

    /// Addresses of endpoints, all or none.
    async fn release_addresses(&self, meant: &[&Listed], wanted: &[String]) -> Result<Vec<String>, Failure> {
        let mut found = Vec::new();
        for text in wanted {
            let address: IpAddr = text.parse().map_err(|_| invalid(format!("{text} is no address")))?;
            let given = meant.iter().find_map(|of| match of.pool.taken.get(&address)? {
                Use::Endpoint { claim, nonce, mac } if self.is_own(of, *claim) => Some((*of, *claim, *nonce, mac)),
                _ => None,
            });
            let Some((of, claim, nonce, mac)) = given else {
                return Err(Failure::not_found(format!("address of an endpoint of this driver: {address}")));
            };
            if self.is_used(address, mac.as_deref()) {
                let what =
                    format!("an endpoint of this driver has {address}: docker-ovs check says if Docker forgot that");
                return Err(Failure::new(FailureKind::Refused, what));
            }
            found.push((of, address, claim, nonce));
        }
        for (of, address, claim, nonce) in found {
            tracing::info!(pool = %of.key, %address, "an operator gives back an address");
            self.ipam.reclaim_address(of, address, claim, nonce, self.patience()).await;
        }
        Ok(wanted.to_vec())
    }
}

fn key(releasing: &Releasing) -> Result<PoolKey, Failure> {
    let Releasing { vrf, subnet, .. } = releasing;
    let vrf = vrf.parse().map_err(|error: ipam::BadVrf| invalid(error.to_string()))?;
    Ok(PoolKey::new(vrf, subnet.parse().map_err(|_| invalid(format!("{subnet} is no subnet")))?))
}

fn invalid(what: String) -> Failure {
    Failure::new(FailureKind::Invalid, what)
}

fn needed(key: &PoolKey, networks: &[NetworkId]) -> Failure {
    let names: Vec<_> = networks.iter().map(|id| id.get(..12).unwrap_or(id)).collect();
    let names = names.join(", ");
    let what = format!(
        "{key} is needed: networks of this driver are on that subnet ({names}); docker-ovs network rm removes those that \
         Docker has forgotten"
    );
    Failure::new(FailureKind::Refused, what)
}
