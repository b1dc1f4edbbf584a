//! Address management, as far as the driver's own networks matter to it: Docker's requests, and what Docker forgot to give
//! back. The pools themselves are `ipam`'s.

mod lost;
mod requests;
mod routes;

pub(crate) use lost::Unused;

/// Where this host's pools are.
#[derive(Debug, Default)]
pub struct Addresses {
    /// The host's name, for people who see its claims on another one.
    pub host: String,
    /// The northbound database that hosts share pools by; none: every host has its own.
    pub northbound: Option<ipam::Northbound>,
}
