//! A client for OpenFlow 1.3 (version 1.3.5 of the specification; sections are named where a layout comes from it), as far as
//! an Open vSwitch bridge's own management socket needs it: flows, meters, and the numbers of ports.
//!
//! A [`Connection`] goes to one bridge. What is to be changed is sent as one batch that ends in a barrier, so that an answer
//! means that all of it was done, and an error says which change the switch refused and why.
//!
//! ```no_run
//! # async fn example() -> Result<(), openflow::Error> {
//! use openflow::{Action, Change, Connection, Field, Flow, FlowFilter, Instruction};
//! use std::time::Duration;
//! use tokio::time::Instant;
//!
//! let deadline = Instant::now() + Duration::from_secs(5);
//! let bridge = Connection::open("/run/openvswitch/br0.mgmt".as_ref(), deadline).await?;
//! let port = bridge.ports(deadline).await?.into_iter().find(|port| port.name == "veth1");
//! let number = port.map_or(1, |port| port.number);
//! let flow = Flow {
//!     table: 0,
//!     priority: 10,
//!     cookie: 7,
//!     fields: vec![Field::InPort(number), Field::EthSrc([2, 0, 0, 0, 0, 1])],
//!     instructions: vec![Instruction::Apply(vec![Action::Output(2)])],
//! };
//! let old = FlowFilter::of(vec![Field::InPort(number)]);
//! bridge.change(&[Change::DeleteFlows(old.clone()), Change::AddFlow(flow.clone())], deadline).await?;
//! assert_eq!(bridge.flows(&old, deadline).await?, [flow]);
//! # Ok(()) }
//! ```
//!
//! # What it is not
//!
//! No controller: nothing is asked about packets, and what the switch says unasked is not looked at. No groups, no bundles,
//! no fields and actions but those that are used here: a flow that has others reads as [`Field::Other`] and
//! [`Action::Other`], and equals none of ours.

mod action;
mod change;
mod connection;
mod error;
mod field;
mod flow;
mod meter;
mod port;
mod refusal;
mod wire;

pub use action::{Action, Instruction};
pub use change::Change;
pub use connection::Connection;
pub use error::Error;
pub use field::Field;
pub use flow::{Flow, FlowFilter};
pub use meter::Meter;
pub use port::Port;
pub use refusal::Refusal;
