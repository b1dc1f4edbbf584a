//! The client against a real ovsdb-server, started for each test in a folder of its own.

mod cluster;
mod copy;
mod sessions;
mod support;
mod tls;
mod transactions;
mod values;
