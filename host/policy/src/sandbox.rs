//! The sandbox: an engine, its limits, and the calls.

use plan::{Endpoint, Network, Plan, PublishedPort};

use crate::{Limits, Loaded, Verdict};

/// Runs modes. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Sandbox {
    limits: Limits,
}

/// Where a sandbox cannot be set up at all.
#[derive(Debug, thiserror::Error)]
#[error("the WebAssembly engine does not start: {0}")]
pub struct SandboxError(String);

impl Sandbox {
    /// Sets up an engine: pooled, and where the address space for that is missing, on demand (logged as a warning).
    ///
    /// # Errors
    ///
    /// Where neither can be had.
    pub fn new(limits: Limits, compiler: crate::Compiler) -> Result<Self, SandboxError> {
        let _ = compiler;
        Ok(Self { limits })
    }

    /// What has to exist for a network itself. Runs on the blocking pool: needs a tokio runtime.
    ///
    /// # Errors
    ///
    /// The mode's refusal, or its fault.
    pub async fn plan_network(&self, mode: &Loaded, network: &Network) -> Result<Plan, Verdict> {
        let _ = (mode, network, &self.limits);
        todo!()
    }

    /// What has to exist for one endpoint.
    ///
    /// # Errors
    ///
    /// The mode's refusal, or its fault.
    pub async fn plan_endpoint(&self, mode: &Loaded, network: &Network, endpoint: &Endpoint) -> Result<Plan, Verdict> {
        let _ = (mode, network, endpoint);
        todo!()
    }

    /// What has to exist for the ports an endpoint publishes.
    ///
    /// # Errors
    ///
    /// The mode's refusal, or its fault.
    pub async fn plan_publish(
        &self,
        mode: &Loaded,
        network: &Network,
        endpoint: &Endpoint,
        ports: &[PublishedPort],
    ) -> Result<Plan, Verdict> {
        let _ = (mode, network, endpoint, ports);
        todo!()
    }
}
