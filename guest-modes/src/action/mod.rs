//! The actions a plan is made of. Each one says "this exists like so"; what that means is written in `wit/mode.wit`.
//!
//! All fields are public; the constructors take what every such action needs, and the methods the rest.

mod bridge;
mod custom;
mod endpoint_port;
mod forward;
mod host_port;
mod masquerade;
mod publish;
mod uplink;

pub use bridge::{Bridge, Datapath};
pub use custom::Custom;
pub use endpoint_port::EndpointPort;
pub use forward::Forward;
pub use host_port::HostPort;
pub use masquerade::Masquerade;
pub use publish::Publish;
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
    /// What a later host knows.
    Custom,
}
