//! The SDK that a mode is written with.
//!
//! A mode is a crate with a type that implements [`Mode`], a `mode.toml` beside its `Cargo.toml` (the manifest, see
//! `docs/mode-manifest.md`), and one line that exports it:
//!
//! ```
//! use guest_modes::{Bridge, Endpoint, EndpointPort, Label, Mode, Network, Plan, PublishedPort, Refusal};
//!
//! struct Plain;
//!
//! impl Mode for Plain {
//!     fn plan_network(_: &Network) -> Result<Plan, Refusal> {
//!         let mut plan = Plan::new();
//!         plan.add("bridge", Bridge::own(), "the network's own switch");
//!         Ok(plan)
//!     }
//!
//!     fn plan_endpoint(_: &Network, endpoint: &Endpoint) -> Result<Plan, Refusal> {
//!         let mut plan = Plan::new();
//!         plan.add("port", EndpointPort::on(&Label::new("bridge"), endpoint), "the container's link");
//!         Ok(plan)
//!     }
//!
//!     fn plan_publish(_: &Network, _: &Endpoint, _: &[PublishedPort]) -> Result<Plan, Refusal> {
//!         Err(Refusal::unsupported("publish", "mode plain cannot publish ports: leave out -p"))
//!     }
//! }
//!
//! guest_modes::export!(Plain);
//! ```
//!
//! `cargo build --target wasm32-unknown-unknown` gives a module that the driver takes as it is. The same crate builds
//! natively, where [`log`] prints to standard error: a mode's logic is tested with plain `cargo test`, on inputs from
//! `testing` (a feature). [`common`] plans what the built-in modes have in common, [`port`] what limits
//! containers' ports, [`segment`] what those of them
//! have that put containers on a layer 2 segment.

#[doc(hidden)]
pub mod bindings;
pub mod common;
pub mod log;
pub mod port;
pub mod segment;
#[cfg(feature = "testing")]
pub mod testing;

mod action;
mod address;
mod attributes;
mod export;
mod mac;
mod mode;
mod network;
mod plan;
mod refusal;
mod value;
mod wire;

pub use action::{
    Acl, Action, Attachment, Bridge, Custom, Datapath, Encapsulation, EndpointPort, Forward, HostPort, LoadBalancer,
    Localnet, LogicalNat, LogicalRouter, LogicalSwitch, Masquerade, Publish, Route, RouterPort, StaticRoute, Station,
    Tunnel, Uplink, Verdict,
};
pub use address::{Pool, same_family};
pub use attributes::Attributes;
#[doc(hidden)]
pub use export::Exported;
pub use ipnet::IpNet;
pub use mac::{InvalidMac, MacAddress};
pub use mode::Mode;
pub use network::{Endpoint, Network, Protocol, PublishedPort, Subnet};
pub use plan::{Label, Plan, Step};
pub use refusal::{Refusal, RefusalClass};
pub use value::{FromValue, Value};
