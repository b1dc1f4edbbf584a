//! The firewall with real packets, in network namespaces of the tests' own.

mod beside_docker;
mod conntrack;
mod damage;
mod flush;
mod isolation;
mod lifecycle;
mod publish;
mod world;
