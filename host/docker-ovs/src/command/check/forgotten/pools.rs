//! Address pools that no network has, and addresses that no container has: Docker asks once for them to be taken back.
//!
//! Docker does not say which pool is for which network. So of a pool with fewer networks than it is kept for nobody knows
//! which of them are gone: it is given back with the last.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use admin::Client;
use admin::report::AddressPool;
use ipnet::IpNet;

use super::{Finding, SUBJECT, Unknown};
use crate::names::{Names, PoolUser};

/// What is forgotten of a pool, which is a VRF and a subnet.
pub(super) type Things = BTreeSet<(String, IpNet, Forgotten)>;

/// How much of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Forgotten {
    /// All that it is kept for: so many networks.
    All(usize),
    /// So many of the networks that it is kept for.
    Part(usize, usize),
    /// An address of a container.
    Address(IpAddr),
}

/// What the driver has of a pool, wherever it is kept.
#[derive(Debug, Default)]
struct Kept {
    networks: usize,
    addresses: BTreeSet<IpAddr>,
}

pub(super) async fn forgotten(client: &Client, names: &Names, driver: &str) -> Result<Things, Unknown> {
    // The driver first: a pool that comes in between is in neither list.
    let pools = kept(&client.pools().await?);
    if pools.is_empty() {
        return Ok(Things::new());
    }
    let users = names.pool_users(driver).await.map_err(Unknown::Docker)?;
    Ok(compare(pools, &users))
}

fn kept(pools: &[AddressPool]) -> BTreeMap<(String, IpNet), Kept> {
    let mut all: BTreeMap<_, Kept> = BTreeMap::new();
    for pool in pools.iter().filter(|pool| pool.own_networks > 0) {
        let Ok(subnet) = pool.subnet.parse() else { continue };
        let kept = all.entry((pool.vrf.clone(), subnet)).or_default();
        kept.networks += pool.own_networks;
        kept.addresses.extend(pool.own_endpoints.iter().filter_map(|address| address.parse::<IpAddr>().ok()));
    }
    all
}

fn compare(pools: BTreeMap<(String, IpNet), Kept>, users: &[PoolUser]) -> Things {
    let mut things = Things::new();
    for ((vrf, subnet), Kept { networks, addresses }) in pools {
        let on_it: Vec<&PoolUser> = users.iter().filter(|user| user.is_on(&vrf, subnet)).collect();
        if on_it.is_empty() {
            things.insert((vrf, subnet, Forgotten::All(networks)));
            continue;
        }
        if on_it.len() < networks {
            things.insert((vrf.clone(), subnet, Forgotten::Part(networks - on_it.len(), networks)));
        }
        if on_it.iter().all(|user| user.is_local) {
            let unused = addresses.into_iter().filter(|it| !on_it.iter().any(|user| user.addresses.contains_key(it)));
            things.extend(unused.map(|address| (vrf.clone(), subnet, Forgotten::Address(address))));
        }
    }
    things
}

pub(super) fn judge(forgotten: &Things) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut addresses: BTreeMap<(&str, IpNet), Vec<String>> = BTreeMap::new();
    for (vrf, subnet, thing) in forgotten {
        match thing {
            Forgotten::All(all) => {
                let networks = if *all == 1 { "network" } else { "networks" };
                let what = format!(
                    "address pool {subnet} of vrf {vrf} is kept for {all} {networks}, and Docker has none on it"
                );
                findings.push(Finding::doubtful(SUBJECT, what).advise(release(vrf, *subnet, &[])));
            }
            Forgotten::Part(gone, all) => {
                let what = format!(
                    "of the {all} networks that address pool {subnet} of vrf {vrf} is kept for Docker has forgotten {gone}"
                );
                let advice = format!("once the others are removed: {}", release(vrf, *subnet, &[]));
                findings.push(Finding::doubtful(SUBJECT, what).advise(advice));
            }
            Forgotten::Address(address) => addresses.entry((vrf, *subnet)).or_default().push(address.to_string()),
        }
    }
    findings.extend(addresses.into_iter().map(|((vrf, subnet), addresses)| {
        let what = format!(
            "no container has these addresses of pool {subnet} of vrf {vrf}, which are taken: {}",
            addresses.join(", ")
        );
        Finding::doubtful(SUBJECT, what).advise(release(vrf, subnet, &addresses))
    }));
    findings
}

/// The command that gives it back.
fn release(vrf: &str, subnet: IpNet, addresses: &[String]) -> String {
    let vrf = if vrf == "default" { String::new() } else { format!(" --vrf {vrf}") };
    let addresses: String = addresses.iter().map(|address| format!(" {address}")).collect();
    format!("docker-ovs ipam release{vrf} {subnet}{addresses}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(vrf: &str, northbound: bool, networks: usize, addresses: &[&str]) -> AddressPool {
        AddressPool {
            vrf: vrf.into(),
            subnet: "10.1.0.0/24".into(),
            northbound,
            own_networks: networks,
            own_endpoints: addresses.iter().map(|address| (*address).to_owned()).collect(),
            ..AddressPool::default()
        }
    }

    fn user(vrf: &str, is_local: bool, addresses: &[&str]) -> PoolUser {
        PoolUser {
            name: "web".into(),
            vrf: vrf.into(),
            subnets: vec!["10.1.0.0/24".parse().unwrap()],
            is_local,
            addresses: addresses.iter().map(|address| (address.parse().unwrap(), "c1".to_owned())).collect(),
        }
    }

    fn advice(pools: &[AddressPool], users: &[PoolUser]) -> Vec<String> {
        let findings = judge(&compare(kept(pools), users));
        findings.into_iter().map(|finding| finding.advice.unwrap()).collect()
    }

    #[test]
    fn each_has_its_command() {
        let pools = [pool("default", false, 1, &["10.1.0.9"]), pool("blue", true, 1, &["10.1.0.9", "10.1.0.10"])];
        assert_eq!(
            advice(&pools, &[user("blue", true, &["10.1.0.9"])]),
            ["docker-ovs ipam release 10.1.0.0/24", "docker-ovs ipam release --vrf blue 10.1.0.0/24 10.1.0.10"]
        );
        let users = [user("blue", true, &["10.1.0.9", "10.1.0.10"]), user("default", true, &["10.1.0.9"])];
        assert!(advice(&pools, &users).is_empty());
    }

    #[test]
    fn of_several_networks_nobody_knows_which_is_gone() {
        let pools = [pool("default", false, 1, &[]), pool("default", true, 2, &[])];
        assert_eq!(
            advice(&pools, &[user("default", true, &[])]),
            ["once the others are removed: docker-ovs ipam release 10.1.0.0/24"]
        );
    }

    #[test]
    fn what_other_hosts_and_services_of_a_swarm_have_is_left_alone() {
        assert!(advice(&[pool("default", true, 0, &[])], &[]).is_empty());
        let pools = [pool("default", true, 1, &["10.1.0.9"])];
        assert!(advice(&pools, &[user("default", false, &[])]).is_empty());
    }
}
