//! The actions a plan is made of. Each one says "this exists like so"; what that means is written in `wit/mode.wit`.
//!
//! All fields are public; the constructors take what every such action needs, and the methods the rest.

mod acl;
mod attachment;
mod bridge;
mod custom;
mod endpoint_port;
mod forward;
mod host_port;
mod load_balancer;
mod localnet;
mod logical_nat;
mod logical_router;
mod logical_switch;
mod masquerade;
mod publish;
mod route;
mod router_port;
mod static_route;
mod station;
mod tunnel;
mod uplink;

pub use acl::{Acl, Verdict};
pub use attachment::Attachment;
pub use bridge::{Bridge, Datapath};
pub use custom::Custom;
pub use endpoint_port::EndpointPort;
pub use forward::Forward;
pub use host_port::HostPort;
pub use load_balancer::LoadBalancer;
pub use localnet::Localnet;
pub use logical_nat::LogicalNat;
pub use logical_router::LogicalRouter;
pub use logical_switch::LogicalSwitch;
pub use masquerade::Masquerade;
pub use publish::Publish;
pub use route::Route;
pub use router_port::RouterPort;
pub use static_route::StaticRoute;
pub use station::Station;
pub use tunnel::{Encapsulation, Tunnel};
pub use uplink::Uplink;

macro_rules! actions {
    ($($(#[$doc:meta])* $kind:ident),+ $(,)?) => {
        /// One thing that is to exist.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Action {
            $($(#[$doc])* $kind($kind),)+
        }

        $(impl From<$kind> for Action {
            fn from(action: $kind) -> Self {
                Self::$kind(action)
            }
        })+
    };
}

actions! {
    /// An Open vSwitch bridge.
    Bridge,
    /// A host interface on a bridge.
    Uplink,
    /// The host's foot in the network.
    HostPort,
    /// The container's link.
    EndpointPort,
    /// Source address translation.
    Masquerade,
    /// Forwarding.
    Forward,
    /// A published port.
    Publish,
    /// The other hosts of a bridge's segment.
    Tunnel,
    /// A segment that spans hosts.
    LogicalSwitch,
    /// What the networks of a VRF are routed by.
    LogicalRouter,
    /// A router on a switch.
    RouterPort,
    /// A route of a logical router.
    StaticRoute,
    /// A physical network on a logical switch.
    Localnet,
    /// What becomes of packets on a logical switch.
    Acl,
    /// A published port on a logical router.
    LoadBalancer,
    /// Source address translation by a logical router.
    LogicalNat,
    /// What a later host knows.
    Custom,
}
