//! From arguments to what a mode is asked.

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipnet::IpNet;
use plan::{Attribute, Attributes, Endpoint, EndpointId, MacAddress, Network, NetworkId, Subnet, Value};
use policy::{GatewayNeed, Manifest, Scope};

use super::Assignment;
use crate::cli::Plan;
use crate::exit::{Failure, USAGE};

/// Which other mode knows an option.
pub(super) type Owner<'a> = &'a dyn Fn(&str, Scope) -> Option<policy::Owner>;

/// The network that the arguments describe.
pub(super) fn network(arguments: &Plan, manifest: &Manifest, owner: Owner<'_>) -> Result<Network, Failure> {
    let options = options(manifest, Scope::Network, &arguments.options, owner)?;
    let facts = facts(manifest, &arguments.facts, &options)?;
    let stray = arguments.gateway.iter().find(|gateway| !arguments.subnet.iter().any(|pool| pool.contains(*gateway)));
    if let Some(gateway) = stray {
        return Err(Failure::say(USAGE, format_args!("gateway {gateway} lies in none of the subnets")));
    }
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
    let options = options(manifest, Scope::Endpoint, &arguments.endpoint_options, owner)?;
    let addresses = arguments.addresses.iter().map(|address| in_pool(*address, network)).collect::<Result<_, _>>()?;
    Ok(Some(Endpoint {
        id: EndpointId::new("dry-run").map_err(anyhow::Error::from)?,
        mac: arguments.mac.unwrap_or_else(|| MacAddress::derived(&network.id, *first)),
        addresses,
        options,
        facts: network.facts.clone(),
    }))
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
    given: &[Assignment],
    owner: Owner<'_>,
) -> Result<Vec<Attribute>, Failure> {
    let mut raw = BTreeMap::new();
    for Assignment { key, value } in given {
        if raw.insert(key.clone(), value.clone()).is_some() {
            return Err(Failure::say(USAGE, format_args!("option {key} is given twice")));
        }
    }
    let options = manifest.options(scope, &raw, owner).map_err(|error| Failure::new(USAGE, error))?;
    options.ignored.iter().for_each(|ignored| eprintln!("docker-ovs: {ignored}"));
    Ok(options.attributes)
}

/// What the mode wants to know about the host: what the arguments say, else what most hosts would.
fn facts(manifest: &Manifest, given: &[Assignment], options: &[Attribute]) -> Result<Vec<Attribute>, Failure> {
    if let Some(Assignment { key, .. }) = given.iter().find(|fact| !manifest.facts.contains(&fact.key)) {
        let wanted = manifest.facts.join(", ");
        return Err(Failure::say(USAGE, format_args!("the mode does not ask for {key}; it asks for [{wanted}]")));
    }
    let fact = |key: &String| {
        let said = given.iter().find(|fact| fact.key == *key).map(|fact| typed(&fact.value));
        Some(Attribute::new(key, said.or_else(|| assumed(key, options))?))
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
