//! The client against a real ovsdb-server, started for each test in a folder of its own.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test, in helper functions too")]

mod cluster;
mod copy;
mod examples;
mod sessions;
mod support;
mod tls;
mod transactions;
mod values;
