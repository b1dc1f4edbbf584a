//! The vocabulary that the driver, the sandbox and the plumbing share: networks and endpoints as a mode sees them,
//! the plan a mode answers with, and the guard that admits a plan as a whole or refuses it.
//!
//! This crate does no I/O and knows neither Docker, nor Open vSwitch's database, nor WebAssembly. Whatever the guard has
//! to know about the host is passed to it as a snapshot.

mod action;
mod admitted;
mod answer;
mod grant;
mod guard;
mod host;
mod mac;
mod name;
mod network;
mod succession;
mod value;

pub use action::{
    Acl, Action, Attachment, Bridge, Custom, Datapath, Encapsulation, EndpointPort, Forward, HostPort, LoadBalancer,
    Localnet, LogicalNat, LogicalRouter, LogicalSwitch, Masquerade, Publish, RouteVia, RouterPort, StaticRoute,
    Station, Tunnel, Uplink, Verdict,
};
pub use admitted::{Admitted, AdmittedStep, ObjectKind, Reply, Route};
pub use answer::{Plan, Refusal, RefusalClass, Step};
pub use grant::{Capability, Grant, Grants, InvalidGrant};
pub use guard::{Asked, Denial, DeniedStep, Request, Rule, admit, admit_after, readmit};
pub use host::{BridgeOwner, HostBridge, HostFacts, HostInterface, SharedStep};
pub use mac::{InvalidMac, MacAddress};
pub use name::{BridgeName, EndpointId, InstanceId, InterfaceName, InvalidName, Label, ModeDigest, NetworkId, VlanId};
pub use network::{Endpoint, Network, Protocol, PublishedPort, Subnet, host_binding};
pub use succession::Predecessor;
pub use value::{Attribute, Attributes, Value};
