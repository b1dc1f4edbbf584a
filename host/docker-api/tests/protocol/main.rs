//! The protocol as Docker sees it: a server in this process, a driver that only takes notes, and a client that speaks as
//! Docker's does.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod answers;
mod bad_input;
mod client;
mod fake;
mod lab;
mod mangled;
mod recorded;
mod time;
