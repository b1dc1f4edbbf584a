//! The rows of plans in a real northbound database, alone and as many hosts at once.

mod claims;
mod cluster;
mod northbound;
mod races;
mod outside;
