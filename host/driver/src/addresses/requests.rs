//! Docker's requests for pools and addresses.

use std::net::IpAddr;

use docker_api::{Context, IpamDriver, PoolId, Refusal, ReleaseAddress, RequestAddress, RequestPool, RequestedPool};
use ipam::{Vrf, Wanted, WantedPool};
use ipnet::IpNet;
use plumbing::Dataplane;

use super::routes;
use crate::Driver;
use crate::record::EndpointState;

/// The option of `--ipam-opt`.
const VRF: &str = "vrf";

/// A key of `--ipam-opt` that means nothing.
#[derive(Debug, thiserror::Error)]
#[error("no ipam option {0}: there is {VRF}")]
struct UnknownOption(String);

impl<D: Dataplane> IpamDriver for Driver<D> {
    async fn request_pool(&self, context: Context, request: RequestPool) -> Result<RequestedPool, Refusal> {
        if let Some(unknown) = request.options.keys().find(|key| *key != VRF) {
            return Err(UnknownOption(unknown.clone()).into());
        }
        let vrf = match request.options.get(VRF) {
            Some(name) => name.parse()?,
            None => Vrf::default_one(),
        };
        let avoid = if request.pool.is_none() { routes::destinations() } else { Vec::new() };
        let wanted = WantedPool { vrf, subnet: request.pool, range: request.range, v6: request.v6, avoid };
        let id = self.ipam.request_pool(&wanted, context.deadline).await?;
        tracing::info!(pool = %id, "pool claimed");
        Ok(RequestedPool { id: id.to_string(), subnet: id.key.subnet })
    }

    async fn release_pool(&self, context: Context, pool: PoolId) -> Result<(), Refusal> {
        // One that is not ours was never given: there is nothing to take back.
        if let Ok(id) = pool.as_str().parse() {
            self.ipam.release_pool(&id, context.deadline).await;
        }
        Ok(())
    }

    async fn request_address(&self, context: Context, request: RequestAddress) -> Result<IpNet, Refusal> {
        let id = request.pool.as_str().parse()?;
        Ok(self.ipam.request_address(&id, &self.wanted(&request), context.deadline).await?)
    }

    async fn release_address(&self, context: Context, request: ReleaseAddress) -> Result<(), Refusal> {
        if let Ok(id) = request.pool.as_str().parse() {
            self.ipam.release_address(&id, request.address, context.deadline).await;
        }
        Ok(())
    }
}

impl<D: Dataplane> Driver<D> {
    /// Who wants an address. Only endpoints have an Ethernet address, since the driver announced that it needs one.
    fn wanted(&self, request: &RequestAddress) -> Wanted {
        let mac = request.mac.map(|mac| mac.to_string());
        match request.address {
            address if request.gateway => Wanted::Gateway { address },
            Some(address) if mac.is_none() => Wanted::Auxiliary { address },
            address => {
                let again = address.is_none_or(|address| !self.is_used(address, mac.as_deref()));
                Wanted::Endpoint { address, mac, again }
            }
        }
    }

    /// Whether an endpoint has an address under this Ethernet address.
    pub(crate) fn is_used(&self, address: IpAddr, mac: Option<&str>) -> bool {
        self.state.endpoints().iter().any(|record| {
            record.state != EndpointState::Removing
                && record.endpoint.addresses.iter().any(|held| held.addr() == address)
                && mac.is_none_or(|mac| record.endpoint.mac.to_string() == mac)
        })
    }
}
