//! What goes wrong on real hosts, one module for each thing that breaks, and then the invariant: nothing is left behind,
//! nothing that was running is lost, everything comes back by itself. Each test has a world of its own (see the `lab`
//! crate); related faults share one, since making it is what takes the time.

mod docker;
mod firewall;
mod forgotten;
mod killed;
mod neighbour;
mod ovn;
mod plugin;
mod security;
mod store;
mod switch;
