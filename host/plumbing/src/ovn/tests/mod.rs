//! The rows of plans in a real northbound database, alone and as many hosts at once.

#[path = "../../../../ovsdb/tests/it/support/certs.rs"]
mod certs;
mod claims;
mod cluster;
mod northbound;
mod outside;
mod races;
mod stations;
mod tls;
