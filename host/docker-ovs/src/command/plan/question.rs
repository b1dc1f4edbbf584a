//! From arguments to what a mode is asked.

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipnet::IpNet;
use plan::{Attribute, Attributes, Endpoint, EndpointId, MacAddress, Network, NetworkId, Subnet, Value};
use policy::options::mode_of;
use policy::{GatewayNeed, Manifest, Scope};

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
        subnets: arguments.subnet.iter().map(|pool| subnet(pool.trunc(), arguments, manifest)).collect(),
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
    Ok(Some(Endpoint {
        id: EndpointId::new("dry-run").map_err(anyhow::Error::from)?,
        mac: arguments.mac.unwrap_or_else(|| MacAddress::derived(&network.id, *first)),
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

/// As Docker does it: the first address is the gateway's, where the mode needs one and nobody says another.
fn subnet(pool: IpNet, arguments: &Plan, manifest: &Manifest) -> Subnet {
    let given = arguments.gateway.iter().copied().find(|gateway| pool.contains(gateway));
    let first = || pool.hosts().next().filter(|_| manifest.gateway == GatewayNeed::Required);
    let first = first().map(|address| if address == pool.network() { next(address) } else { address });
    let gateway = given.or(first).and_then(|address| IpNet::new(address, pool.prefix_len()).ok());
    Subnet { pool, gateway, auxiliary: Vec::new() }
}

/// The address after the subnet's own, which IPv6 counts among the hosts.
fn next(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(address) => IpAddr::V4((u32::from(address).saturating_add(1)).into()),
        IpAddr::V6(address) => IpAddr::V6((u128::from(address).saturating_add(1)).into()),
    }
}

fn in_pool(address: IpAddr, network: &Network) -> Result<IpNet, Failure> {
    let pool = network.subnets.iter().map(|subnet| subnet.pool).find(|pool| pool.contains(&address));
    let net = pool.and_then(|pool| IpNet::new(address, pool.prefix_len()).ok());
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
    if let Some(Assignment { key, .. }) = given.iter().find(|fact| !manifest.facts.contains(&fact.key)) {
        let wanted = manifest.facts.join(", ");
        return Err(Failure::say(USAGE, format_args!("the mode does not ask for {key}; it asks for [{wanted}]")));
    }
    let said = raw(given)?;
    let fact = |key: &String| {
        Some(Attribute::new(key, said.get(key).map(|text| typed(text)).or_else(|| assumed(key, options))?))
    };
    Ok(manifest.facts.iter().filter_map(fact).collect())
}

fn typed(text: &str) -> Value {
    text.parse().map_or_else(|_| Value::Text(text.to_owned()), Value::Integer)
}

fn assumed(key: &str, options: &[Attribute]) -> Option<Value> {
    match key {
        "uplink.mtu" => options.text("uplink").map(|_| Value::Integer(1500)),
        "host.mtu" => Some(Value::Integer(1500)),
        "ovs.datapath" => Some(Value::Text("system".to_owned())),
        _ => None,
    }
}
