//! The client against a real ovs-vswitchd, with ports that need no links.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod connections;
mod flows;
mod peer;
mod switch;
