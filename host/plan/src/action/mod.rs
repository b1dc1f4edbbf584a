//! The actions a plan is made of. Each one is declarative ("this exists like so"), idempotent, and has an inverse that
//! the host knows. The types mirror `wit/mode.wit`; names and numbers in here are as the mode said them, the guard
//! checks them.

mod bridge;
mod logical;
mod port;
mod rule;

pub use bridge::{Bridge, Datapath, Encapsulation, Tunnel, Uplink};
pub use logical::{
    Acl, LoadBalancer, Localnet, LogicalNat, LogicalRouter, LogicalSwitch, RouterPort, StaticRoute, Verdict,
};
pub use port::{Attachment, EndpointPort, HostPort, RouteVia, Station};
pub use rule::{Forward, Masquerade, Publish};
use serde::{Deserialize, Serialize};

use crate::{Attribute, Label, PublishedPort};

/// An action that a later host knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Custom {
    /// `name@version`.
    pub kind: String,
    /// Its arguments.
    pub arguments: Vec<Attribute>,
}

/// One thing that is to exist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// An Open vSwitch bridge.
    Bridge(Bridge),
    /// A host interface on a bridge.
    Uplink(Uplink),
    /// The host's foot in the network.
    HostPort(HostPort),
    /// The container's link.
    EndpointPort(EndpointPort),
    /// Source address translation.
    Masquerade(Masquerade),
    /// Forwarding.
    Forward(Forward),
    /// A published port.
    Publish(Publish),
    /// The other hosts of a bridge's segment.
    Tunnel(Tunnel),
    /// A logical switch.
    LogicalSwitch(LogicalSwitch),
    /// The logical router of a VRF.
    LogicalRouter(LogicalRouter),
    /// A router on a switch.
    RouterPort(RouterPort),
    /// A route of a logical router.
    StaticRoute(StaticRoute),
    /// A physical network on a logical switch.
    Localnet(Localnet),
    /// What becomes of packets on a logical switch.
    Acl(Acl),
    /// A published port on a logical router.
    LoadBalancer(LoadBalancer),
    /// Source address translation by a logical router.
    LogicalNat(LogicalNat),
    /// What a later host knows.
    Custom(Custom),
}

impl Action {
    /// The word for its kind, as in the contract.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::Bridge(_) => "bridge",
            Self::Uplink(_) => "uplink",
            Self::HostPort(_) => "host-port",
            Self::EndpointPort(_) => "endpoint-port",
            Self::Masquerade(_) => "masquerade",
            Self::Forward(_) => "forward",
            Self::Publish(_) => "publish",
            Self::Tunnel(_) => "tunnel",
            Self::LogicalSwitch(_) => "logical-switch",
            Self::LogicalRouter(_) => "logical-router",
            Self::RouterPort(_) => "router-port",
            Self::StaticRoute(_) => "static-route",
            Self::Localnet(_) => "localnet",
            Self::Acl(_) => "acl",
            Self::LoadBalancer(_) => "load-balancer",
            Self::LogicalNat(_) => "logical-nat",
            Self::Custom(custom) => &custom.kind,
        }
    }

    /// Whether it publishes a port that was asked for.
    #[must_use]
    pub fn publishes(&self, port: &PublishedPort) -> bool {
        match self {
            Self::Publish(publish) => publish.asked() == *port,
            Self::LoadBalancer(balancer) => balancer.serves(port),
            _ => false,
        }
    }

    /// The step it builds on: what a port is plugged into, the port of a rule, the switch or router that something is
    /// added to. A router port, which joins two, is the router's.
    #[must_use]
    pub fn on(&self) -> Option<&Label> {
        match self {
            Self::Bridge(_) | Self::LogicalSwitch(_) | Self::LogicalRouter(_) | Self::Custom(_) => None,
            Self::HostPort(HostPort { on, .. }) | Self::EndpointPort(EndpointPort { on, .. }) => Some(on.label()),
            Self::Uplink(Uplink { bridge: label, .. })
            | Self::Tunnel(Tunnel { bridge: label, .. })
            | Self::Masquerade(Masquerade { port: label, .. })
            | Self::Forward(Forward { port: label, .. })
            | Self::Publish(Publish { port: label, .. })
            | Self::RouterPort(RouterPort { router: label, .. })
            | Self::StaticRoute(StaticRoute { router: label, .. })
            | Self::LoadBalancer(LoadBalancer { router: label, .. })
            | Self::LogicalNat(LogicalNat { router: label, .. })
            | Self::Localnet(Localnet { switch: label, .. })
            | Self::Acl(Acl { switch: label, .. }) => Some(label),
        }
    }
}
