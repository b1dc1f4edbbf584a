//! Docker's remote driver protocol for networks and their addresses: HTTP on a unix socket in, typed calls out.
//!
//! [`serve`] answers the daemon on a listener that the caller has bound, and hands every call, parsed and checked, to a
//! [`NetworkDriver`] that is an [`IpamDriver`], too. Everything that is only protocol lives here: the routes, the JSON with its habits, limits and
//! deadlines, the draining at shutdown, and the one place where an error becomes Docker's `Err` ([`Refusal`]).
//!
//! It is not a driver: it keeps nothing between calls and knows nothing of networks but how Docker writes them down. So
//! the protocol is tested without a driver, and the driver without a socket.

mod call;
mod context;
mod driver;
mod ipam_driver;
mod limits;
mod malformed;
mod refusal;
mod server;
mod value;

pub use call::create_endpoint::{CreateEndpoint, CreatedEndpoint};
pub use call::create_network::CreateNetwork;
pub use call::discover::{Discovery, DiscoveryChange};
pub use call::external_connectivity::ProgramExternalConnectivity;
pub use call::gw_alloc_check::GatewaySkip;
pub use call::ipam::release_address::ReleaseAddress;
pub use call::ipam::request_address::RequestAddress;
pub use call::ipam::request_pool::{RequestPool, RequestedPool};
pub use call::join::{InterfaceName, Join, Joined, StaticRoute};
pub use context::Context;
pub use driver::NetworkDriver;
pub use ipam_driver::{IpamDriver, Plugin};
pub use limits::Limits;
pub use refusal::Refusal;
pub use server::{Drained, serve};
pub use value::address_data::AddressData;
pub use value::endpoint_options::EndpointOptions;
pub use value::id::{EndpointId, EndpointRef, NetworkId};
pub use value::mac::{MacAddress, NotAMac};
pub use value::network_options::NetworkOptions;
pub use value::pool_id::{NotAPoolId, PoolId};
pub use value::port::{ExposedPort, PortBinding, Protocol};

/// What this driver calls its address space: a network that is told of it has its addresses of this driver's own pools.
pub const ADDRESS_SPACE: &str = "docker-ovs";
