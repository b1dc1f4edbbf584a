//! One word or one line for each thing that a manifest can say.

use plan::Capability;
use policy::{GatewayNeed, OptionKind, Scope, printable};

/// What a mode's plans may do with a capability.
#[must_use]
pub fn capability(capability: Capability) -> &'static str {
    match capability {
        Capability::Bridge => "use bridges that a user names",
        Capability::Uplink => "put host interfaces on a bridge",
        Capability::Vlan => "put ports into VLANs",
        Capability::HostAddress => "give the host addresses in its networks",
        Capability::Nat => "forward and masquerade what its networks send",
        Capability::Publish => "publish ports of its containers",
        Capability::Tunnel => "join its networks to those of other hosts by tunnels",
        Capability::Ovn => "make logical networks in OVN, for all hosts",
    }
}

/// What a fact tells a mode about the host; nothing for one that this driver does not gather.
#[must_use]
pub fn fact(fact: &str) -> &'static str {
    match fact {
        "host.mtu" => "MTU of the interface with the host's default route",
        "ovn.external.addresses" => "addresses of OVN's router in the physical network that the network leaves by",
        "ovn.external.chassis" => "hosts that OVN's router may be at there",
        "ovn.external.next_hop" => "who routes on there",
        "ovn.external.physnet" => "name of that physical network in the hosts' bridge mappings",
        "ovn.external.vlan" => "VLAN of that physical network",
        "ovn.mtu" => "the most that crosses OVN's tunnels whole",
        "ovn.vrf-subnets" => "subnets of the network's VRF, when a container comes",
        "ovs.datapath" => "what datapath=auto comes to on the host",
        "swarm.address" => "the host's address in Docker's swarm",
        "swarm.peers" => "the other hosts of Docker's swarm, as they come and go",
        "tunnel.mtu" => "MTU of the links that lead to the hosts of the option peers",
        "uplink.mtu" => "MTU of the interface that the option uplink names",
        _ => "",
    }
}

/// A need of a gateway, as the manifest writes it, and what it means.
#[must_use]
pub fn gateway(need: GatewayNeed) -> (&'static str, &'static str) {
    match need {
        GatewayNeed::Required => ("required", "Docker sets a gateway address aside in each subnet"),
        GatewayNeed::Optional => ("optional", "Docker sets a gateway address aside; the mode does without"),
        GatewayNeed::None => ("none", "no address is spent on a gateway"),
    }
}

/// A scope, as the manifest writes it.
pub(crate) fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Network => "network",
        Scope::Endpoint => "endpoint",
        Scope::Both => "both",
    }
}

/// A type, as the manifest writes it.
pub(crate) fn kind(kind: &OptionKind) -> &'static str {
    match kind {
        OptionKind::Text { .. } | OptionKind::Secret => "text",
        OptionKind::Integer { .. } => "integer",
        OptionKind::Boolean => "boolean",
        OptionKind::Address => "address",
        OptionKind::Net => "net",
        OptionKind::Mac => "mac",
        OptionKind::Texts => "texts",
    }
}

/// The values that an option can have, for a person.
pub(crate) fn values(kind: &OptionKind) -> String {
    match kind {
        OptionKind::Text { choices } if choices.is_empty() => "text".to_owned(),
        OptionKind::Text { choices } => choices.iter().map(|choice| printable(choice)).collect::<Vec<_>>().join(", "),
        OptionKind::Integer { minimum: i64::MIN, maximum: i64::MAX } => "number".to_owned(),
        OptionKind::Integer { minimum, maximum: i64::MAX } => format!("{minimum} or more"),
        OptionKind::Integer { minimum: i64::MIN, maximum } => format!("{maximum} or less"),
        OptionKind::Integer { minimum, maximum } => format!("{minimum} to {maximum}"),
        OptionKind::Boolean => "true or false".to_owned(),
        OptionKind::Address => "address".to_owned(),
        OptionKind::Net => "address with prefix length".to_owned(),
        OptionKind::Mac => "MAC address".to_owned(),
        OptionKind::Texts => "list, by commas".to_owned(),
        OptionKind::Secret => "secret text, never shown".to_owned(),
    }
}
