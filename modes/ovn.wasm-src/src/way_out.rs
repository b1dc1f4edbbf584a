//! The way out of a network, as the user and the operator decided it.

use std::net::IpAddr;

use guest_modes::{Attributes, IpNet, Network, Refusal};

/// How containers reach what is outside of their VRF.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum WayOut {
    /// Through the host that a container is on.
    Host,
    /// Through a physical network.
    External(External),
    /// Through Docker's own bridge.
    Docker,
    /// Not at all.
    None,
    /// Not even to other networks of the VRF: `--internal`.
    Internal,
    /// As the switch that the user named has it.
    Theirs,
}

/// A physical network: section `[ovn.external.NAME]` of the configuration.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct External {
    /// Its name in the hosts' bridge mappings.
    pub(crate) physnet: String,
    /// Its VLAN; none: untagged.
    pub(crate) vlan: Option<u16>,
    /// The router's addresses there.
    pub(crate) addresses: Vec<IpNet>,
    /// Who routes on, one address a family.
    pub(crate) next_hops: Vec<IpAddr>,
    /// The hosts that the router may be at.
    pub(crate) chassis: Vec<String>,
}

impl WayOut {
    /// What the options and facts of a network say.
    pub(crate) fn of(network: &Network) -> Result<Self, Refusal> {
        let egress: Option<&str> = network.options.get("egress");
        if let Some(name) = network.options.get::<&str>("ovn.switch") {
            let said = ["egress", "ovn.external"].into_iter().find(|key| network.options.get::<&str>(key).is_some());
            return match said {
                None if network.internal => Ok(Self::Internal),
                None => Ok(Self::Theirs),
                Some(key) => {
                    let message = format!(
                        "switch {name} has the way out that its owner gave it: leave out {key}, or leave out ovn.switch"
                    );
                    Err(Refusal::invalid("egress-of-switch", message).at(key))
                }
            };
        }
        if egress != Some("external") {
            no_external(network, egress)?;
        }
        if network.internal {
            return internal(egress);
        }
        match egress.unwrap_or("host") {
            "external" => External::of(network).map(Self::External),
            "docker" => Ok(Self::Docker),
            "none" => Ok(Self::None),
            _ => Ok(Self::Host),
        }
    }

    /// Whether the VRF's router is the containers' gateway.
    pub(crate) fn has_router(&self) -> bool {
        matches!(self, Self::Host | Self::External(_) | Self::Docker | Self::None)
    }

    /// Checks that what the option `routes` asks for, of a network or of a container, leads anywhere.
    pub(crate) fn check_routes(&self, options: &Attributes) -> Result<(), Refusal> {
        if *self == Self::Internal && options.get::<&[String]>("routes").is_some() {
            let message = "nothing leaves an internal network, whatever routes a container has: leave out routes, or \
                           create the network without --internal";
            return Err(Refusal::unsupported("routes-internal", message).at("routes"));
        }
        Ok(())
    }
}

/// Why an internal network has no physical network.
const INTERNAL: &str = "nothing leaves an internal network: leave out ovn.external, or create the network without \
                        --internal and with egress=external";

/// Refuses to name a physical network where the way out is another.
fn no_external(network: &Network, egress: Option<&str>) -> Result<(), Refusal> {
    let Some(name) = network.options.get::<&str>("ovn.external") else { return Ok(()) };
    let message = match (network.internal, egress) {
        (true, _) => INTERNAL.to_owned(),
        (false, said) => format!(
            "ovn.external={name} is for networks with egress=external, and this one has egress={}: give egress=external as \
             well, or leave out ovn.external",
            said.unwrap_or("host, the default")
        ),
    };
    Err(Refusal::invalid("external-without-egress", message).at("ovn.external"))
}

/// `--internal`, which stands against every way out.
fn internal(egress: Option<&str>) -> Result<WayOut, Refusal> {
    match egress {
        None | Some("none") => Ok(WayOut::Internal),
        Some(egress) => {
            let message = format!(
                "nothing leaves an internal network, and egress={egress} is a way out: leave out egress, or create the \
                 network without --internal"
            );
            Err(Refusal::invalid("egress-internal", message).at("egress"))
        }
    }
}

impl External {
    fn of(network: &Network) -> Result<Self, Refusal> {
        let Some(physnet) = network.facts.get::<&str>("ovn.external.physnet") else {
            let asked = network.options.get::<&str>("ovn.external");
            let message = match asked {
                Some(name) => format!(
                    "the configuration has no section [ovn.external.{name}]: take one that it has, or ask the operator"
                ),
                None => "egress=external leaves by a physical network: name an [ovn.external.NAME] section of the \
                         configuration with ovn.external=NAME, unless there is exactly one"
                    .to_owned(),
            };
            return Err(Refusal::invalid("no-external", message).at("ovn.external"));
        };
        Ok(Self {
            physnet: physnet.to_owned(),
            vlan: network.facts.get("ovn.external.vlan"),
            addresses: texts(network, "ovn.external.addresses"),
            next_hops: texts(network, "ovn.external.next_hop"),
            chassis: texts(network, "ovn.external.chassis"),
        })
    }
}

/// What a fact lists. The host has parsed all of it once: what does not parse is another host's, and a mode that is broken.
fn texts<T: std::str::FromStr>(network: &Network, key: &str) -> Vec<T> {
    let all = network.facts.get::<&[String]>(key).unwrap_or_default().iter();
    all.map(|text| text.parse().unwrap_or_else(|_| panic!("\"{key}\" holds \"{text}\""))).collect()
}
