//! What an address management driver does, as Docker asks for it.

use std::future::Future;

use ipnet::IpNet;

use crate::{Context, NetworkDriver, PoolId, Refusal, ReleaseAddress, RequestAddress, RequestPool, RequestedPool};

/// The calls of an address management driver.
///
/// What [`NetworkDriver`] says of calls holds for these, too. Docker shows users the errors of requests; it only logs those
/// of releases, and forgets the pool or the address all the same.
pub trait IpamDriver: Send + Sync + 'static {
    /// Gives a network a pool, which it names by the id from then on. Each request has an id of its own.
    fn request_pool(
        &self,
        context: Context,
        request: RequestPool,
    ) -> impl Future<Output = Result<RequestedPool, Refusal>> + Send;

    /// Takes a pool back, and all that was given of it; an unknown one is a success.
    fn release_pool(&self, context: Context, pool: PoolId) -> impl Future<Output = Result<(), Refusal>> + Send;

    /// Gives an address of a pool, with the pool's prefix length.
    fn request_address(
        &self,
        context: Context,
        request: RequestAddress,
    ) -> impl Future<Output = Result<IpNet, Refusal>> + Send;

    /// Takes an address back; one that was not given is a success.
    fn release_address(
        &self,
        context: Context,
        request: ReleaseAddress,
    ) -> impl Future<Output = Result<(), Refusal>> + Send;
}

/// What [`serve`](crate::serve) serves: both kinds of driver in one.
pub trait Plugin: NetworkDriver + IpamDriver {}

impl<D: NetworkDriver + IpamDriver> Plugin for D {}
