//! The guard, rule by rule, and against arbitrary plans: whatever is admitted touches only what it may.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod arbitrary;
mod arbitrary_logical;
mod asked;
mod bridge;
mod endpoint;
mod fixture;
mod logical;
mod logical_publish;
mod network;
mod publish;
mod reply;
mod sender;
mod shape;
mod shared;
mod stored;
mod succession;
mod tunnel;
mod uplink;
