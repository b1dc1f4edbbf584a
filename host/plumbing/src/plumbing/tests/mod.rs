//! The plumbing on a real Open vSwitch, in a network namespace of the test's own.

mod bridges;
mod changes;
mod containers;
mod faults;
mod host;
mod ports;
mod rules;
mod scale;
mod switch;
