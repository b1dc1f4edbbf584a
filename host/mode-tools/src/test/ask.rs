//! From a case to what a mode is asked: options typed by the manifest, everything else as the driver would make it.

use std::collections::BTreeMap;

use plan::{Attribute, Endpoint, EndpointId, Grants, HostFacts, MacAddress, Network, NetworkId, Plan, Subnet, Value};
use policy::{Checked, Loaded, Manifest, OptionError, Question, Sandbox, Scope};

use crate::fixture::{self, Address, Call, Case, Gateway, Written};
use crate::question::{assumed, in_pool, settled, subnet, told, with_uplinks};

/// A mode that is tested, and the sandbox that it runs in.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Runs it.
    pub sandbox: Sandbox,
    /// The mode, compiled.
    pub mode: Loaded,
    /// Its file.
    pub module: Checked,
}

/// A case, ready to be asked.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    pub(super) question: Question,
    pub(super) grants: Grants,
    /// What the mode says about itself.
    pub(super) manifest: Manifest,
    host: Option<fixture::Host>,
    /// The keys of options that were given, as they were written.
    pub(super) given: Vec<String>,
    /// What the driver would say to a user beside it.
    pub(super) notes: Vec<String>,
}

/// Why a case cannot be asked.
#[derive(Debug)]
pub(super) enum Unaskable {
    /// The manifest refuses an option.
    Option(OptionError),
    /// The fixture says something that no driver would ask: which key, and why.
    Wrong(&'static str, String),
}

impl Prepared {
    /// Makes a question of a case.
    pub(super) fn new(case: &Case, module: &Checked) -> Result<Self, Unaskable> {
        let manifest = module.manifest();
        let mut notes = Vec::new();
        let described = case.network.clone().unwrap_or_default();
        let network = network(&described, manifest, &mut notes)?;
        let mut given: Vec<String> = described.options.keys().cloned().collect();
        let mut described_endpoint = || -> Result<Endpoint, Unaskable> {
            let missing = || Unaskable::Wrong("endpoint", format!("{} asks about one: describe it", case.call));
            let described = case.endpoint.clone().ok_or_else(missing)?;
            given.extend(described.options.keys().cloned());
            endpoint(&described, &network, manifest, &mut notes)
        };
        let question = match case.call {
            Call::PlanNetwork => Question::Network(network),
            Call::PlanEndpoint => {
                let endpoint = described_endpoint()?;
                Question::Endpoint(network, endpoint)
            }
            Call::PlanPublish => {
                let endpoint = described_endpoint()?;
                let ports = case.ports.iter().flatten().map(|port| port.0);
                let ports = settled(ports, &network).map_err(|two| Unaskable::Wrong("ports", two.to_string()))?;
                if ports.is_empty() {
                    let message = "plan-publish is never asked about none: list one or more, such as \"8080:80\"";
                    return Err(Unaskable::Wrong("ports", message.to_owned()));
                }
                Question::Publish(network, endpoint, ports)
            }
        };
        let allowed = case.grants.clone().unwrap_or_else(Grants::everything);
        let grants = module.clone().granted(&allowed).grants().clone();
        let manifest = manifest.clone();
        let prepared = Self { question, grants, manifest, host: case.host.clone(), given, notes };
        prepared.snapshot(&Plan::default()).map_err(|name| {
            Unaskable::Wrong("host.interfaces", format!("one is on {name}, which is not among them"))
        })?;
        Ok(prepared)
    }

    /// The network that it is about.
    pub(super) fn network(&self) -> &Network {
        self.question.network()
    }

    /// The endpoint that it is about, if it is.
    pub(super) fn endpoint(&self) -> Option<&Endpoint> {
        match &self.question {
            Question::Network(_) => None,
            Question::Endpoint(_, endpoint) | Question::Publish(_, endpoint, _) => Some(endpoint),
        }
    }

    /// The host that the guard looks at, for a plan.
    pub(super) fn host(&self, plan: &Plan) -> HostFacts {
        self.snapshot(plan).expect("the links of a host name each other: that was checked with the case")
    }

    fn snapshot(&self, plan: &Plan) -> Result<HostFacts, String> {
        let made_up = with_uplinks(plan);
        match &self.host {
            Some(host) => host.snapshot(&self.network().id, made_up),
            None => Ok(made_up),
        }
    }
}

fn network(given: &fixture::Network, manifest: &Manifest, notes: &mut Vec<String>) -> Result<Network, Unaskable> {
    let options = options(manifest, Scope::Network, &given.options, notes)?;
    let facts = match &given.facts {
        Some(said) => facts(said, manifest, "network.facts")?,
        None => assumed(manifest, &options),
    };
    let id = given.id.clone().map_or_else(|| NetworkId::new("network"), Ok);
    Ok(Network {
        id: id.map_err(|error| Unaskable::Wrong("network.id", error.to_string()))?,
        internal: given.internal.unwrap_or_default(),
        subnets: given.subnets.iter().flatten().map(|one| described(one, manifest)).collect(),
        options,
        facts,
    })
}

fn described(given: &fixture::Subnet, manifest: &Manifest) -> Subnet {
    let auxiliary = given.auxiliary.iter().map(|(name, address)| Attribute::new(name, Value::Address(*address)));
    let subnet = match given.gateway {
        Some(Gateway::None) => Subnet { gateway: None, ..subnet(given.pool, None, manifest.gateway) },
        Some(Gateway::Address(address)) => subnet(given.pool, Some(address), manifest.gateway),
        None => subnet(given.pool, None, manifest.gateway),
    };
    Subnet { auxiliary: auxiliary.collect(), ..subnet }
}

fn endpoint(
    given: &fixture::Endpoint,
    network: &Network,
    manifest: &Manifest,
    notes: &mut Vec<String>,
) -> Result<Endpoint, Unaskable> {
    let mut addresses = Vec::new();
    for address in given.addresses.iter().flatten() {
        addresses.push(match address {
            Address::Net(net) => *net,
            Address::InPool(address) => in_pool(*address, network).ok_or_else(|| {
                let message = format!("{address} lies in none of the subnets: give its prefix length if that is meant");
                Unaskable::Wrong("endpoint.addresses", message)
            })?,
        });
    }
    let id = given.id.clone().map_or_else(|| EndpointId::new("endpoint"), Ok);
    let id = id.map_err(|error| Unaskable::Wrong("endpoint.id", error.to_string()))?;
    let first = addresses.first().map(ipnet::IpNet::addr);
    Ok(Endpoint {
        mac: given.mac.unwrap_or_else(|| MacAddress::of_endpoint(&network.id, &id, first)),
        id,
        addresses,
        options: options(manifest, Scope::Endpoint, &given.options, notes)?,
        facts: match &given.facts {
            Some(said) => facts(said, manifest, "endpoint.facts")?,
            None => network.facts.clone(),
        },
    })
}

/// Options, typed as the driver types them. There is no other mode that a key could belong to.
fn options(
    manifest: &Manifest,
    scope: Scope,
    given: &BTreeMap<String, Written>,
    notes: &mut Vec<String>,
) -> Result<Vec<Attribute>, Unaskable> {
    let raw = given.iter().map(|(key, value)| (key.clone(), value.to_string())).collect();
    let options = manifest.options(scope, &raw, &|_, _| None).map_err(Unaskable::Option)?;
    notes.extend(options.ignored.iter().map(ToString::to_string));
    Ok(options.attributes)
}

fn facts(
    said: &BTreeMap<String, Written>,
    manifest: &Manifest,
    key: &'static str,
) -> Result<Vec<Attribute>, Unaskable> {
    let said = said.iter().map(|(key, value)| Attribute::new(key, value.fact())).collect();
    told(manifest, said).map_err(|unwanted| {
        let wanted = manifest.facts.join(", ");
        Unaskable::Wrong(key, format!("the manifest does not ask for {unwanted}; it asks for [{wanted}]"))
    })
}
