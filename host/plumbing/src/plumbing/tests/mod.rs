//! The plumbing on a real Open vSwitch, in a network namespace of the test's own.

mod bridges;
mod central;
mod changes;
mod containers;
mod faults;
mod guards;
mod host;
mod logical;
mod outages;
mod ports;
mod routes;
mod rules;
mod scale;
mod secured;
mod switch;
mod tunnel_end;
mod tunnels;
