//! From a path to a call.

use std::convert::Infallible;
use std::sync::Arc;

use hyper::body::Incoming;
use hyper::{Method, Request};

use super::reply::{Rejected, Reply, rejected};
use super::{Server, body};
use crate::call::Call;
use crate::call::activate::Activate;
use crate::call::allocate_network::{AllocateNetwork, FreeNetwork};
use crate::call::delete_endpoint::DeleteEndpoint;
use crate::call::delete_network::DeleteNetwork;
use crate::call::discover::{DiscoverDelete, DiscoverNew};
use crate::call::endpoint_info::EndpointInfo;
use crate::call::external_connectivity::RevokeExternalConnectivity;
use crate::call::get_capabilities::GetCapabilities;
use crate::call::gw_alloc_check::GwAllocCheck;
use crate::call::ipam::address_spaces::AddressSpaces;
use crate::call::ipam::capabilities::IpamCapabilities;
use crate::call::ipam::release_pool::ReleasePool;
use crate::call::leave::Leave;
use crate::{
    CreateEndpoint, CreateNetwork, Join, Plugin, ProgramExternalConnectivity, ReleaseAddress, RequestAddress,
    RequestPool,
};

impl<D: Plugin> Server<D> {
    /// Answers one request, whatever it is.
    pub(super) async fn request(self: Arc<Self>, request: Request<Incoming>) -> Result<Reply, Infallible> {
        let path = request.uri().path().to_owned();
        Ok(self.route(request).await.unwrap_or_else(|why| {
            tracing::warn!(path, status = why.status().as_u16(), error = %why, "rejected a request");
            rejected(&why)
        }))
    }

    async fn route(self: Arc<Self>, request: Request<Incoming>) -> Result<Reply, Rejected> {
        let method = request.uri().path().strip_prefix('/').unwrap_or_default().to_owned();
        match method.as_str() {
            Activate::METHOD => self.call::<Activate>(request).await,
            GetCapabilities::METHOD => self.call::<GetCapabilities>(request).await,
            GwAllocCheck::METHOD => self.call::<GwAllocCheck>(request).await,
            AllocateNetwork::METHOD => self.call::<AllocateNetwork>(request).await,
            FreeNetwork::METHOD => self.call::<FreeNetwork>(request).await,
            CreateNetwork::METHOD => self.call::<CreateNetwork>(request).await,
            DeleteNetwork::METHOD => self.call::<DeleteNetwork>(request).await,
            CreateEndpoint::METHOD => self.call::<CreateEndpoint>(request).await,
            EndpointInfo::METHOD => self.call::<EndpointInfo>(request).await,
            DeleteEndpoint::METHOD => self.call::<DeleteEndpoint>(request).await,
            Join::METHOD => self.call::<Join>(request).await,
            Leave::METHOD => self.call::<Leave>(request).await,
            ProgramExternalConnectivity::METHOD => self.call::<ProgramExternalConnectivity>(request).await,
            RevokeExternalConnectivity::METHOD => self.call::<RevokeExternalConnectivity>(request).await,
            DiscoverNew::METHOD => self.call::<DiscoverNew>(request).await,
            DiscoverDelete::METHOD => self.call::<DiscoverDelete>(request).await,
            IpamCapabilities::METHOD => self.call::<IpamCapabilities>(request).await,
            AddressSpaces::METHOD => self.call::<AddressSpaces>(request).await,
            RequestPool::METHOD => self.call::<RequestPool>(request).await,
            ReleasePool::METHOD => self.call::<ReleasePool>(request).await,
            RequestAddress::METHOD => self.call::<RequestAddress>(request).await,
            ReleaseAddress::METHOD => self.call::<ReleaseAddress>(request).await,
            _ => Err(Rejected::Unknown { path: request.uri().path().to_owned() }),
        }
    }

    async fn call<C: Call>(self: Arc<Self>, request: Request<Incoming>) -> Result<Reply, Rejected> {
        if request.method() != Method::POST {
            return Err(Rejected::NotPosted { method: request.method().to_string() });
        }
        let body = body::read(request.into_body(), &self.limits).await?;
        let call = C::parse(&body).map_err(|problem| Rejected::Malformed { call: C::METHOD, problem })?;
        Ok(self.run(call).await)
    }
}
