//! From arguments to what a mode is asked.

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipnet::IpNet;
use mode_tools::question as asked;
use plan::{Attribute, Endpoint, EndpointId, MacAddress, Network, NetworkId, Subnet, Value};
use policy::options::mode_of;
use policy::{Manifest, Scope};

use super::Assignment;
use crate::cli::Plan;
use crate::exit::{Failure, USAGE};

/// Which other mode knows an option.
pub(super) type Owner<'a> = &'a dyn Fn(&str, Scope) -> Option<policy::Owner>;

/// What is given as KEY=VALUE, each key once.
pub(super) fn raw(given: &[Assignment]) -> Result<BTreeMap<String, String>, Failure> {
    let mut raw = BTreeMap::new();
    for Assignment { key, value } in given {
        if raw.insert(key.clone(), value.clone()).is_some() {
            return Err(Failure::say(USAGE, format_args!("{key} is given twice")));
        }
    }
    Ok(raw)
}

/// The mode that the arguments name, by `--mode` or as an option of the network; both have to name the same.
pub(super) fn mode(arguments: &Plan, raw: &BTreeMap<String, String>) -> Result<Option<String>, Failure> {
    let option = mode_of(raw).map_err(|error| Failure::new(USAGE, error))?;
    match (&arguments.mode, option) {
        (Some(flag), Some(option)) if *flag != option => {
            Err(Failure::say(USAGE, format_args!("--mode says {flag} and the options say {option}: name one mode")))
        }
        (Some(flag), _) => Ok(Some(flag.clone())),
        (None, option) => Ok(option),
    }
}

/// The network that the arguments describe.
pub(super) fn network(
    arguments: &Plan,
    raw: &BTreeMap<String, String>,
    manifest: &Manifest,
    owner: Owner<'_>,
) -> Result<Network, Failure> {
    let options = options(manifest, Scope::Network, raw, owner)?;
    let facts = facts(manifest, &arguments.facts, &options)?;
    gateways(arguments)?;
    Ok(Network {
        id: NetworkId::new("dry-run").map_err(anyhow::Error::from)?,
        internal: arguments.internal,
        subnets: arguments.subnet.iter().map(|pool| subnet(*pool, arguments, manifest)).collect(),
        options,
        facts,
    })
}

/// The endpoint that the arguments describe, if they do.
pub(super) fn endpoint(
    arguments: &Plan,
    network: &Network,
    manifest: &Manifest,
    owner: Owner<'_>,
) -> Result<Option<Endpoint>, Failure> {
    let Some(first) = arguments.addresses.first() else { return Ok(None) };
    let options = options(manifest, Scope::Endpoint, &raw(&arguments.endpoint_options)?, owner)?;
    one_of_a_family(&arguments.addresses)?;
    let addresses = arguments.addresses.iter().map(|address| in_pool(*address, network)).collect::<Result<_, _>>()?;
    let id = EndpointId::new("dry-run").map_err(anyhow::Error::from)?;
    Ok(Some(Endpoint {
        mac: arguments.mac.unwrap_or_else(|| MacAddress::of_endpoint(&network.id, &id, Some(*first))),
        id,
        addresses,
        options,
        facts: network.facts.clone(),
    }))
}

/// Checks, as Docker does, that subnets do not overlap and that each has one gateway, of its own.
fn gateways(arguments: &Plan) -> Result<(), Failure> {
    let pools = &arguments.subnet;
    for (index, pool) in pools.iter().enumerate() {
        if let Some(other) = pools[..index].iter().find(|other| other.contains(pool) || pool.contains(*other)) {
            return Err(Failure::say(USAGE, format_args!("subnets {other} and {pool} overlap")));
        }
        let mut own = arguments.gateway.iter().filter(|gateway| pool.contains(*gateway));
        if let (Some(first), Some(second)) = (own.next(), own.next()) {
            let message = format_args!("subnet {pool} has two gateways, {first} and {second}: it can have one");
            return Err(Failure::say(USAGE, message));
        }
    }
    match arguments.gateway.iter().find(|gateway| !pools.iter().any(|pool| pool.contains(*gateway))) {
        Some(gateway) => Err(Failure::say(USAGE, format_args!("gateway {gateway} lies in none of the subnets"))),
        None => Ok(()),
    }
}

/// Docker gives an endpoint one address of each family at the most.
fn one_of_a_family(addresses: &[IpAddr]) -> Result<(), Failure> {
    for (index, address) in addresses.iter().enumerate() {
        if let Some(other) = addresses[..index].iter().find(|other| other.is_ipv4() == address.is_ipv4()) {
            let message = format_args!("an endpoint has one address of a family, not both {other} and {address}");
            return Err(Failure::say(USAGE, message));
        }
    }
    Ok(())
}

fn subnet(pool: IpNet, arguments: &Plan, manifest: &Manifest) -> Subnet {
    let given = arguments.gateway.iter().copied().find(|gateway| pool.contains(gateway));
    asked::subnet(pool, given, manifest.gateway)
}

fn in_pool(address: IpAddr, network: &Network) -> Result<IpNet, Failure> {
    let net = asked::in_pool(address, network);
    net.ok_or_else(|| Failure::say(USAGE, format_args!("address {address} lies in none of the subnets")))
}

fn options(
    manifest: &Manifest,
    scope: Scope,
    raw: &BTreeMap<String, String>,
    owner: Owner<'_>,
) -> Result<Vec<Attribute>, Failure> {
    let options = manifest.options(scope, raw, owner).map_err(|error| Failure::new(USAGE, error))?;
    options.ignored.iter().for_each(|ignored| eprintln!("docker-ovs: {ignored}"));
    Ok(options.attributes)
}

/// What the mode wants to know about the host: what the arguments say, else what most hosts would.
fn facts(manifest: &Manifest, given: &[Assignment], options: &[Attribute]) -> Result<Vec<Attribute>, Failure> {
    let said = raw(given)?;
    let assumed = asked::assumed(manifest, options).into_iter().filter(|fact| !said.contains_key(&fact.key));
    let said = said.iter().map(|(key, text)| Attribute::new(key, typed(text)));
    asked::told(manifest, said.chain(assumed).collect()).map_err(|unwanted| {
        let wanted = manifest.facts.join(", ");
        Failure::say(USAGE, format_args!("the mode does not ask for {unwanted}; it asks for [{wanted}]"))
    })
}

fn typed(text: &str) -> Value {
    text.parse().map_or_else(|_| Value::Text(text.to_owned()), Value::Integer)
}
