//! The client against a real ovsdb-server, started for each test in a folder of its own.

mod support;
mod values;
